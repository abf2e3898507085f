"""Uses are counted from numbered entries: each once, whatever happens in between; small counts are told to nobody."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from threading import Barrier

import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from consents.kinds import ConsentEntry
from consents.usecases.actions.counting import count_uses
from consents.usecases.models import Counting, FirstPeople, UsesOfMonth
from consents.usecases.queries.uses import compared
from consents.usecases.tasks import count_uses as ring
from portal.ledger.actions import record
from portal.ledger.actor import system
from portal.walls import Role, scope
from tests.usecases.using import OCTOBER, PURPOSE, count, counts, number, people, used

REPORTED = (PURPOSE, "reported", "2026-10")


def _odd() -> list[tuple[int, int]]:
    with scope(Role.WORKER):
        return [(ours, log) for *_, ours, log in compared().odd]


@pytest.mark.parametrize("batch", [1, 3, 20_000])
def test_each_use_is_counted_once_however_the_entries_are_taken(batch: int, city: None) -> None:
    some = people(7)
    used(some)
    used(some[:2], kind=ConsentEntry.DISCLOSED)
    count(batch)
    assert counts() == [(PURPOSE, "disclosed", "2026-10", 2, False), (*REPORTED, 7, True)]
    assert (count(batch), _odd()) == (0, [])


def test_uses_by_an_algorithm_are_counted_in_rows_of_their_own(city: None) -> None:
    some = people(6)
    used(some)
    used(some[:5], kind=ConsentEntry.ALGORITHM_USED)
    used(some[:2], kind=ConsentEntry.ALGORITHM_GIVEN)
    used(some[:1], kind=ConsentEntry.ALGORITHM_GIVEN, records=0)
    used(some, kind=ConsentEntry.ALGORITHM_REFUSED)
    count()
    assert counts() == [(PURPOSE, "disclosed", "2026-10", 2, False), (*REPORTED, 6, True), (*REPORTED, 5, True)]
    assert _odd() == []


def test_only_uses_with_a_purpose_and_something_given_are_counted(city: None) -> None:
    (one,) = people(1)
    used([one], kind=ConsentEntry.NOTHING_DISCLOSED)
    used([one], kind=ConsentEntry.DISCLOSED, records=0)
    used([one], purpose="")
    with scope(Role.WORKER):
        record(ConsentEntry.CHECKED, by=system("tests"), at=OCTOBER, department="sports", purpose=PURPOSE)
    number()
    assert (count() > 0, counts(), _odd()) == (True, [], [])


def test_what_waits_for_its_number_is_counted_later(city: None) -> None:
    (one,) = people(1)
    number()
    count()
    with scope(Role.WORKER):
        record(
            ConsentEntry.USE_REPORTED, by=system("tests"), at=OCTOBER, about=one, department="sports", purpose=PURPOSE
        )
    assert (count(), counts()) == (0, [])
    number()
    assert (count(), counts()) == (1, [(*REPORTED, 1, False)])


def test_a_month_is_one_of_finnish_time(city: None) -> None:
    used(people(1), at=datetime(2026, 10, 31, 22, 30, tzinfo=UTC))
    count()
    assert counts() == [(PURPOSE, "reported", "2026-11", 1, False)]


def test_a_crash_leaves_neither_counts_nor_how_far_they_go(city: None) -> None:
    used(people(6))
    with suppress(RuntimeError), scope(Role.WORKER):
        assert count_uses(at=timezone.now()) > 0
        raise RuntimeError
    assert (counts(), Counting.objects.count()) == ([], 0)
    count()
    assert (counts(), _odd()) == ([(*REPORTED, 6, True)], [])


def test_two_who_count_at_once_count_once(committed_db: str, loaded_city: None) -> None:
    used(people(6))
    together = Barrier(2)

    def counting(_: int) -> int:
        together.wait()
        try:
            return count(2)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(counting, range(2)))
    assert (counts(), _odd()) == ([(*REPORTED, 6, True)], [])


def test_the_fifth_person_opens_a_month_and_no_mark_is_left(city: None) -> None:
    some = people(5)
    for person in some[:4]:
        used([person, person])
        count()
    with scope(Role.WORKER):
        assert (counts(), FirstPeople.objects.count()) == ([(*REPORTED, 8, False)], 4)
    used(some[4:])
    count()
    with scope(Role.WORKER):
        assert (counts(), FirstPeople.objects.count()) == ([(*REPORTED, 9, True)], 0)


def test_marks_of_a_person_differ_by_month(city: None) -> None:
    (one,) = people(1)
    used([one])
    used([one], at=datetime(2026, 9, 15, 9, tzinfo=UTC))
    count()
    with scope(Role.WORKER):
        marks = [bytes(mark) for mark in FirstPeople.objects.values_list("mark", flat=True)]
    assert (len(set(marks)), one.bytes in marks) == (2, False)


@pytest.mark.parametrize("role", [Role.RESIDENT, Role.STAFF, Role.API, Role.LOGIN])
def test_nobody_but_the_worker_reads_the_marks(role: Role, city: None) -> None:
    used(people(1))
    count()
    with pytest.raises(ProgrammingError), scope(role):
        FirstPeople.objects.count()


def test_outside_every_scope_there_are_no_marks(city: None) -> None:
    with pytest.raises(ProgrammingError), transaction.atomic():
        FirstPeople.objects.count()


def test_counts_that_were_changed_are_found(city: None) -> None:
    used(people(5))
    count()
    call_command("check_effect")
    with scope(Role.WORKER):
        UsesOfMonth.objects.update(uses=7)
    with pytest.raises(CommandError, match="1 months"):
        call_command("check_effect")
    assert _odd() == [(7, 5)]


def test_the_clock_rings_until_all_is_counted(city: None) -> None:
    used(people(5))
    ring()
    assert (counts(), count()) == ([(*REPORTED, 5, True)], 0)
