"""Doorbells."""

from django.utils import timezone

from portal.jobs.tasks import job
from portal.ledger.actor import system
from portal.privacy import retention


@job("privacy.retain")
def retain() -> None:
    """Every night, by beat."""
    by, at = system("privacy.retain"), timezone.now()
    retention.retain(by=by, at=at)
    retention.remove_months(by=by, at=at)
