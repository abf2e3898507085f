"""Opening a person at a service point. Nobody is opened unseen: the entry stands in their own log."""

from datetime import datetime
from uuid import UUID, uuid4

from portal.keys.indexes import blind_index, blind_indexes
from portal.ledger.actions import record
from portal.ledger.actor import Actor
from portal.ledger.actor import acting_for as acting
from portal.ledger.entries import Json
from portal.people.actions import Arrival, Names, find_or_make
from portal.people.behalf.powers import power_of
from portal.people.behalf.refreshing import refresh_rights
from portal.people.behalf.rules import Power
from portal.people.kinds import PeopleEntry
from portal.people.models import Person, User
from portal.people.nearness import nearness
from portal.people.opened import note_opened
from portal.people.queries import is_closed
from portal.servicepoint.asked import Asked
from portal.servicepoint.errors import NeverHere, NotAvailable, TooNear
from portal.servicepoint.kinds import DeskEntry
from portal.servicepoint.openings import Opening
from portal.servicepoint.second import MAY_BE_AGREED, is_agreed, use_agreement
from portal.walls import Role, scope


def see_whether_to_open(asked: Asked, *, staff: User, by: Actor, at: datetime) -> None:
    """What is wrong with it is told before anybody is opened: TooNear, NeverHere. Opens its own scopes."""
    for code in filter(None, [asked.identity_code, asked.acting_code]):
        _refuse_the_near(code, staff=staff, by=by, at=at)
    if asked.names is None and _found(asked.acting_code or asked.identity_code) is None:
        raise NeverHere


def open_person(asked: Asked, *, staff: User, by: Actor, at: datetime) -> Opening:
    """Whom it is about and who is at the desk, with entries in their logs. Opens its own scopes.

    NotAnIdentityCode, TooNear, NeverHere; of who acts for another also NotAvailable, RegisterSilent. Whoever cannot go
    online has mostly never been here: with their names they become known, and nothing is fetched of them.
    """
    for code in filter(None, [asked.identity_code, asked.acting_code]):
        _refuse_the_near(code, staff=staff, by=by, at=at)
    if asked.acting_code:
        return _open_for_another(asked, staff=staff, by=by, at=at)
    person = _found(asked.identity_code) or _met(asked.identity_code, asked.names, by=by, at=at)
    _refuse_the_closed(person, by=by, at=at)
    _leave(DeskEntry.OPENED, asked, about=person, staff=staff, by=by, at=at)
    return Opening(person, asked.reason)


def _refuse_the_near(code: str, *, staff: User, by: Actor, at: datetime) -> None:
    near = nearness(staff, blind_indexes(code))
    if near in MAY_BE_AGREED and is_agreed(blind_index(code), staff=staff, by=by, at=at):
        return
    if near is not None:
        with scope(Role.STAFF, departments=staff.departments):
            record(DeskEntry.REFUSED, by=by, at=at, department=by.unit, counts={"reason": near.value})
        raise TooNear(near)


def _refuse_the_closed(person: UUID, *, by: Actor, at: datetime) -> None:
    with scope(Role.STAFF, persons=[person]):
        closed = is_closed(person)
    if closed:
        not_available(person, by=by, at=at)
        raise NotAvailable


def _open_for_another(asked: Asked, *, staff: User, by: Actor, at: datetime) -> Opening:
    """As on the web: the registers are asked who acts for whom; an unknown person is made the same way as any other."""
    actor = _found(asked.acting_code) or _met(asked.acting_code, asked.names, by=by, at=at)
    _refuse_the_closed(actor, by=by, at=at)
    _leave(DeskEntry.ASKED_REGISTER, asked, about=actor, staff=staff, by=by, at=at)
    refresh_rights(actor, at=at)
    person = _found(asked.identity_code) or uuid4()
    with scope(Role.STAFF, persons=[person], departments=staff.departments):
        power = power_of(actor, over=person, at=at)
    if power is None:
        not_available(actor, by=by, at=at)
        raise NotAvailable
    _leave(DeskEntry.OPENED, asked, about=person, staff=staff, by=by, at=at, power=power)
    with scope(Role.STAFF, persons=[person]):
        record(PeopleEntry.ACTED_FOR, by=acting(actor, power.right), about=person, at=at)
    return Opening(person, asked.reason, actor)


def not_available(actor: UUID, *, by: Actor, at: datetime) -> None:
    """The entry in the log of whoever asked for what is not to be seen here. Opens its own scope."""
    with scope(Role.STAFF, persons=[actor]):
        record(PeopleEntry.NOT_AVAILABLE, by=by, about=actor, at=at, department=by.unit)


def _leave(
    kind: DeskEntry, asked: Asked, *, about: UUID, staff: User, by: Actor, at: datetime, power: Power | None = None
) -> None:
    counts: dict[str, Json] = {"reason": asked.reason}
    if power:
        counts["right"] = power.right.value
    if kind is DeskEntry.OPENED and use_agreement(blind_index(asked.identity_code), staff=staff, by=by, at=at):
        counts["two"] = True
    with scope(Role.STAFF, persons=[about], departments=staff.departments):
        entry = record(kind, by=by, about=about, at=at, department=by.unit, reference=asked.case, counts=counts)
        if kind is DeskEntry.OPENED:
            note_opened(about, entry, by=by, at=at)


def _found(code: str) -> UUID | None:
    indexes = blind_indexes(code)
    with scope(Role.LOGIN, lookups=indexes):
        return Person.objects.filter(blind_index__in=indexes).values_list("pk", flat=True).first()


def _met(code: str, names: Names | None, *, by: Actor, at: datetime) -> UUID:
    if names is None:
        raise NeverHere
    return find_or_make(Arrival(code, names), at=at, told_as=PeopleEntry.MET_AT_DESK, told_by=by).pk
