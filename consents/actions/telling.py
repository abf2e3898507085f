"""Telling the recipient's systems that something they may rely on has changed."""

from datetime import datetime
from uuid import UUID

from consents.models import ConsentEvent, Telling
from portal.ledger.actor import Actor
from portal.rest.clients import followers_of


def tell_recipient(event: UUID, *, by: Actor, at: datetime) -> int:
    """Put the change before every system of the recipient that follows changes, once, within the worker's scope.

    How many there are. It is handed over by the API; until a system says that it heard, it stays before it.
    """
    happened = ConsentEvent.objects.select_related("consent").get(pk=event)
    department = happened.consent.recipient
    rows = [
        Telling(event=happened, department=department, client=client, created_at=at)
        for client in followers_of(department)
    ]
    return len(Telling.objects.bulk_create(rows, ignore_conflicts=True))
