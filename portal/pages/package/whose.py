"""Whoever asked for a package, as the pages know them, though no browser is there while it is made."""

from datetime import datetime
from types import SimpleNamespace
from typing import cast
from uuid import UUID

from portal.ledger.actor import acting_for, resident
from portal.pages.door import ResidentRequest
from portal.pages.matters import shows_records
from portal.people.behalf.powers import power_of
from portal.requests.models import Request
from portal.requests.package.making import NotTheirs


def asking_for(request: Request, *, at: datetime) -> ResidentRequest:
    """What their right reaches now, within the person's scope. NotTheirs when it ended meanwhile."""
    person = request.person_id
    asking = SimpleNamespace(person=person, me=person, actor=resident(person), power=None, born=None, session={})
    if request.asked_by != str(person):
        actor = UUID(request.asked_by)
        power = power_of(actor, over=person, at=at)
        if power is None or power.right.value != request.asked_right:
            raise NotTheirs
        asking.me, asking.actor, asking.power = actor, acting_for(actor, power.right), power
    found = cast("ResidentRequest", asking)
    if not shows_records(found):
        raise NotTheirs
    return found
