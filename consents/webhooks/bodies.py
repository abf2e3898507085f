"""What a message says: the same facts as one row of the feed, and nothing more. The feed stays the truth."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec

from consents.models import Announcement, Delivery
from portal.people.subjects import written

PING = "ping"


class Change(msgspec.Struct):
    """One change, as the feed tells it."""

    id: UUID
    kind: str
    subject: str
    purpose: str | None
    consent: UUID | None
    datasets: list[str]
    algorithm: str | None
    at: datetime
    acknowledge_by: datetime | None


class Message(msgspec.Struct):
    """A payload of Standard Webhooks; `timestamp` is when the change happened, not when the message was sent."""

    type: str
    timestamp: datetime
    data: Any


class Pinged(msgspec.Struct):
    """Which webhook was pinged."""

    webhook: UUID


def body_of(delivery: Delivery) -> bytes | None:
    """The bytes of the message; None when nobody can tell the department any more whom it was about."""
    told = delivery.announcement
    if told is None:
        return msgspec.json.encode(Message(PING, _utc(delivery.made_at), Pinged(delivery.webhook_id)))
    if told.subject is None:
        return None
    return msgspec.json.encode(Message(told.kind, _utc(told.happened_at), _change(told, bytes(told.subject))))


def _change(told: Announcement, subject: bytes) -> Change:
    return Change(
        id=told.pk,
        kind=told.kind,
        subject=written(subject),
        purpose=told.purpose or None,
        consent=told.consent,
        datasets=told.datasets,
        algorithm=told.algorithm or None,
        at=_utc(told.happened_at),
        acknowledge_by=told.due_at and _utc(told.due_at),
    )


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)
