"""The people with stories."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from demo.people.person import Person, Story, identity_code, phone


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
            "Lasten toinen huoltaja. Hän maksaa varhaiskasvatuksen maksut ja käy uimassa maanantaisin.",
            "Barnens andra vårdnadshavare. Han betalar avgifterna för småbarnspedagogiken och simmar på måndagar.",
            "The children's other guardian. He pays the early education fees and swims on Mondays.",
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
            "Opiskelija, joka muutti Turusta elokuussa. Hänellä on kirjastokortti ja vuoro varattuna kuntosalille.",
            "Studerande som flyttade från Åbo i augusti. Han har ett lånekort och har bokat tid på gymmet.",
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
            "Eläkkeellä oleva uimari. Hän käy uimahallissa kolmesti viikossa ja on ilmoittautunut kahdelle kurssille.",
            "Pensionerad simmare. Hon går till simhallen tre gånger i veckan och är anmäld till två kurser.",
            "A retired swimmer. She goes to the pool three times a week and has signed up for two courses.",
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
            "Muutti Suomeen keväällä ja lukee englantia. Hän on hakenut lapselleen päiväkotipaikkaa.",
            "Flyttade till Finland i våras och läser engelska. Hon har sökt daghemsplats åt sitt barn.",
            "Moved to Finland in spring and reads English. She has applied for a day-care place for her child.",
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
            "Kaksivuotias, joka odottaa päiväkotipaikkaa. Äiti hoitaa hänen asioitaan.",
            "Tvååring som väntar på en daghemsplats. Hans mamma sköter hans ärenden.",
            "Two years old and waiting for a day-care place. His mother acts for him.",
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
    _Pin(
        "tarmo",
        "Tarmo Juhani",
        "Oppila",
        date(1981, 3, 22),
        933,
        "Y",
        "fi",
        "Näytekuja 5 A 8",
        "02630",
        Story(
            "Työtä hakeva kokki, joka opiskelee ruotsia työväenopistossa. Hänellä on maksamaton kirjastomaksu.",
            "En kock som söker jobb och läser svenska vid arbetarinstitutet. Han har en obetald biblioteksavgift.",
            "A cook looking for work who studies Swedish at the adult education centre. He has an unpaid library fee.",
        ),
    ),
)


def pinned() -> Iterator[Person]:
    """Those with stories, in the order the sign-in page shows them."""
    for number, pin in enumerate(_PINS):
        yield Person(
            slug=pin.slug,
            identity_code=identity_code(pin.born, pin.number, sign=pin.sign),
            given_names=pin.given,
            family_name=pin.family,
            born=pin.born,
            language=pin.language,
            street=pin.street,
            postal_code=pin.postal,
            phone=phone(number),
            email=f"{pin.slug}@asukas.espoo.example",
            story=pin.story,
            protected=pin.protected,
            guardians=pin.guardians,
            children=pin.children,
        )
