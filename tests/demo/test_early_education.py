"""The early education database behind its proxy."""

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import psycopg
import pytest

from demo.departments import families
from demo.departments.early_education import next_code
from demo.departments.moods import Mood
from demo.departments.running import Departments
from tests.demo.conftest import CODES, WAIT

NAME = "early-education"
FEES = """SELECT f.total_cents FROM fee_decision f JOIN guardian g ON g.id = f.guardian_id
          WHERE g.social_security_number = %s"""


@contextmanager
def reader(world: Departments) -> Iterator[psycopg.Connection]:
    url = world.sources[NAME]["settings"]["url"].replace("postgresql+psycopg", "postgresql")
    # Closed and never committed: nothing is written, and a line that was cut has nothing to commit on.
    with closing(psycopg.connect(url, connect_timeout=5)) as connection:
        yield connection


def ask(world: Departments, statement: str, *values: Any) -> list[Any]:
    with reader(world) as connection:
        return connection.execute(statement.encode(), values).fetchall()


def held_about(world: Departments, slug: str) -> int:
    """Rows of guardians and children with this person's code."""
    both = "SELECT social_security_number AS code FROM guardian UNION ALL SELECT social_security_number FROM child"
    return int(ask(world, f"SELECT count(*) FROM ({both}) AS people WHERE code = %s", CODES[slug])[0][0])


def test_every_table_is_filled(world: Departments) -> None:
    counts = {table: ask(world, f"SELECT count(*) FROM {table}")[0][0] for table in families.TABLES}
    assert counts == {table: len(rows) for table, rows in families.all_rows().items()}
    assert [table for table, count in counts.items() if count == 0] == []


def test_the_reader_may_not_write(world: Departments) -> None:
    with reader(world) as connection, pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        connection.execute("DELETE FROM staff_note")
    with reader(world) as connection:
        connection.execute("SET TRANSACTION READ WRITE")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("DELETE FROM staff_note")


def test_the_family_is_held_and_the_one_without_records_is_not(world: Departments) -> None:
    held = {slug: held_about(world, slug) for slug in ("aino", "mikael", "eino", "helmi", "sami", "veikko")}
    assert held == {"aino": 1, "mikael": 1, "eino": 1, "helmi": 1, "sami": 1, "veikko": 0}


def test_the_newcomers_child_waits_for_a_place(world: Departments) -> None:
    statement = """SELECT a.status::text, p.id FROM application a JOIN child c ON c.id = a.child_id
                   LEFT JOIN placement p ON p.child_id = c.id WHERE c.social_security_number = %s"""
    assert ask(world, statement, CODES["sami"]) == [("WAITING_PLACEMENT", None)]


def test_nobodys_protected_address_is_held(world: Departments) -> None:
    assert ask(world, "SELECT 1 FROM guardian WHERE restricted_details AND street_address IS NOT NULL") == []


def test_nobody_starts_after_today_or_in_school(world: Departments) -> None:
    late = "SELECT 1 FROM placement WHERE starts_on > DATE '2026-11-20' OR starts_on >= ends_on"
    assert ask(world, late) == []


def test_slow_holds_up_also_a_connection_that_is_open(world: Departments) -> None:
    with reader(world) as connection:
        world.moods.set(NAME, Mood.SLOW, slow_seconds=WAIT)
        began = time.monotonic()
        connection.execute("SELECT 1")
        assert time.monotonic() - began >= WAIT


def test_down_closes_open_connections_and_takes_no_new_ones(world: Departments) -> None:
    with reader(world) as connection:
        world.moods.set(NAME, Mood.DOWN)
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT pg_sleep(5)")
    with pytest.raises(psycopg.OperationalError), reader(world):
        pass


def test_wrong_renames_a_column_until_mended(world: Departments) -> None:
    world.moods.set(NAME, Mood.WRONG)
    with pytest.raises(psycopg.errors.UndefinedColumn):
        ask(world, FEES, CODES["mikael"])
    world.moods.set(NAME, Mood.OK)
    assert len(ask(world, FEES, CODES["mikael"])) == 2


@pytest.mark.parametrize("slug", ["mikael", "veikko"])
def test_other_person_answers_about_someone_else(world: Departments, slug: str) -> None:
    world.moods.set(NAME, Mood.OTHER_PERSON)
    asked = CODES[slug]
    other = next_code(asked.encode()).decode()
    found = ask(world, "SELECT social_security_number FROM guardian WHERE social_security_number = %s", asked)
    assert (found, other == asked) == ([(other,)], False)
