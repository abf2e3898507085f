"""Early education: a PostgreSQL database of its own, filled from the made-up people."""

import random
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from demo.people import Person, everyone

DATABASE = "early_education"
READER = "early_reader"
_TODAY = date(2026, 11, 20)
_UNITS = (
    ("Pikkumallin päiväkoti", "fi"),
    ("Esimerkkimetsän päiväkoti", "fi"),
    ("Daghemmet Modellen", "sv"),
    ("Näyterannan päiväkoti", "fi"),
    ("Koepellon päiväkoti", "fi"),
    ("Daghemmet Provet", "sv"),
)
Rows = dict[str, list[tuple[Any, ...]]]


def _families() -> list[tuple[list[Person], list[Person]]]:
    """(guardians, children): the pinned families, and the crowd's small children with grown-ups drawn for them."""
    people = {person.slug: person for person in everyone()}
    families = [
        ([people["aino"], people["mikael"]], [people["eino"], people["helmi"]]),
        ([people["amira"]], [people["sami"]]),
    ]
    crowd = [person for person in everyone() if person.story is None]
    children = [person for person in crowd if 1 <= (_TODAY - person.born).days / 365 < 7]
    grown = [person for person in crowd if 24 <= (_TODAY - person.born).days / 365 < 48]
    dice = random.Random(7)
    dice.shuffle(grown)
    while children and len(grown) >= 2:
        mine, children = children[:2], children[2:]
        families.append(([grown.pop(), grown.pop()], mine))
    # Families whose children are past day care: their fee decisions are kept ten years (540/2018).
    families.extend(([grown.pop()], []) for _ in range(min(120, len(grown))))
    return families


def _at(day: date, hour: int, minute: int) -> datetime:
    return datetime.combine(day, time(hour, minute), tzinfo=UTC)


def _child_rows(rows: Rows, number: Callable[[], int], dice: random.Random, child: int, payer: int, size: int) -> None:
    unit = dice.randint(1, len(_UNITS))
    kind = dice.choice(("DAYCARE", "DAYCARE_PART_TIME", "PRESCHOOL_DAYCARE"))
    begins = date(2025, 8, 1) + timedelta(days=dice.randint(0, 200))
    ends = date(2027, 7, 31)
    placement, application, fee = number(), number(), number()
    rows["application"].append(
        (application, payer, child, "ACTIVE", kind, begins - timedelta(days=120), begins, False, [unit, 1],
         Jsonb({"otherInfo": "", "serviceStart": "08:00"}), "Muistiinpano henkilökunnalle."),
    )  # fmt: skip
    rows["decision"].append(
        (number(), application, unit, 70_000 + application, "ACCEPTED", begins - timedelta(40), begins)
    )
    rows["placement"].append((placement, child, unit, kind, f"[{begins},{ends}]", begins, ends))
    rows["group_placement"].append((number(), placement, unit))
    rows["service_need"].append((number(), placement, dice.choice((20, 25, 35, 37.5)), False))
    cents = dice.choice((9_500, 18_300, 26_600, 31_100))
    rows["fee_decision"].append((fee, payer, 90_000 + fee, "SENT", begins, ends, size, cents, _at(begins, 9, 0)))
    rows["fee_decision_child"].append((number(), fee, child, cents))
    for back in range(1, 15):
        day = _TODAY - timedelta(days=back)
        if day.weekday() < 5:
            rows["attendance"].append((number(), child, unit, _at(day, 6, dice.randint(0, 59)), _at(day, 14, 30)))
    rows["staff_note"].append((number(), child, _at(_TODAY, 12, 0), "Made Up", "Henkilökunnan oma muistiinpano."))


def _rows() -> Rows:
    rows: Rows = {name: [] for name in _TABLES}
    numbers = count(1)
    dice = random.Random(1492)

    def number() -> int:
        return next(numbers)

    rows["care_area"] = [(1, "Länsi"), (2, "Itä")]
    rows["unit"] = [
        (n, 1 + n % 2, name, lang, f"Mallikatu {n}", "0457 555 2000") for n, (name, lang) in enumerate(_UNITS, 1)
    ]
    rows["daycare_group"] = [(n, n, f"Ryhmä {n}") for n in range(1, len(_UNITS) + 1)]
    for guardians, children in _families():
        ids = [number() for _ in guardians]
        for row, who in zip(ids, guardians, strict=True):
            shown = not who.protected
            rows["guardian"].append(
                (row, who.identity_code, who.given_names, who.family_name, who.street if shown else None,
                 who.postal_code if shown else None, who.phone, who.email, who.language, who.protected),
            )  # fmt: skip
        cents = dice.randrange(180_000, 620_000, 100)
        rows["income"].append(
            (number(), ids[-1], date(2026, 1, 1), None, cents, "INCOME", _at(date(2026, 1, 15), 10, 0))
        )
        if not children:
            rows["fee_decision"].append(
                (fee := number(), ids[0], 90_000 + fee, "SENT", date(2023, 8, 1), date(2024, 7, 31), 3, 18_300, None)
            )
        for child in children:
            row = number()
            rows["child"].append(
                (row, child.identity_code, child.given_names, child.family_name, child.born, None, "VEGETARIAN", None)
            )
            rows["guardianship"].extend((guardian, row) for guardian in ids)
            _child_rows(rows, number, dice, row, ids[-1], len(ids) + len(children))
    return rows


_TABLES = (
    "care_area", "unit", "daycare_group", "guardian", "child", "guardianship", "application", "placement",
    "group_placement", "service_need", "decision", "attendance", "absence", "income", "fee_decision",
    "fee_decision_child", "staff_note",
)  # fmt: skip


def _insert(connection: psycopg.Connection, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
    rows = list(rows)
    if rows:
        places = sql.SQL(", ").join([sql.Placeholder()] * len(rows[0]))
        statement = sql.SQL("INSERT INTO {} VALUES ({})").format(sql.Identifier(table), places)
        connection.cursor().executemany(statement, rows)


def create(superuser_dsn: str, *, database: str = DATABASE) -> None:
    """Make the database and its reader in the cluster of `superuser_dsn`, if they are not there yet."""
    with psycopg.connect(superuser_dsn, autocommit=True) as server:
        if server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone():
            return
        if not server.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [READER]).fetchone():
            server.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(READER)))
            server.execute(
                sql.SQL("ALTER ROLE {} SET default_transaction_read_only = on").format(sql.Identifier(READER))
            )
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))
    schema = Path(__file__).with_name("early_education.sql").read_text()
    with psycopg.connect(superuser_dsn, dbname=database) as fresh:
        fresh.execute(schema.encode())
        for table, rows in _rows().items():
            _insert(fresh, table, rows)
        fresh.execute(sql.SQL("GRANT SELECT ON ALL TABLES IN SCHEMA public TO {}").format(sql.Identifier(READER)))


def set_wrong(superuser_dsn: str, *, wrong: bool, database: str = DATABASE) -> None:
    """Drift the schema (a column gets another name), or mend it."""
    names = ("total_cents", "total_amount")
    old, new = names if wrong else names[::-1]
    with psycopg.connect(superuser_dsn, dbname=database, autocommit=True) as connection:
        there = connection.execute(
            "SELECT 1 FROM information_schema.columns WHERE table_name = 'fee_decision' AND column_name = %s", [old]
        ).fetchone()
        if there:
            connection.execute(
                sql.SQL("ALTER TABLE fee_decision RENAME COLUMN {} TO {}").format(
                    sql.Identifier(old), sql.Identifier(new)
                )
            )
