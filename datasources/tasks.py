"""Doorbells: ids in, one call."""

from datetime import datetime
from uuid import UUID

from django.utils import timezone

from datasources.actions import asking, expiry, pulls, rounds, trials, values
from datasources.models import PullKind
from portal.jobs.tasks import job
from portal.ledger.actor import system


@job("datasources.nightly")
def nightly() -> None:
    """Have every connected source read."""
    rounds.ask_for_every_pull(by=system("datasources.nightly"), at=timezone.now())


@job("datasources.go_on")
def go_on(*, began: str) -> None:
    """Go on with a nightly round in which not every source found room."""
    by = system("datasources.nightly")
    rounds.ask_for_every_pull(by=by, at=timezone.now(), began=datetime.fromisoformat(began))


@job("datasources.pull_source")
def pull_source(*, source_id: str, kind: str = PullKind.NIGHTLY) -> None:
    """Read one source whole, when it may be."""
    pulls.take_turn(UUID(source_id), kind=PullKind(kind), by=system("datasources.pull_source"), at=timezone.now())


@job("datasources.fetch_person", queue="interactive")
def fetch_person(*, person_id: str) -> None:
    """Ask the live sources about one person."""
    asking.fetch_person(UUID(person_id), by=system("datasources.fetch_person"), at=timezone.now())


@job("datasources.try_source", queue="interactive")
def try_source(*, trial_id: str) -> None:
    """Try a source that a keeper is connecting."""
    trials.run_trial(UUID(trial_id), by=system("datasources.try_source"), at=timezone.now())


@job("datasources.forget_values")
def forget_values(*, trial_id: str) -> None:
    """Remove what a keeper asked to see and did not look at."""
    values.forget_values(UUID(trial_id), by=system("datasources.forget_values"), at=timezone.now())


@job("datasources.expire_sheets")
def expire_sheets() -> None:
    """Remove what has lived long enough."""
    expiry.expire_sheets(by=system("datasources.expire_sheets"), at=timezone.now())
