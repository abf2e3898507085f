"""Staff tell what happened in a life; another confirms it with the identity code before them, and it is done."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from portal.keys.indexes import blind_index, blind_indexes, second_mark
from portal.ledger.actions import record
from portal.ledger.actor import Actor
from portal.people.actions import identity_code_of
from portal.people.models import User
from portal.people.queries import found_by, is_closed, person_of
from portal.requests.life.closing import close_account
from portal.requests.life.codes import change_code
from portal.requests.life.enums import Goes, LifeKind, Why
from portal.requests.life.errors import (
    AlreadyClosed,
    AnotherPerson,
    NotConfirmed,
    NotDecided,
    NotTakenUp,
    NotTwo,
    SameTeller,
    TooLate,
)
from portal.requests.life.joining import join_accounts
from portal.requests.life.kinds import LifeEntry
from portal.requests.life.models import LifeChange
from portal.requests.life.rules import Told, why_not_confirm
from portal.requests.life.splitting import Codes, open_again, shut_account, split_account
from portal.requests.life.things import things_of
from portal.requests.nearness import refuse_near_indexes, refuse_the_near
from portal.walls import Role, scope

_FAULTS = {Why.UNTOLD: NotTakenUp, Why.DONE: NotConfirmed, Why.OVER: TooLate, Why.SAME: SameTeller}


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
    """Nothing happens before another confirms it, but that an account of two people is shut at once.

    AlreadyClosed, NotTwo, TooNear. Opens its own scopes.
    """
    person = happening.person
    _refuse_the_near(happening, staff=staff, by=by, at=at)
    with transaction.atomic(), scope(Role.STAFF, persons=[person]):
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
        if happening.kind is LifeKind.SPLIT:
            row.paused = shut_account(person, reference=happening.case, by=by, at=at)
            row.save(update_fields=["paused"])
    return row


def say_whose(pk: UUID, said: Mapping[str, str], *, by: Actor, at: datetime) -> LifeChange:
    """Whoever told of an account of two people says whose the things in it are: {key: `Goes`}; before it is confirmed.

    NotDecided for another, and for what is not in it. Opens its own scopes.
    """
    with scope(Role.STAFF):
        row = LifeChange.objects.get(pk=pk)
    known = {thing.key: thing for thing in things_of(row.person_id)}
    if row.kind != LifeKind.SPLIT or not said.keys() <= known.keys() or not set(said.values()) <= set(Goes.values):
        raise NotDecided
    with scope(Role.STAFF, persons=[row.person_id]):
        row = LifeChange.objects.select_for_update().get(pk=pk)
        if row.told_by != by.id or row.confirmed_at or row.dropped_at:
            raise NotDecided
        row.goes = {key: goes for key, goes in sorted(said.items()) if goes != known[key].goes}
        row.save(update_fields=["goes"])
        _leave(LifeEntry.SORTED, row, by=by, at=at)
    return row


def confirm_change(
    pk: UUID, *, person: UUID | None, new_code: str = "", seen: str = "", staff: User, by: Actor, at: datetime
) -> LifeChange:
    """Confirm it and have it done, in one transaction. `person`, `new_code`: as whoever confirms typed them in.

    `seen` (`Seen`): of an account of two people. AnotherPerson, NotConfirmed, SameTeller, TooLate, TooNear;
    AlreadyClosed, CodeTaken, ErasureRuns, NotTwo. Opens its own scopes.
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
            row.confirmed_at, row.confirmed_by, row.seen = at, by.id, seen
            row.save(update_fields=["confirmed_at", "confirmed_by", "seen"])
            _leave(LifeEntry.CONFIRMED, row, by=by, at=at)
        _do(happening, row.goes, by=by, at=at)
    return row


def _refuse_the_near(happening: Happening, *, staff: User, by: Actor, at: datetime) -> None:
    """Of two accounts or two people, near either. NotTwo where there are not two."""
    people, told = [happening.person], {"staff": staff, "reference": happening.case, "by": by, "at": at}
    if happening.kind is LifeKind.SPLIT:
        if found_by(happening.new_code) == happening.person:
            raise NotTwo
        refuse_near_indexes(blind_indexes(happening.new_code), colleagues_too=False, **told)  # type: ignore[arg-type]
    if happening.kind is LifeKind.JOIN:
        other = found_by(happening.new_code)
        if other is None or other == happening.person:
            raise NotTwo
        people.append(other)
    for person in people:
        refuse_the_near(person, colleagues_too=False, **told)  # type: ignore[arg-type]


def _do(happening: Happening, goes: Mapping[str, str], *, by: Actor, at: datetime) -> None:
    person, case = happening.person, happening.case
    match happening.kind:
        case LifeKind.DEATH:
            if not close_account(person, reference=case, by=by, at=at):
                raise AlreadyClosed
        case LifeKind.CODE:
            change_code(person, happening.new_code, reference=case, by=by, at=at)
        case LifeKind.JOIN:
            join_accounts(person, happening.new_code, reference=case, by=by, at=at)
        case LifeKind.SPLIT:
            with scope(Role.WORKER, persons=[person]):
                first = identity_code_of(person_of(person))
            split_account(person, Codes(first, happening.new_code), goes, reference=case, by=by, at=at)


def drop_change(pk: UUID, *, by: Actor, at: datetime) -> bool:
    """It was told in error; whoever told it may drop it, too. Once. Opens its own scopes."""
    with scope(Role.STAFF):
        person = LifeChange.objects.values_list("person_id", flat=True).get(pk=pk)
    with transaction.atomic(), scope(Role.STAFF, persons=[person]):
        row = LifeChange.objects.select_for_update().get(pk=pk)
        if row.confirmed_at or row.dropped_at:
            return False
        row.dropped_at, row.dropped_by = at, by.id
        row.save(update_fields=["dropped_at", "dropped_by"])
        _leave(LifeEntry.DROPPED, row, by=by, at=at)
        if row.kind == LifeKind.SPLIT:
            open_again(person, row.paused, reference=row.case, by=by, at=at)
    return True


def _leave(kind: LifeEntry, row: LifeChange, *, by: Actor, at: datetime) -> None:
    counts = {"what": row.kind}
    record(kind, by=by, about=row.person_id, at=at, department=by.unit, reference=row.case, counts=counts)
