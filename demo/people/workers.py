"""Made-up staff of the demo's city."""

from dataclasses import dataclass, field
from datetime import date

from demo.people.person import Story, identity_code


@dataclass(frozen=True)
class StaffPerson:
    """`departments` are slugs of the catalogue, `*` for all; `groups` are names of the back office's groups."""

    slug: str
    identity_code: str = field(repr=False)
    name: str
    departments: tuple[str, ...]
    groups: tuple[str, ...]
    story: Story


_STAFF = (
    StaffPerson(
        "keeper-early",
        identity_code(date(1980, 4, 2), 951, sign="-"),
        "Kirsi Kasvattaja",
        ("early-education",),
        ("keeper",),
        Story(
            "Varhaiskasvatuksen rekisterin vastuuhenkilö.",
            "Ansvarig för småbarnspedagogikens register.",
            "Keeper of the early education register.",
        ),
    ),
    StaffPerson(
        "keeper-library",
        identity_code(date(1979, 8, 19), 953, sign="-"),
        "Lasse Lukija",
        ("library",),
        ("keeper",),
        Story(
            "Kirjaston rekisterin vastuuhenkilö.",
            "Ansvarig för bibliotekets register.",
            "Keeper of the library register.",
        ),
    ),
    StaffPerson(
        "desk",
        identity_code(date(1984, 10, 30), 961, sign="-"),
        "Pirkko Palvelija",
        ("early-education", "library", "sports"),
        ("desk",),
        Story(
            "Palveluneuvoja asiointipisteessä. Hän kirjaa vastauksia niiden puolesta, jotka eivät asioi verkossa.",
            "Servicerådgivare på en servicepunkt. Hon antecknar svar åt dem som inte använder nättjänsten.",
            "Adviser at a service point. She writes down answers for people who cannot use the service online.",
        ),
    ),
    StaffPerson(
        "dpo",
        identity_code(date(1972, 1, 28), 957, sign="-"),
        "Tiina Tarkka",
        ("*",),
        ("dpo",),
        Story(
            "Tietosuojavastaava. Hän hyväksyy tekstit ja näkee lokin.",
            "Dataskyddsombud. Hon godkänner texterna och ser loggen.",
            "Data protection officer. She approves texts and sees the log.",
        ),
    ),
    StaffPerson(
        "auditor",
        identity_code(date(1968, 6, 6), 959, sign="-"),
        "Arvid Granskare",
        ("*",),
        ("auditor",),
        Story("Tarkastaja. Hän vain lukee.", "Revisor. Han bara läser.", "Auditor. He only reads."),
    ),
)


def staff() -> tuple[StaffPerson, ...]:
    """Five who work for the city."""
    return _STAFF
