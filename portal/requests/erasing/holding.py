"""Legal holds: made by one, confirmed by another, ended; each is an entry."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from portal.ledger.actions import record
from portal.ledger.actor import Actor
from portal.requests.erasing.errors import SamePerson
from portal.requests.erasing.kinds import ErasureEntry
from portal.requests.erasing.models import LegalHold
from portal.requests.erasing.queries import holds_in_force
from portal.requests.models import PORTAL
from portal.walls import Role, scope


@dataclass(frozen=True)
class Held:
    """What is held: one person, or one register by its slug; why, by which law, in which case, until when."""

    reason: str
    law: str
    case: str
    until: date
    person: UUID | None = None
    register: str = ""


def make_hold(held: Held, *, by: Actor, at: datetime) -> LegalHold:
    """It holds at once, and ends by itself unless another confirms it; within a scope of staff."""
    row = LegalHold.objects.create(
        person_id=held.person,
        register=held.register,
        reason=held.reason,
        law=held.law,
        case=held.case,
        until_on=held.until,
        made_at=at,
        made_by=by.id,
    )
    _leave(ErasureEntry.HOLD_MADE, row, by=by, at=at)
    return row


def confirm_hold(pk: UUID, *, by: Actor, at: datetime) -> bool:
    """A second person agrees; once. SamePerson."""
    row = LegalHold.objects.select_for_update().get(pk=pk)
    if row.made_by == by.id:
        raise SamePerson
    if row.confirmed_at or row.ended_at:
        return False
    row.confirmed_at, row.confirmed_by = at, by.id
    row.save(update_fields=["confirmed_at", "confirmed_by"])
    _leave(ErasureEntry.HOLD_CONFIRMED, row, by=by, at=at)
    return True


def end_hold(pk: UUID, *, by: Actor, at: datetime) -> bool:
    """There is no more reason for it; once."""
    row = LegalHold.objects.select_for_update().get(pk=pk)
    if row.ended_at:
        return False
    row.ended_at, row.ended_by = at, by.id
    row.save(update_fields=["ended_at", "ended_by"])
    _leave(ErasureEntry.HOLD_ENDED, row, by=by, at=at)
    return True


def end_old_holds(*, at: datetime) -> None:
    """A hold whose day is over, or that nobody confirmed, has ended: its time to be kept begins."""
    with scope(Role.WORKER):
        over = LegalHold.objects.filter(ended_at=None).exclude(pk__in=holds_in_force(at=at).values("pk"))
        over.update(ended_at=at, ended_by=PORTAL)


def _leave(kind: ErasureEntry, row: LegalHold, *, by: Actor, at: datetime) -> None:
    record(kind, by=by, about=row.person_id, at=at, reference=row.case)
