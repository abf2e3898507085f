"""Handing the feed over, and hearing that a system has acted."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from consents.errors import NotToldOf
from consents.kinds import ConsentEntry
from consents.models import Announcement, Telling
from consents.queries.feed import Page, page_of
from consents.webhooks.reading import was_sent
from portal.ledger.actions import record
from portal.ledger.actor import Actor
from portal.walls import Role, array_of_ids, scope, told

_TOLD = "UPDATE consents_telling SET told_at = %s WHERE client = %s AND announcement_id = ANY (%s) AND told_at IS NULL"


def hand_over(*, after: int | None, limit: int, purposes: Sequence[str] = (), by: Actor, at: datetime) -> Page:
    """The next page for this system, marked as told, with one entry when there is anything on it.

    `purposes`: those that it may name, none meaning all. Within the API's scope of its department. CursorExpired.
    """
    page = page_of(by.unit, purposes=purposes, after=after, limit=limit, at=at)
    if page.rows:
        told(_TOLD, [at, by.id, array_of_ids(row[0] for row in page.rows if row[8])])
        record(ConsentEntry.FEED_READ, by=by, at=at, department=by.unit, counts={"changes": len(page.rows)})
    return page


def acknowledge(announcement: UUID, *, by: Actor, at: datetime) -> datetime:
    """This system has acted on a change that it was told of; when it first said so. The person sees it.

    Within the API's scope of its department. NotToldOf when this system was not to act on any such change, or has not
    been handed it yet.
    """
    telling = Telling.objects.select_for_update(of=("self",)).filter(announcement=announcement, client=by.id).first()
    if telling is None or not (telling.told_at or was_sent(announcement, client=by.id)):
        raise NotToldOf
    if telling.acknowledged_at:
        return telling.acknowledged_at
    telling.told_at, telling.acknowledged_at = telling.told_at or at, at
    telling.save(update_fields=["told_at", "acknowledged_at"])
    change = Announcement.objects.get(pk=announcement)
    with scope(Role.API, persons=[telling.person_id], departments=[by.unit]):
        record(
            ConsentEntry.ACKNOWLEDGED,
            by=by,
            about=telling.person_id,
            at=at,
            department=by.unit,
            purpose=change.purpose,
            datasets=change.datasets,
            reference=str(announcement),
        )
    return at
