"""Two people: somebody near is opened only when a second staff member, who is there, agrees (break-glass).

Whoever asks gets a number to say aloud; whoever agrees types it in at their own place. Nobody ever opens themselves.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.keys.indexes import blind_index, blind_indexes, moved_on, second_mark
from portal.ledger.actions import record
from portal.ledger.actor import Actor
from portal.people.models import SecondPerson, User
from portal.people.nearness import Nearness, nearness
from portal.servicepoint.asked import Asked
from portal.servicepoint.errors import NoSuchNumber, TooNear
from portal.servicepoint.kinds import DeskEntry
from portal.walls import Role, scope

# The number is typed in within so long, and the person opened within so long after that.
ASKED_FOR, AGREED_FOR = timedelta(minutes=10), timedelta(minutes=15)
MAY_BE_AGREED = frozenset({Nearness.FAMILY, Nearness.COLLEAGUE})


@dataclass(frozen=True)
class Waiting:
    """What a second person is asked to agree to."""

    reason: str
    case: str
    near: str


def ask_second(asked: Asked, *, staff: User, by: Actor, at: datetime) -> str:
    """Eight digits to say to a second person; TooNear where no one may agree. Opens its own scopes."""
    near = nearness(staff, blind_indexes(asked.identity_code))
    if near not in MAY_BE_AGREED:
        raise TooNear(near)
    number = f"{secrets.randbelow(10**8):08d}"
    with scope(Role.STAFF, departments=staff.departments):
        SecondPerson.objects.create(
            asked_by=by.id,
            mark=second_mark(blind_index(asked.identity_code)),
            number=_digest(number),
            reason=asked.reason,
            case=asked.case,
            near=near.value,
            asked_at=at,
        )
        _leave(DeskEntry.SECOND_ASKED, asked.case, by=by, at=at)
    return number


def waiting(number: str, *, staff: User, at: datetime) -> Waiting:
    """What the number stands for. NoSuchNumber: unknown, too old, one's own, or about oneself; which is not told."""
    with scope(Role.STAFF, departments=staff.departments):
        row = _row(number, staff=staff, at=at)
        return Waiting(row.reason, row.case, row.near)


def agree(number: str, *, staff: User, by: Actor, at: datetime) -> None:
    """The second person agrees, once. NoSuchNumber. Opens its own scope."""
    with scope(Role.STAFF, departments=staff.departments):
        row = _row(number, staff=staff, at=at)
        row.agreed_by, row.agreed_at = by.id, at
        row.save(update_fields=["agreed_by", "agreed_at"])
        _leave(DeskEntry.SECOND_AGREED, row.case, by=by, at=at)


def is_agreed(index: bytes, *, staff: User, by: Actor, at: datetime) -> bool:
    """A second person has agreed that `by` opens this person now. Opens its own scope."""
    with scope(Role.STAFF, departments=staff.departments):
        return SecondPerson.objects.filter(
            asked_by=by.id, mark=second_mark(index), agreed_at__gt=at - AGREED_FOR, used_at=None
        ).exists()


def use_agreement(index: bytes, *, staff: User, by: Actor, at: datetime) -> bool:
    """It holds for one opening; whether there was one. Opens its own scope."""
    with scope(Role.STAFF, departments=staff.departments):
        rows = SecondPerson.objects.filter(asked_by=by.id, mark=second_mark(index), used_at=None)
        return rows.filter(agreed_at__gt=at - AGREED_FOR).update(used_at=at) > 0


def _row(number: str, *, staff: User, at: datetime) -> SecondPerson:
    rows = SecondPerson.objects.select_for_update().exclude(asked_by=staff.username)
    row = rows.filter(number=_digest(number), asked_at__gt=at - ASKED_FOR, agreed_at=None).first()
    if row is None or staff.own_index is None:
        raise NoSuchNumber
    if second_mark(moved_on(bytes(staff.own_index), version=staff.index_version)) == bytes(row.mark):
        raise NoSuchNumber
    return row


def _digest(number: str) -> bytes:
    return hashlib.sha256(number.encode()).digest()


def _leave(kind: DeskEntry, case: str, *, by: Actor, at: datetime) -> None:
    record(kind, by=by, at=at, department=by.unit, reference=case)
