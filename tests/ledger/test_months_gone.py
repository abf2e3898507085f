"""Months that are not in the log any more: gone in their time, which an entry tells, or taken away by somebody."""

from datetime import UTC, date, datetime, timedelta
from io import StringIO
from uuid import UUID

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from portal.keys.ring import ring
from portal.ledger.actor import system
from portal.ledger.entries import Facts, body
from portal.ledger.verification import whole
from portal.ledger.verification.findings import Fault
from portal.ledger.verification.months import MONTH_REMOVED, over_for
from portal.ledger.verification.whole import Report, verify
from portal.people.kinds import PeopleEntry
from portal.privacy.kinds import PrivacyEntry
from portal.privacy.retention import remove_months
from portal.walls import Role, scope
from tests.ledger.sealed import AT, leave, seal

BY = system("tests")
MARCH, APRIL = datetime(2004, 3, 9, tzinfo=UTC), datetime(2014, 4, 9, tzinfo=UTC)
SOON = AT + timedelta(seconds=1)
MORE: dict[str, int | str] = {"month": "2004-03", "entries": 3}


def old_entry(
    at: datetime, number: int, *, kind: str = PeopleEntry.SIGNED_IN, counts: dict[str, int | str], log_key: bytes = b""
) -> None:
    """An entry with an id of its time, as the portal of those days would have left it."""
    entry = UUID(int=(int(at.timestamp() * 1000) << 80) + (0x7 << 76) + (0b10 << 62) + number)
    facts = Facts(counts=counts)
    told = body(entry, kind, by=BY, at=at, facts=facts, log_key=log_key or ring().newest("salts")[1], details=None)
    with scope(Role.WORKER), connection.cursor() as cursor:
        cursor.execute("INSERT INTO ledger_pending (id, body) VALUES (%s, %s)", [entry, told])


@pytest.fixture
def old_log(committed_db: str, superuser: psycopg.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two entries of now, three of March 2004, five of April 2014, one of now; a superuser without triggers."""
    monkeypatch.setattr(whole, "CHUNK", 2)
    superuser.execute("SET ROLE mydata_owner")
    for month in (MARCH, APRIL):
        superuser.execute(f"SELECT ledger_make_partition('{month:%Y-%m}-01')")
    superuser.execute("RESET ROLE")
    superuser.execute("SET session_replication_role = replica")
    leave(2)
    seal()
    for at, count in ((MARCH, 3), (APRIL, 5)):
        for number in range(count):
            old_entry(at, number, counts={})
        seal()
    leave(1)
    seal()


def removed() -> list[date]:
    months = remove_months(by=BY, at=AT)
    seal()
    return months


def verified(at: datetime = SOON) -> tuple[list[tuple[Fault, int, int, str]], dict[str, int]]:
    report: Report = verify(at=at, folder=None, processes=1)
    return [(each.fault, each.first, each.end, each.more) for each in report.findings], dict(report.expired)


def test_a_month_that_went_in_its_time_is_told_as_expired(old_log: None) -> None:
    before = verified()
    assert removed() == [date(2004, 3, 1), date(2014, 4, 1)]
    assert (before, verified()) == (([], {}), ([], {"2004_03": 3, "2014_04": 5}))


def test_the_command_names_it(old_log: None) -> None:
    removed()
    said = StringIO()
    call_command("verify_ledger", processes=1, stdout=said)
    assert said.getvalue().splitlines()[1:3] == [
        "Body expired: 3 entries of 2004_03.",
        "Body expired: 5 entries of 2014_04.",
    ]


@pytest.mark.security("F19")
def test_a_month_that_somebody_dropped_is_found_with_its_numbers(old_log: None, superuser: psycopg.Connection) -> None:
    superuser.execute("DROP TABLE ledger_entry_2014_04")
    said = StringIO()
    with pytest.raises(CommandError):
        call_command("verify_ledger", processes=1, stdout=said)
    assert verified() == ([(Fault.UNTOLD, 5, 10, "2014_04")], {})
    assert said.getvalue().splitlines()[-1] == (
        "Entries 5 to 9: the month 2014_04 was taken away, and no entry of the log tells of it."
    )


@pytest.mark.security("F19")
def test_what_was_gone_before_its_month_was_dropped_is_missed_in_the_count(
    old_log: None, superuser: psycopg.Connection
) -> None:
    superuser.execute("DELETE FROM ledger_entry_2014_04 WHERE id = (SELECT entry_id FROM ledger_leaf WHERE index = 6)")
    removed()
    assert verified() == ([(Fault.OTHERS, 5, 10, "2014_04")], {"2004_03": 3})


def test_an_entry_of_now_that_is_named_after_a_month_that_went_is_missed_in_the_count(
    old_log: None, superuser: psycopg.Connection
) -> None:
    removed()
    superuser.execute("DELETE FROM ledger_entry WHERE id = (SELECT entry_id FROM ledger_leaf WHERE index = 10)")
    old = UUID(int=(int(APRIL.timestamp() * 1000) << 80) + 77)
    superuser.execute("UPDATE ledger_leaf SET entry_id = %s WHERE index = 10", [old])
    assert verified()[0] == [(Fault.OTHERS, 5, 11, "2014_04")]


@pytest.mark.parametrize(
    ("edit", "fault"),
    [
        ("UPDATE ledger_entry SET body = convert_to(replace(convert_from(body, 'UTF8'), '2014-04', '2014-05'), 'UTF8')",
         Fault.CONTENT),
        ("DELETE FROM ledger_entry", Fault.MISSING),
    ],
)  # fmt: skip
def test_an_entry_that_was_touched_tells_of_nothing(
    edit: str, fault: Fault, old_log: None, superuser: psycopg.Connection
) -> None:
    removed()
    superuser.execute(f"{edit} WHERE id = (SELECT entry_id FROM ledger_leaf WHERE index = 12)")
    assert verified() == ([(Fault.UNTOLD, 5, 10, "2014_04"), (fault, 12, 13, "")], {"2004_03": 3})


def test_an_entry_that_somebody_put_in_without_the_keys_tells_of_nothing(
    old_log: None, superuser: psycopg.Connection
) -> None:
    """The sequencer numbers what a superuser wrote; what it says was not committed to with a key of the ring."""
    superuser.execute("DROP TABLE ledger_entry_2014_04")
    told: dict[str, int | str] = {"month": "2014-04", "entries": 5}
    old_entry(SOON, 1, kind=PrivacyEntry.MONTH_REMOVED, counts=told, log_key=bytes(32))
    seal()
    assert verified()[0] == [(Fault.UNTOLD, 5, 10, "2014_04"), (Fault.CONTENT, 11, 12, "")]


def test_what_a_month_told_of_another_is_told_on_when_it_goes_itself(
    old_log: None, superuser: psycopg.Connection
) -> None:
    """Ten years after March 2004 went, the month goes in which that was told."""
    old_entry(APRIL, 99, kind=PrivacyEntry.MONTH_REMOVED, counts=MORE)
    seal()
    superuser.execute("DROP TABLE ledger_entry_2004_03")
    before = verified()
    assert removed() == [date(2014, 4, 1)]
    assert (before, verified()) == (([], {"2004_03": 3}), ([], {"2004_03": 3, "2014_04": 6}))


def test_while_its_entry_waits_for_a_number_a_month_is_asked_for_next_time(old_log: None) -> None:
    remove_months(by=BY, at=AT)
    report = verify(at=SOON, folder=None, processes=1)
    told = [f"The month {month} was just taken away; the next run asks for the entry that tells of it."
            for month in ("2004_03", "2014_04")]  # fmt: skip
    assert ([each.fault for each in report.findings], sorted(report.notes)) == ([], told)


def test_a_month_is_over_ten_years_after_it_ended_and_the_kind_is_retentions() -> None:
    assert [over_for("2014_04", now) for now in ("2024_04", "2024_05", "2014_05")] == [False, True, False]
    assert MONTH_REMOVED.decode() == f'"{PrivacyEntry.MONTH_REMOVED}"'
