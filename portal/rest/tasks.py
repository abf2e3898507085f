"""Doorbells of the API's manners."""

from django.utils import timezone

from portal.jobs.tasks import job
from portal.ledger.actor import system
from portal.rest import actions
from portal.walls import Role, scope


@job("rest.tidy")
def tidy() -> None:
    """Every hour, by beat."""
    gone = 1
    while gone:
        with scope(Role.WORKER):
            gone = actions.tidy(by=system("rest.tidy"), at=timezone.now())
