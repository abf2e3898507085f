"""How many people a staff member opens: more than a few an hour is told to those who watch over the log."""

from datetime import datetime, timedelta
from uuid import UUID

import structlog

from portal.keys.indexes import opened_mark
from portal.ledger.actions import record
from portal.ledger.actor import Actor
from portal.people.kinds import PeopleEntry
from portal.people.models import PersonOpened
from portal.people.reviews import draw_for_review

log = structlog.get_logger()
MOST_IN_AN_HOUR = 20
HOUR = timedelta(hours=1)


def note_opened(person: UUID, entry: UUID, *, by: Actor, at: datetime) -> None:
    """One more was opened, as `entry` tells; within a scope of the staff. One too many raises an alarm, once an hour.

    Nobody is kept from their work by it: whoever opens many may have to, and is asked.
    """
    draw_for_review(entry, by=by, at=at)
    row = PersonOpened.objects.create(staff=by.id, mark=opened_mark(person), at=at)
    lately = PersonOpened.objects.filter(staff=by.id, at__gt=at - HOUR)
    count = lately.values("mark").distinct().count()
    if count <= MOST_IN_AN_HOUR or lately.filter(alarmed=True).exists():
        return
    row.alarmed = True
    row.save(update_fields=["alarmed"])
    record(PeopleEntry.MANY_OPENED, by=by, at=at, department=by.unit, counts={"people": count})
    log.error("people.many_opened", people=count, staff=by.id)


def alarms_since(since: datetime) -> int:
    """How often somebody opened too many."""
    return PersonOpened.objects.filter(alarmed=True, at__gt=since).count()
