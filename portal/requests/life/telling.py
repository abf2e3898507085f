"""Staff tell what happened in a life; another confirms it with the identity code before them, and it is done."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from portal.keys.indexes import blind_index, second_mark
from portal.ledger.actions import record
from portal.ledger.actor import Actor
from portal.people.models import User
from portal.people.queries import found_by, is_closed
from portal.requests.life.closing import close_account
from portal.requests.life.codes import change_code
from portal.requests.life.enums import LifeKind, Why
from portal.requests.life.errors import AlreadyClosed, AnotherPerson, NotConfirmed, NotTwo, SameTeller, TooLate
from portal.requests.life.joining import join_accounts
from portal.requests.life.kinds import LifeEntry
from portal.requests.life.models import LifeChange
from portal.requests.life.rules import Told, why_not_confirm
from portal.requests.nearness import refuse_the_near
from portal.walls import Role, scope

_FAULTS = {Why.DONE: NotConfirmed, Why.OVER: TooLate, Why.SAME: SameTeller}


@dataclass(frozen=True)
class Happening:
    """What happened to whom, in which case; `new_code`: by which they are known from then on. `repr` tells no code."""

    kind: LifeKind
    person: UUID
    case: str
    new_code: str = ""

    def __repr__(self) -> str:
        return f"Happening({self.kind}, {self.case})"

    @property
    def mark(self) -> bytes | None:
        """One-way, of the new code."""
        return second_mark(blind_index(self.new_code)) if self.new_code else None


def tell_change(happening: Happening, *, staff: User, by: Actor, at: datetime) -> LifeChange:
    """Nothing happens before another confirms it. AlreadyClosed, NotTwo, TooNear. Opens its own scopes."""
    person = happening.person
    _refuse_the_near(happening, staff=staff, by=by, at=at)
    with scope(Role.STAFF, persons=[person]):
        if is_closed(person):
            raise AlreadyClosed
        row = LifeChange.objects.create(
            person_id=person,
            kind=happening.kind,
            case=happening.case,
            new_mark=happening.mark,
            told_at=at,
            told_by=by.id,
        )
        _leave(LifeEntry.TOLD, row, by=by, at=at)
    return row


def confirm_change(
    pk: UUID, *, person: UUID | None, new_code: str = "", staff: User, by: Actor, at: datetime
) -> LifeChange:
    """Confirm it and have it done, in one transaction. `person`, `new_code`: as whoever confirms typed them in.

    AnotherPerson, NotConfirmed, SameTeller, TooLate, TooNear; AlreadyClosed, CodeTaken, ErasureRuns, NotTwo. Opens its
    own scopes.
    """
    with scope(Role.STAFF):
        row = LifeChange.objects.get(pk=pk)
    happening = Happening(LifeKind(row.kind), row.person_id, row.case, new_code)
    if person != row.person_id or happening.mark != (row.new_mark and bytes(row.new_mark)):
        raise AnotherPerson
    _refuse_the_near(happening, staff=staff, by=by, at=at)
    with transaction.atomic():
        with scope(Role.STAFF, persons=[row.person_id]):
            row = LifeChange.objects.select_for_update().get(pk=pk)
            told = Told(row.told_by, row.told_at, ended=row.confirmed_at is not None or row.dropped_at is not None)
            if (why := why_not_confirm(told, by=by.id, at=at)) is not None:
                raise _FAULTS[why]
            row.confirmed_at, row.confirmed_by = at, by.id
            row.save(update_fields=["confirmed_at", "confirmed_by"])
            _leave(LifeEntry.CONFIRMED, row, by=by, at=at)
        _do(happening, by=by, at=at)
    return row


def _refuse_the_near(happening: Happening, *, staff: User, by: Actor, at: datetime) -> None:
    """Of two accounts, near either. NotTwo where there are not two."""
    people = [happening.person]
    if happening.kind is LifeKind.JOIN:
        other = found_by(happening.new_code)
        if other is None or other == happening.person:
            raise NotTwo
        people.append(other)
    for person in people:
        refuse_the_near(person, staff=staff, reference=happening.case, by=by, at=at, colleagues_too=False)


def _do(happening: Happening, *, by: Actor, at: datetime) -> None:
    person, case = happening.person, happening.case
    match happening.kind:
        case LifeKind.DEATH:
            if not close_account(person, reference=case, by=by, at=at):
                raise AlreadyClosed
        case LifeKind.CODE:
            change_code(person, happening.new_code, reference=case, by=by, at=at)
        case LifeKind.JOIN:
            join_accounts(person, happening.new_code, reference=case, by=by, at=at)


def drop_change(pk: UUID, *, by: Actor, at: datetime) -> bool:
    """It was told in error; whoever told it may drop it, too. Once. Opens its own scopes."""
    with scope(Role.STAFF):
        person = LifeChange.objects.values_list("person_id", flat=True).get(pk=pk)
    with scope(Role.STAFF, persons=[person]):
        row = LifeChange.objects.select_for_update().get(pk=pk)
        if row.confirmed_at or row.dropped_at:
            return False
        row.dropped_at, row.dropped_by = at, by.id
        row.save(update_fields=["dropped_at", "dropped_by"])
        _leave(LifeEntry.DROPPED, row, by=by, at=at)
    return True


def _leave(kind: LifeEntry, row: LifeChange, *, by: Actor, at: datetime) -> None:
    counts = {"what": row.kind}
    record(kind, by=by, about=row.person_id, at=at, department=by.unit, reference=row.case, counts=counts)
