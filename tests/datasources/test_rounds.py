"""The nightly round queues no more than workers will come to soon, and leaves nobody out."""

from datetime import timedelta

import pytest

from datasources.actions.pulls import pull_source
from datasources.actions.rounds import MOST_UNFINISHED, ask_for_every_pull
from datasources.models import PullKind, Source
from portal.jobs.models import Job
from portal.jobs.outbox import after_commit
from portal.walls import Role, scope
from tests.datasources.conftest import BY, NIGHT, source

pytestmark = pytest.mark.usefixtures("catalogue")
SYSTEMS = {"early-education", "library", "sports"}
MINUTE = timedelta(minutes=1)


def busy(count: int) -> None:
    """So many jobs of the queue are due."""
    with scope(Role.WORKER):
        for _ in range(count):
            after_commit("datasources.expire_sheets", due_at=NIGHT)


def done(name: str = "datasources.expire_sheets") -> None:
    with scope(Role.WORKER):
        Job.objects.filter(name=name).update(done_at=NIGHT)


def queued() -> set[str]:
    with scope(Role.WORKER):
        told = Job.objects.filter(name="datasources.pull_source").values_list("arguments", flat=True)
        slugs = {str(pk): slug for pk, slug in Source.objects.values_list("pk", "slug")}
        return {slugs[arguments["source_id"]] for arguments in told}


def go_on() -> list[Job]:
    with scope(Role.WORKER):
        return list(Job.objects.filter(name="datasources.go_on", done_at=None))


def test_with_room_all_are_queued_and_the_round_is_over() -> None:
    ask_for_every_pull(by=BY, at=NIGHT)
    assert (queued(), go_on()) == (SYSTEMS, [])


def test_with_room_for_one_whoever_was_read_longest_ago_is_queued() -> None:
    with scope(Role.WORKER):
        Source.objects.filter(slug__in=["library", "early-education"]).update(last_success_at=NIGHT)
        Source.objects.filter(slug="sports").update(last_success_at=NIGHT - MINUTE)
    busy(MOST_UNFINISHED - 1)
    ask_for_every_pull(by=BY, at=NIGHT)
    assert (queued(), [job.due_at for job in go_on()]) == ({"sports"}, [NIGHT + MINUTE])


def test_without_room_the_same_round_goes_on_later_and_reads_each_once() -> None:
    busy(MOST_UNFINISHED)
    ask_for_every_pull(by=BY, at=NIGHT)
    ask_for_every_pull(by=BY, at=NIGHT)
    assert (queued(), len(go_on())) == (set(), 1)
    pull_source(source("sports").pk, kind=PullKind.BY_HAND, by=BY, at=NIGHT + MINUTE)
    done()
    done("datasources.go_on")
    ask_for_every_pull(by=BY, at=NIGHT + 2 * MINUTE, began=NIGHT)
    assert (queued(), go_on()) == (SYSTEMS - {"sports"}, [])


def test_what_is_in_flight_takes_room_and_what_is_due_later_does_not() -> None:
    busy(MOST_UNFINISHED)
    with scope(Role.WORKER):
        Job.objects.update(rung_at=NIGHT, leased_until_at=NIGHT + MINUTE)
    ask_for_every_pull(by=BY, at=NIGHT)
    assert queued() == set()
    with scope(Role.WORKER):
        Job.objects.update(due_at=NIGHT + 60 * MINUTE)
    ask_for_every_pull(by=BY, at=NIGHT, began=NIGHT)
    assert queued() == SYSTEMS


def test_by_day_the_round_ends() -> None:
    busy(MOST_UNFINISHED)
    ask_for_every_pull(by=BY, at=NIGHT + timedelta(hours=6), began=NIGHT)
    assert (queued(), go_on()) == (set(), [])
