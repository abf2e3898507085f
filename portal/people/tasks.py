"""Doorbells."""

from django.utils import timezone

from portal.jobs.tasks import job
from portal.people.behalf.rounds import refresh_stale


@job("people.refresh_rights")
def refresh_rights() -> None:
    """Every night, by beat."""
    refresh_stale(at=timezone.now())
