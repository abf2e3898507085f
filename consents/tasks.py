"""Doorbells."""

from django.utils import timezone

from consents.actions import JOB, expire_due
from portal.jobs.tasks import job
from portal.walls import Role, scope


@job("consents.expire_due")
def expire_due_consents() -> None:
    """Every hour, by beat."""
    with scope(Role.WORKER):
        while expire_due(by=JOB, at=timezone.now()):
            pass
