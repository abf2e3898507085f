"""The people with stories."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from demo.people.person import Person, Story, identity_code


@dataclass(frozen=True)
class _Pin:
    slug: str
    given: str
    family: str
    born: date
    number: int
    sign: str
    language: str
    street: str
    postal: str
    story: Story
    protected: bool = False
    guardians: tuple[str, ...] = ()
    children: tuple[str, ...] = ()


_PINS = (
    _Pin(
        "aino",
        "Aino Maria",
        "Mallila",
        date(1988, 5, 14),
        902,
        "-",
        "fi",
        "Esimerkkikuja 4 B 12",
        "02100",
        Story(
            "Kahden lapsen äiti. Lapset ovat päiväkodissa, ja perhe lainaa paljon kirjoja.",
            "Mamma till två barn. Barnen går på daghem, och familjen lånar många böcker.",
            "Mother of two. The children are in day care, and the family borrows many books.",
        ),
        children=("eino", "helmi"),
    ),
    _Pin(
        "mikael",
        "Mikael Johannes",
        "Mallila",
        date(1986, 11, 2),
        903,
        "Y",
        "fi",
        "Esimerkkikuja 4 B 12",
        "02100",
        Story(
            "Lasten toinen huoltaja. Maksaa varhaiskasvatuksen laskut ja käy uimassa maanantaisin.",
            "Barnens andra vårdnadshavare. Betalar dagvårdsavgifterna och simmar på måndagar.",
            "The children's other guardian. Pays the early education fees and swims on Mondays.",
        ),
        children=("eino", "helmi"),
    ),
    _Pin(
        "eino",
        "Eino Antero",
        "Mallila",
        date(2020, 3, 9),
        905,
        "A",
        "fi",
        "Esimerkkikuja 4 B 12",
        "02100",
        Story(
            "Kuusivuotias esiopetuksessa. Huoltajat hoitavat hänen asioitaan.",
            "Sexåring i förskoleundervisningen. Vårdnadshavarna sköter hans ärenden.",
            "Six years old, in pre-primary education. His guardians act for him.",
        ),
        guardians=("aino", "mikael"),
    ),
    _Pin(
        "helmi",
        "Helmi Sofia",
        "Mallila",
        date(2022, 8, 21),
        906,
        "B",
        "fi",
        "Esimerkkikuja 4 B 12",
        "02100",
        Story(
            "Nelivuotias päiväkotilainen. Huoltajat hoitavat hänen asioitaan.",
            "Fyraåring på daghem. Vårdnadshavarna sköter hennes ärenden.",
            "Four years old, in day care. Her guardians act for her.",
        ),
        guardians=("aino", "mikael"),
    ),
    _Pin(
        "otso",
        "Otso Kalervo",
        "Turunen",
        date(2004, 1, 30),
        911,
        "C",
        "fi",
        "Mallipolku 7 A 3",
        "02150",
        Story(
            "Opiskelija, joka muutti Turusta elokuussa. Hänellä on kirjastokortti ja varaus kuntosalille.",
            "Studerande som flyttade från Åbo i augusti. Han har lånekort och en bokning i gymmet.",
            "A student who moved from Turku in August. He has a library card and a gym booking.",
        ),
    ),
    _Pin(
        "raili",
        "Raili Inkeri",
        "Uimonen",
        date(1951, 9, 17),
        914,
        "-",
        "fi",
        "Rantamalli 2 C 20",
        "02320",
        Story(
            "Eläkkeellä oleva uimari. Hän käy vesijumpassa ja uimahallissa kolmesti viikossa.",
            "Pensionerad simmare. Hon går på vattengymnastik och i simhallen tre gånger i veckan.",
            "A retired swimmer. She goes to water exercise and the pool three times a week.",
        ),
    ),
    _Pin(
        "amira",
        "Amira",
        "Haddad",
        date(1993, 6, 25),
        917,
        "X",
        "en",
        "Koetie 11 D 45",
        "02600",
        Story(
            "Muutti Suomeen keväällä ja lukee englantia. Lapsi hakee varhaiskasvatukseen.",
            "Flyttade till Finland i våras och läser engelska. Barnet söker till småbarnspedagogik.",
            "Moved to Finland in spring and reads English. Her child is applying for early education.",
        ),
        children=("sami",),
    ),
    _Pin(
        "sami",
        "Sami",
        "Haddad",
        date(2023, 12, 5),
        919,
        "D",
        "en",
        "Koetie 11 D 45",
        "02600",
        Story(
            "Kaksivuotias, jolle haetaan päiväkotipaikkaa.",
            "Tvååring som söker daghemsplats.",
            "Two years old, applying for a day-care place.",
        ),
        guardians=("amira",),
    ),
    _Pin(
        "bjorn",
        "Björn Erik",
        "Exempelby",
        date(1975, 2, 8),
        921,
        "W",
        "sv",
        "Modellgränden 9",
        "02780",
        Story(
            "Ruotsinkielinen veneilijä. Hänellä on venepaikka ja paljon varauksia kirjastossa.",
            "Svenskspråkig båtägare. Han har en båtplats och många reservationer på biblioteket.",
            "A Swedish-speaking boat owner. He has a berth and many holds at the library.",
        ),
    ),
    _Pin(
        "tuuli",
        "Tuuli Anneli",
        "Suojala",
        date(1984, 7, 3),
        924,
        "V",
        "fi",
        "",
        "",
        Story(
            "Hänen osoitettaan ei näytetä missään. Hänellä on kirjastokortti.",
            "Hennes adress visas ingenstans. Hon har ett lånekort.",
            "Her address is shown nowhere. She has a library card.",
        ),
        protected=True,
    ),
    _Pin(
        "veikko",
        "Veikko Olavi",
        "Tyhjälä",
        date(1969, 12, 12),
        927,
        "U",
        "fi",
        "Malliraitti 1",
        "02920",
        Story(
            "Yhdistetyissä rekistereissä ei ole hänestä mitään. Sekin on tieto.",
            "De anslutna registren har inga uppgifter om honom. Också det är en uppgift.",
            "The connected registers hold nothing about him. That, too, is an answer.",
        ),
    ),
    _Pin(
        "lempi",
        "Lempi Katariina",
        "Vanhala",
        date(1899, 10, 1),
        930,
        "+",
        "fi",
        "Mummonmalli 3 A 1",
        "02230",
        Story(
            "Vanhin asukas, jonka henkilötunnuksessa on plusmerkki. Hän kuuntelee äänikirjoja.",
            "Den äldsta invånaren, med plustecken i personbeteckningen. Hon lyssnar på ljudböcker.",
            "The oldest resident, with a plus sign in her identity code. She listens to audio books.",
        ),
    ),
)


def pinned() -> Iterator[Person]:
    """Those with stories, in the order the sign-in page shows them."""
    for number, pin in enumerate(_PINS, start=1):
        year = pin.born.replace(year=1899) if pin.sign == "+" else pin.born
        yield Person(
            slug=pin.slug,
            identity_code=identity_code(year, pin.number, sign=pin.sign),
            given_names=pin.given,
            family_name=pin.family,
            born=pin.born,
            language=pin.language,
            street=pin.street,
            postal_code=pin.postal,
            phone=f"0457 555 {1000 + number}",
            email=f"{pin.slug}@asukas.espoo.example",
            story=pin.story,
            protected=pin.protected,
            guardians=pin.guardians,
            children=pin.children,
        )
