"""Doorbells: ids in, one call."""

from uuid import UUID

from django.utils import timezone

from consents.usecases.actions import hearing
from portal.jobs.tasks import job
from portal.ledger.actor import system


@job("usecases.tell_followers")
def tell_followers(*, statement_id: str) -> None:
    """The city said something about a case."""
    hearing.tell_followers(UUID(statement_id), by=system("usecases.tell_followers"), at=timezone.now())
