"""What early education holds about the made-up families, row by row."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import count
from typing import Any

from psycopg.types.json import Jsonb

from demo.people import Person, everyone

TABLES = (
    "care_area", "unit", "daycare_group", "guardian", "child", "guardianship", "application", "placement",
    "group_placement", "service_need", "decision", "attendance", "absence", "income", "fee_decision",
    "fee_decision_child", "staff_note",
)  # fmt: skip
_TODAY = date(2026, 11, 20)
_UNITS = (
    ("Pikkumallin päiväkoti", "fi"),
    ("Esimerkkimetsän päiväkoti", "fi"),
    ("Daghemmet Modellen", "sv"),
    ("Näyterannan päiväkoti", "fi"),
    ("Koepellon päiväkoti", "fi"),
    ("Daghemmet Provet", "sv"),
)
_WAITING = {"sami"}
_DAYS_SHOWN = 21
Rows = dict[str, list[tuple[Any, ...]]]


@dataclass(frozen=True)
class Family:
    """Those who have a child here, or had: fee decisions are kept for ten years (1503/2016)."""

    guardians: list[Person]
    children: list[Person]


def families() -> Iterator[Family]:
    """The pinned families, and the crowd's children under twelve with grown-ups drawn for them."""
    people = {person.slug: person for person in everyone()}
    yield Family([people["aino"], people["mikael"]], [people["eino"], people["helmi"]])
    yield Family([people["amira"]], [people["sami"]])
    crowd = [person for person in everyone() if person.story is None]
    children = [person for person in crowd if 1 <= _age(person) < 12]
    grown = [person for person in crowd if 26 <= _age(person) < 52]
    dice = random.Random(7)
    dice.shuffle(grown)
    children.sort(key=lambda child: child.born)
    while children:
        mine, children = children[:2], children[2:]
        yield Family([grown.pop(), grown.pop()], mine)
    for guardian in grown[:60]:
        yield Family([guardian], [])


def _age(person: Person) -> float:
    return (_TODAY - person.born).days / 365.25


def _at(day: date, hour: int, minute: int) -> datetime:
    return datetime.combine(day, time(hour, minute), tzinfo=UTC)


@dataclass
class _Books:
    """The rows so far, and the next number."""

    rows: Rows = field(default_factory=lambda: {name: [] for name in TABLES})
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def add(self, table: str, *values: Any) -> int:
        """Write a row under the next number, and tell the number."""
        number = next(self.numbers)
        self.rows[table].append((number, *values))
        return number


@cache
def all_rows() -> Rows:
    """{table: rows}, columns in the order of `early_education.sql`."""
    books = _Books()
    books.rows["care_area"] = [(1, "Länsi"), (2, "Itä")]
    books.rows["unit"] = [
        (n, 1 + n % 2, name, language, f"Mallikatu {n}", f"045 0000 100{n}")
        for n, (name, language) in enumerate(_UNITS, 1)
    ]
    books.rows["daycare_group"] = [(n, n, f"Ryhmä {n}") for n in range(1, len(_UNITS) + 1)]
    for family in families():
        _family(books, family)
    return books.rows


def _family(books: _Books, family: Family) -> None:
    dice = random.Random(f"early {family.guardians[0].slug}")
    guardians = [_guardian(books, who) for who in family.guardians]
    payer, size = guardians[-1], len(guardians) + max(1, len(family.children))
    monthly, effect = dice.randrange(180_000, 620_000, 100), dice.choice(("INCOME", "INCOME", "MAX_FEE"))
    for year in (2025, 2026):
        ends = date(year, 12, 31) if year < _TODAY.year else None
        asked = _at(date(year, 1, 15), 10, 0)
        books.add("income", payer, date(year, 1, 1), ends, monthly + 12_000 * (year - 2025), effect, asked)
    if not family.children:
        _fee(books, payer, None, date(2023, 8, 1), date(2024, 7, 31), size, 18_300)
    for who in family.children:
        diet = dice.choice(("", "", "VEGETARIAN", "LACTOSE_FREE"))
        names = (who.identity_code, who.given_names, who.family_name, who.born)
        child = books.add("child", *names, None, diet or None, None)
        books.rows["guardianship"].extend((guardian, child) for guardian in guardians)
        _child(books, dice, who, child, guardians, size)


def _guardian(books: _Books, who: Person) -> int:
    return books.add(
        "guardian", who.identity_code, who.given_names, who.family_name, who.street or None, who.postal_code or None,
        who.phone, who.email, who.language, who.protected,
    )  # fmt: skip


def _fee(books: _Books, payer: int, child: int | None, starts: date, ends: date, size: int, cents: int) -> None:
    number = 90_000 + len(books.rows["fee_decision"])
    sent = _at(starts - timedelta(days=20), 9, 0)
    decision = books.add("fee_decision", payer, number, "SENT", starts, ends, size, cents, sent)
    if child is not None:
        books.add("fee_decision_child", decision, child, cents)


def _child(books: _Books, dice: random.Random, who: Person, child: int, guardians: list[int], size: int) -> None:
    """From the application to the days in care; school begins in August of the year of the seventh birthday."""
    swedish = [n for n, (_, language) in enumerate(_UNITS, 1) if (language == "sv") == (who.language == "sv")]
    unit, school = dice.choice(swedish), date(who.born.year + 7, 8, 1)
    first, last = who.born + timedelta(days=300), min(_TODAY, school - timedelta(days=365))
    starts = first + timedelta(days=dice.randint(0, (last - first).days))
    kind = _kind(dice, school)
    waiting = who.slug in _WAITING
    sent = date(2026, 10, 6) if waiting else starts - timedelta(days=130)
    wished = date(2027, 1, 11) if waiting else starts
    urgent = not waiting and dice.random() < 0.1
    form = Jsonb({"otherInfo": "", "serviceStart": "08:00", "serviceEnd": "16:00"})
    application = books.add(
        "application", guardians[0], child, "WAITING_PLACEMENT" if waiting else "ACTIVE", kind, sent, wished, urgent,
        [unit, 1 + unit % len(_UNITS)], form, "Henkilökunnan muistiinpano hakemuksesta.",
    )  # fmt: skip
    books.add("staff_note", child, _at(_TODAY, 12, 0), "Päiväkodin johtaja", "Henkilökunnan oma muistiinpano.")
    if waiting:
        return
    ends = school - timedelta(days=1)
    number = 70_000 + len(books.rows["decision"])
    books.add("decision", application, unit, number, "ACCEPTED", starts - timedelta(days=45), starts)
    placement = books.add("placement", child, unit, kind, f"[{starts},{ends}]", starts, ends)
    books.add("group_placement", placement, unit)
    books.add("service_need", placement, dice.choice((20, 25, 35, 37.5)), dice.random() < 0.05)
    cents = dice.choice((9_500, 18_300, 26_600, 31_100))
    _fee(books, guardians[-1], child, starts, ends, size, cents)
    if starts < _TODAY <= ends:
        _days(books, dice, child, unit)


def _kind(dice: random.Random, school: date) -> str:
    if school.year == _TODAY.year + 1:
        return "PRESCHOOL_DAYCARE"
    return dice.choice(("DAYCARE", "DAYCARE", "DAYCARE_PART_TIME"))


def _days(books: _Books, dice: random.Random, child: int, unit: int) -> None:
    for back in range(1, _DAYS_SHOWN + 1):
        day = _TODAY - timedelta(days=back)
        if day.weekday() >= 5:
            continue
        if dice.random() < 0.1:
            books.add("absence", child, day, dice.choice(("SICKLEAVE", "PLANNED_ABSENCE", "OTHER_ABSENCE")))
        else:
            arrived, left = _at(day, 6, dice.randint(0, 59)), _at(day, 14, dice.randint(0, 59))
            books.add("attendance", child, unit, arrived, left)
