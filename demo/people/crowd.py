"""Everyone: the pinned people and a seeded crowd, a thousand in all."""

import random
import tomllib
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from demo.people.person import SIGNS, Person, identity_code, phone
from demo.people.stories import pinned

HOW_MANY = 1000
_BASE = date(2026, 11, 1)
_NAMES = tomllib.loads(Path(__file__).with_name("names.toml").read_text(encoding="utf-8"))
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
    names = {kind: text.split() for kind, text in _NAMES[language].items()}
    return " ".join(dice.sample(names[dice.choice(("women", "men"))], 2)), dice.choice(names["families"])


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
        street = f"{dice.choice(_STREETS)} {dice.randint(1, 60)} {dice.choice('ABCD')} {dice.randint(1, 50)}"
        postal_code, protected = dice.choice(_POSTAL), dice.random() < 0.004
        yield Person(
            slug=f"p{number:04d}",
            identity_code=code,
            given_names=given,
            family_name=family,
            born=born,
            language=language,
            # A protected address is nowhere, here neither.
            street="" if protected else street,
            postal_code="" if protected else postal_code,
            phone=phone(len(taken) - 1),
            email=f"p{number:04d}@asukas.espoo.example",
            protected=protected,
        )


@cache
def everyone() -> tuple[Person, ...]:
    """A thousand people, the pinned ones first."""
    people = list(pinned())
    crowd = _crowd({person.identity_code for person in people})
    while len(people) < HOW_MANY:
        people.append(next(crowd))
    return tuple(people)
