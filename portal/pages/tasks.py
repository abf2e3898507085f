"""Doorbells: ids in, one call."""

from uuid import UUID

from django.utils import timezone

from portal.jobs.tasks import job
from portal.ledger.actor import system
from portal.pages.package.contents import contents_of
from portal.requests.package.making import make_package as make


@job("pages.make_package", queue="interactive")
def make_package(*, request_id: str) -> None:
    """Gather and pack everything about one person."""
    make(UUID(request_id), contents_of, by=system("pages.make_package"), clock=timezone.now)
