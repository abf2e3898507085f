"""Everyone: the pinned people and a seeded crowd, a thousand in all."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

from demo.people.person import SIGNS, Person, identity_code
from demo.people.stories import pinned

HOW_MANY = 1000
_BASE = date(2026, 11, 1)
_GIVEN_FI = [
    "Anna",
    "Eeva",
    "Elina",
    "Emilia",
    "Hanna",
    "Helena",
    "Iida",
    "Inka",
    "Jenni",
    "Johanna",
    "Kaisa",
    "Laura",
    "Leena",
    "Liisa",
    "Maija",
    "Mari",
    "Minna",
    "Niina",
    "Noora",
    "Outi",
    "Päivi",
    "Riikka",
    "Saara",
    "Sanna",
    "Satu",
    "Sari",
    "Tiina",
    "Tuula",
    "Ulla",
    "Venla",
    "Antti",
    "Arto",
    "Eero",
    "Eetu",
    "Harri",
    "Heikki",
    "Ilkka",
    "Jaakko",
    "Jari",
    "Juha",
    "Jukka",
    "Kalle",
    "Kari",
    "Kimmo",
    "Lauri",
    "Leo",
    "Markku",
    "Matti",
    "Mika",
    "Niko",
    "Oskari",
    "Pekka",
    "Petri",
    "Risto",
    "Sami",
    "Seppo",
    "Tapio",
    "Teemu",
    "Timo",
    "Toni",
    "Tuomas",
    "Veli",
    "Ville",
]
_GIVEN_SV = [
    "Agneta",
    "Birgitta",
    "Camilla",
    "Ebba",
    "Elsa",
    "Fredrik",
    "Gunilla",
    "Göran",
    "Henrik",
    "Ida",
    "Johan",
    "Kerstin",
    "Lars",
    "Linnéa",
    "Magnus",
    "Ulrika",
]
_GIVEN_OTHER = [
    "Abdi",
    "Aleksei",
    "Anastasia",
    "Chen",
    "Dilnoza",
    "Fatima",
    "Ivan",
    "Kofi",
    "Layla",
    "Linh",
    "Mohammed",
    "Natalia",
    "Olena",
    "Priya",
    "Raj",
    "Yusuf",
]
_FAMILY_FI = [
    "Aalto",
    "Aho",
    "Aro",
    "Halme",
    "Harju",
    "Heino",
    "Hiltula",
    "Honkala",
    "Jokela",
    "Kallio",
    "Kankare",
    "Karjala",
    "Kataja",
    "Keto",
    "Koivu",
    "Korpela",
    "Koski",
    "Kuusela",
    "Laakso",
    "Lampi",
    "Lehto",
    "Lepistö",
    "Luoto",
    "Malmi",
    "Manner",
    "Metsälä",
    "Mäkelä",
    "Niemelä",
    "Niittylä",
    "Nurmi",
    "Oja",
    "Pelto",
    "Pihlaja",
    "Pohjola",
    "Rautio",
    "Rinne",
    "Saarela",
    "Salmi",
    "Salo",
    "Savela",
    "Suomela",
    "Tammi",
    "Toivola",
    "Uusitalo",
    "Vainio",
    "Valli",
    "Viita",
    "Virta",
    "Vuori",
]
_FAMILY_SV = [
    "Ahlbäck",
    "Berglund",
    "Dahl",
    "Ekholm",
    "Forsman",
    "Granvik",
    "Holmlund",
    "Lindroos",
    "Nyman",
    "Sjöberg",
    "Strand",
    "Sundqvist",
    "Öhman",
]
_FAMILY_OTHER = [
    "Ahmed",
    "Ali",
    "Chowdhury",
    "Ivanov",
    "Kaur",
    "Kovalenko",
    "Nguyen",
    "Omar",
    "Petrov",
    "Sharma",
    "Smith",
    "Tran",
    "Wang",
    "Yilmaz",
]
_STREETS = [
    "Esimerkkitie",
    "Mallikatu",
    "Koepolku",
    "Näytekuja",
    "Harjoitustie",
    "Kokeilukatu",
    "Mallimetsäntie",
    "Esittelykuja",
]
_POSTAL = ("02100", "02150", "02200", "02230", "02320", "02600", "02630", "02650", "02730", "02770", "02780", "02920")


def _born(dice: random.Random) -> date:
    return _BASE - timedelta(days=dice.randint(120, 92 * 365))


def _names(dice: random.Random, language: str) -> tuple[str, str]:
    given, family = {
        "fi": (_GIVEN_FI, _FAMILY_FI),
        "sv": (_GIVEN_SV, _FAMILY_SV),
    }.get(language, (_GIVEN_OTHER, _FAMILY_OTHER))
    return " ".join(dice.sample(given, 2)), dice.choice(family)


def _crowd(taken: set[str]) -> Iterator[Person]:
    dice = random.Random(1958)
    number = 0
    while True:
        number += 1
        language = dice.choices(("fi", "sv", "en"), weights=(74, 7, 19))[0]
        given, family = _names(dice, language)
        born = _born(dice)
        code = identity_code(born, dice.randint(900, 999), sign=dice.choice(SIGNS[born.year // 100]))
        if code in taken:
            continue
        taken.add(code)
        yield Person(
            slug=f"p{number:04d}",
            identity_code=code,
            given_names=given,
            family_name=family,
            born=born,
            language=language,
            street=f"{dice.choice(_STREETS)} {dice.randint(1, 60)} {dice.choice('ABCD')} {dice.randint(1, 50)}",
            postal_code=dice.choice(_POSTAL),
            phone=f"0457 556 {number:04d}",
            email=f"p{number:04d}@asukas.espoo.example",
            protected=dice.random() < 0.004,
        )


@cache
def everyone() -> tuple[Person, ...]:
    """A thousand people, the pinned ones first."""
    people = list(pinned())
    crowd = _crowd({person.identity_code for person in people})
    while len(people) < HOW_MANY:
        people.append(next(crowd))
    return tuple(people)
