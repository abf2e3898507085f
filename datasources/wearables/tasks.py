"""Doorbells: ids in, one call."""

from uuid import UUID

from django.utils import timezone

from datasources.wearables.actions import bringing, fetching, reading, removing
from portal.jobs.tasks import job
from portal.ledger.actor import system
from portal.walls import Role, scope


@job("wearables.read_import")
def read_import(*, import_id: str) -> None:
    """Read one file that a person brought."""
    by, now = system("wearables.read_import"), timezone.now
    reading.read_import(UUID(import_id), by=by, at=now(), now=now)


@job("wearables.forget_all")
def forget_all(*, person_id: str) -> None:
    """The permission to keep it ended: everything that the person brought goes."""
    with scope(Role.WORKER):
        removing.forget_all(UUID(person_id), by=system("wearables.forget_all"), at=timezone.now())


@job("wearables.sweep")
def sweep() -> None:
    """Every hour, by beat: files that nobody goes on with."""
    bringing.sweep(by=system("wearables.sweep"), at=timezone.now())


@job("wearables.fetch_tie")
def fetch_tie(*, tie_id: str) -> None:
    """Fetch what is new of one tied service."""
    by, now = system("wearables.fetch_tie"), timezone.now
    fetching.fetch_tie(UUID(tie_id), by=by, at=now(), now=now)


@job("wearables.fetch_all")
def fetch_all() -> None:
    """Every morning, by beat: a doorbell for each service that is tied."""
    with scope(Role.WORKER):
        fetching.ring_all(by=system("wearables.fetch_all"), at=timezone.now())
