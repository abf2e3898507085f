"""Doorbells."""

from datetime import datetime

from django.utils import timezone

from portal.jobs.tasks import job
from portal.ledger.actor import system
from portal.requests import lateness
from portal.walls import Role, scope


@job("requests.note_late")
def note_late() -> None:
    """Every morning, by beat."""
    with scope(Role.WORKER):
        lateness.note_late(by=system("requests.note_late"), at=timezone.now())


@job("requests.write_of_late")
def write_of_late(*, noted_at: str) -> None:
    """Requests are late."""
    with scope(Role.WORKER):
        by = system("requests.write_of_late")
        lateness.write_of_late(datetime.fromisoformat(noted_at), by=by, at=timezone.now())
