"""Doorbells."""

from uuid import UUID

from django.utils import timezone

from consents.actions import JOB, expire_due
from consents.publishing import settling
from portal.jobs.tasks import job
from portal.walls import Role, scope


@job("consents.expire_due")
def expire_due_consents() -> None:
    """Every hour, by beat."""
    with scope(Role.WORKER):
        while expire_due(by=JOB, at=timezone.now()):
            pass


@job("consents.settle_answers")
def settle_answers(*, purpose_id: UUID) -> None:
    """After a purpose was closed or its text changed."""
    ended = 1
    while ended:
        with scope(Role.WORKER):
            ended = settling.settle_answers(purpose_id, by=settling.JOB, at=timezone.now())
