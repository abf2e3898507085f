"""Which systems were told that a permission ended, and which have acted."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Subquery

from consents.models import Announcement

_TOLD = (
    *("happened_at", "number", "tellings__system", "tellings__due_at", "tellings__told_at"),
    "tellings__acknowledged_at",
)


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
    """None when nothing that was on has ever ended or shrunk; within the person's scope, one statement."""
    ends = Announcement.objects.filter(person_id=person, consent=consent, due_at__isnull=False)
    last = ends.order_by("-happened_at", "-id").values("pk")[:1]
    rows = Announcement.objects.filter(pk=Subquery(last)).order_by("tellings__system").values_list(*_TOLD)
    found = list(rows)
    if not found:
        return None
    happened_at, number = found[0][:2]
    return LastEnd(happened_at, number is not None, tuple(_heard(*each, at=at) for _, _, *each in found if each[0]))


def _heard(
    system: str, due_at: datetime, told_at: datetime | None, acted_at: datetime | None, *, at: datetime
) -> Heard:
    return Heard(system, due_at, told_at, acted_at, late=acted_at is None and due_at < at)
