"""Reminding people of permissions that soon end."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from django.db.models import Q

from consents.enums import ConsentState
from consents.models import Consent
from consents.rules.reminding import FIRST, SECOND, due_reminder
from portal.ledger.actor import Actor
from portal.notices.actions.telling import tell_many
from portal.notices.enums import NoticeKind

# Any id, the same for ever: reminders of one end have one id.
_REMINDERS = UUID("6b1c7c52-7f0e-4f57-9d3e-0b8b7f1d2a11")
_BATCH = 1000


@dataclass(frozen=True)
class Place:
    """How far a round has come: the end and the id of the last permission that was looked at."""

    until: datetime
    consent: UUID


def remind_due(*, after: Place | None, by: Actor, at: datetime, batch: int = _BATCH) -> Place | None:
    """Notice people of ends within the next thirty days, at most `batch` after `after`; where to go on, or None.

    Read by the index of ends, within the worker's scope. Nobody is reminded twice of one end; a renewed permission has
    another.
    """
    ends = Consent.objects.filter(state=ConsentState.GIVEN, valid_until__gt=at, valid_until__lte=at + FIRST)
    if after:
        ends = ends.filter(
            Q(valid_until__gt=after.until) | Q(valid_until=after.until, pk__gt=after.consent),
            valid_until__gte=after.until,
        )
    rows = list(ends.select_related("purpose").order_by("valid_until", "pk")[:batch])
    found: dict[NoticeKind, dict[UUID, UUID]] = defaultdict(dict)
    for row in rows:
        if kind := _kind_of(row, at=at):
            found[kind][_id_of(row, kind)] = row.person_id
    for kind, about in found.items():
        tell_many(kind, about, by=by, at=at)
    last = rows[-1] if len(rows) == batch else None
    return Place(last.valid_until, last.pk) if last and last.valid_until else None


def _kind_of(row: Consent, *, at: datetime) -> NoticeKind | None:
    if row.valid_from is None or row.valid_until is None:
        return None
    special = row.purpose.special_category
    before = due_reminder(row.valid_from, row.valid_until, special=special, at=at)
    if before is None:
        return None
    if not special:
        return NoticeKind.ENDS_SOON
    return NoticeKind.ENDS_IN_7 if before == SECOND else NoticeKind.ENDS_IN_30


def _id_of(row: Consent, kind: NoticeKind) -> UUID:
    return uuid5(_REMINDERS, f"{row.pk} {kind.value} {row.valid_until:%Y-%m-%dT%H:%M:%S.%f%z}")
