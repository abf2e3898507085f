"""Doorbells: ids in, one call."""

from uuid import UUID

from django.utils import timezone

from portal.jobs.tasks import job
from portal.ledger.actor import system
from portal.pages.leaving.contents import items_of
from portal.pages.package.contents import contents_of
from portal.requests.leaving.making import make_move as make_what_moves
from portal.requests.package.making import make_package as make


@job("pages.make_package", queue="interactive")
def make_package(*, request_id: str) -> None:
    """Gather and pack everything about one person."""
    make(UUID(request_id), contents_of, by=system("pages.make_package"), clock=timezone.now)


@job("pages.make_move", queue="interactive")
def make_move(*, request_id: str) -> None:
    """Pack what one person chose to take along."""
    make_what_moves(UUID(request_id), items_of, by=system("pages.make_move"), clock=timezone.now)
