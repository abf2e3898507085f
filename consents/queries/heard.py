"""Which systems were told that a permission ended, and which have acted."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from consents.models import Announcement, Telling


@dataclass(frozen=True)
class Heard:
    """One system of the recipient; the times are None before it was told, and before it said that it acted."""

    system: str
    due_at: datetime
    told_at: datetime | None
    acted_at: datetime | None
    late: bool


@dataclass(frozen=True)
class LastEnd:
    """The last change that systems must act on. `systems` is empty while they are being named, and when there are none.

    `named`: every system that is to act stands there.
    """

    at: datetime
    named: bool
    systems: tuple[Heard, ...]


def last_end_of(person: UUID, consent: UUID, *, at: datetime) -> LastEnd | None:
    """None when nothing that was on has ever ended or shrunk; within the person's scope, two statements at the most."""
    ends = Announcement.objects.filter(person_id=person, consent=consent, acknowledge_by__isnull=False)
    last = ends.order_by("-happened_at", "-id").first()
    if last is None:
        return None
    rows = Telling.objects.filter(announcement=last, person_id=person).order_by("system")
    heard = tuple(
        Heard(row.system, row.due_at, row.told_at, row.acknowledged_at, row.acknowledged_at is None and row.due_at < at)
        for row in rows
    )
    return LastEnd(last.happened_at, last.number is not None, heard)
