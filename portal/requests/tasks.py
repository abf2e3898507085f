"""Doorbells."""

from datetime import datetime
from uuid import UUID

from django.utils import timezone

from portal.jobs.tasks import job
from portal.ledger.actor import system
from portal.requests import breaches, case_register, following, lateness
from portal.requests.correcting import corrections_waited_for, look_again
from portal.requests.leaving.fetching import end_unfetched, settle
from portal.requests.package.links import remove_old_packages
from portal.requests.package.links import remove_packages as remove
from portal.walls import Role, scope


@job("requests.follow_up", queue="interactive")
def follow_up(*, request_id: str) -> None:
    """After a request ended."""
    with scope(Role.WORKER):
        following.follow_up(UUID(request_id), by=system("requests.follow_up"), at=timezone.now())


@job("requests.tell_of_breach")
def tell_of_breach(*, breach_id: str) -> None:
    """After a second person confirmed it. A transaction a batch."""
    told = 1
    while told:
        with scope(Role.WORKER):
            told = breaches.tell_of_breach(UUID(breach_id), by=system("requests.tell_of_breach"), at=timezone.now())


@job("requests.look_for_corrections")
def look_for_corrections() -> None:
    """Every quarter of an hour, by beat. A transaction each."""
    after: UUID | None = None
    while True:
        with scope(Role.WORKER):
            rows = corrections_waited_for(after=after)
        for row in rows:
            with scope(Role.WORKER, persons=[row.person_id]):
                look_again(row, by=system("requests.look_for_corrections"), at=timezone.now())
        if not rows:
            return
        after = rows[-1].pk


@job("requests.note_late")
def note_late() -> None:
    """Every morning, by beat."""
    with scope(Role.WORKER):
        lateness.note_late(by=system("requests.note_late"), at=timezone.now())


@job("requests.tell_case_register")
def tell_case_register() -> None:
    """Every five minutes, by beat, until all were gone through or the register falls silent."""
    _, place = case_register.tell_case_register(at=timezone.now())
    while place:
        _, place = case_register.tell_case_register(at=timezone.now(), after=place)


@job("requests.write_of_late")
def write_of_late(*, noted_at: str) -> None:
    """Requests are late."""
    with scope(Role.WORKER):
        by = system("requests.write_of_late")
        lateness.write_of_late(datetime.fromisoformat(noted_at), by=by, at=timezone.now())


@job("requests.remove_packages")
def remove_packages(*, request_id: str) -> None:
    """Nothing is kept of what was taken back."""
    remove(UUID(request_id))


@job("requests.tidy_packages")
def tidy_packages() -> None:
    """What waited for three days is removed, and what no city came for in time."""
    remove_old_packages(at=timezone.now())
    end_unfetched(at=timezone.now())


@job("requests.settle_hand_over", queue="interactive")
def settle_hand_over(*, request_id: str) -> None:
    """Another city has fetched what was handed over, or showed its code twice."""
    settle(UUID(request_id), at=timezone.now())
