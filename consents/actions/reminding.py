"""Reminding people of permissions that soon end."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from django.db.models import Q

from consents.enums import ConsentState
from consents.models import Consent
from consents.rules.reminding import EARLIEST, due_reminder
from portal.ledger.actor import Actor
from portal.notices.actions.telling import tell_many
from portal.notices.enums import NoticeKind

# Any id, the same for ever: reminders of one end have one id.
_REMINDERS = UUID("6b1c7c52-7f0e-4f57-9d3e-0b8b7f1d2a11")
_BATCH = 1000
_SENSITIVE = {30: NoticeKind.ENDS_IN_30, 7: NoticeKind.ENDS_IN_7}
_USUAL = {
    NoticeKind.ENDS_SOON: 30,
    NoticeKind.ENDS_IN_30: 30,
    NoticeKind.ENDS_IN_7: 7,
    NoticeKind.ENDS_SENSITIVE: None,
}


@dataclass(frozen=True)
class Place:
    """How far a round has come: the end and the id of the last permission that was looked at."""

    until: datetime
    consent: UUID


def remind_due(*, after: Place | None, by: Actor, at: datetime, batch: int = _BATCH) -> Place | None:
    """Notice people of ends within the next sixty days, at most `batch` after `after`; where to go on, or None.

    On which days each purpose says (`remind_days`). Read by the index of ends, within the worker's scope. Nobody is
    reminded twice on account of one day; a renewed permission has another end.
    """
    ends = Consent.objects.filter(state=ConsentState.GIVEN, valid_until__gt=at, valid_until__lte=at + EARLIEST)
    if after:
        ends = ends.filter(
            Q(valid_until__gt=after.until) | Q(valid_until=after.until, pk__gt=after.consent),
            valid_until__gte=after.until,
        )
    rows = list(ends.select_related("purpose").order_by("valid_until", "pk")[:batch])
    found: dict[NoticeKind, dict[UUID, UUID]] = defaultdict(dict)
    for row in rows:
        days = _days_of(row, at=at)
        if days is not None:
            kind = _kind_of(days, special=row.purpose.special_category)
            found[kind][_id_of(row, kind, days)] = row.person_id
    for kind, about in found.items():
        tell_many(kind, about, by=by, at=at)
    last = rows[-1] if len(rows) == batch else None
    return Place(last.valid_until, last.pk) if last and last.valid_until else None


def _days_of(row: Consent, *, at: datetime) -> int | None:
    if row.valid_from is None or row.valid_until is None:
        return None
    return due_reminder(row.valid_from, row.valid_until, days=row.purpose.remind_days, at=at)


def _kind_of(days: int, *, special: bool) -> NoticeKind:
    return _SENSITIVE.get(days, NoticeKind.ENDS_SENSITIVE) if special else NoticeKind.ENDS_SOON


def _id_of(row: Consent, kind: NoticeKind, days: int) -> UUID:
    # As it always was where the kind tells the day: whoever was reminded before a new release is not reminded again.
    told = kind.value if days == _USUAL[kind] else f"{kind.value} {days}"
    return uuid5(_REMINDERS, f"{row.pk} {told} {row.valid_until:%Y-%m-%dT%H:%M:%S.%f%z}")
