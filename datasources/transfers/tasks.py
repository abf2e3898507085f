"""Doorbells: ids in, one call."""

from uuid import UUID

from django.utils import timezone

from datasources.transfers.arriving import checking, straight, taking
from portal.jobs.tasks import job
from portal.ledger.actor import system


# A person waits for both, and the code that they brought back is good for a minute.
@job("transfers.check_arrival", queue="interactive")
def check_arrival(*, arrival_id: str) -> None:
    """Look one package through that a person brought."""
    by, now = system("transfers.check_arrival"), timezone.now
    checking.check_arrival(UUID(arrival_id), by=by, at=now(), now=now)


@job("transfers.fetch_arrival", queue="interactive")
def fetch_arrival(*, arrival_id: str) -> None:
    """One step of fetching a package from another city."""
    straight.fetch_arrival(UUID(arrival_id), by=system("transfers.fetch_arrival"), at=timezone.now())


@job("transfers.tidy")
def tidy() -> None:
    """Every five minutes, by beat: what was not accepted in time goes."""
    taking.tidy(by=system("transfers.tidy"), at=timezone.now())
