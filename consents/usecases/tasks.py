"""Doorbells: ids in, one call."""

from uuid import UUID

from django.utils import timezone

from consents.usecases.actions import counting, hearing
from portal.jobs.tasks import job
from portal.ledger.actor import system
from portal.walls import Role, scope


@job("usecases.tell_followers")
def tell_followers(*, statement_id: str) -> None:
    """The city said something about a case."""
    hearing.tell_followers(UUID(statement_id), by=system("usecases.tell_followers"), at=timezone.now())


@job("usecases.count_uses")
def count_uses() -> None:
    """Entries of the log were numbered since the uses in them were counted last."""
    counted = 1
    while counted:
        with scope(Role.WORKER):
            counted = counting.count_uses(at=timezone.now())
