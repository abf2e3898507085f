"""Opening a person at a service point. Nobody is opened unseen: the entry stands in their own log."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from portal.keys.indexes import blind_index
from portal.ledger.actions import record
from portal.ledger.actor import Actor
from portal.people.actions import Arrival, Names, find_or_make
from portal.people.kinds import PeopleEntry
from portal.people.models import Person, User
from portal.servicepoint.errors import NeverHere, TooNear
from portal.servicepoint.kinds import DeskEntry
from portal.servicepoint.nearness import nearness
from portal.walls import Role, scope


@dataclass(frozen=True)
class Asked:
    """Whom staff want to open and why: `reason` one of `DeskReason`, `case` the number in the case register or empty.

    `names` as in the identity document, for who was never here. `repr` tells neither code nor names.
    """

    identity_code: str = field(repr=False)
    reason: str
    case: str = ""
    names: Names | None = field(default=None, repr=False)


def open_person(asked: Asked, *, staff: User, by: Actor, at: datetime) -> UUID:
    """The person's id, with an entry in their log. NotAnIdentityCode, TooNear, NeverHere. Opens its own scopes.

    Whoever cannot go online has mostly never been here: with their names they become known, and nothing is fetched
    of them.
    """
    index = blind_index(asked.identity_code)
    if (near := nearness(staff, index)) is not None:
        with scope(Role.STAFF, departments=staff.departments):
            record(DeskEntry.REFUSED, by=by, at=at, department=by.unit, counts={"reason": near.value})
        raise TooNear
    person = _found(index) or _met(asked, by=by, at=at)
    with scope(Role.STAFF, persons=[person], departments=staff.departments):
        counts = {"reason": asked.reason}
        record(DeskEntry.OPENED, by=by, about=person, at=at, department=by.unit, reference=asked.case, counts=counts)
    return person


def _found(index: bytes) -> UUID | None:
    with scope(Role.LOGIN, lookups=[index]):
        return Person.objects.filter(blind_index=index).values_list("pk", flat=True).first()


def _met(asked: Asked, *, by: Actor, at: datetime) -> UUID:
    if asked.names is None:
        raise NeverHere
    arrival = Arrival(asked.identity_code, asked.names)
    return find_or_make(arrival, at=at, told_as=PeopleEntry.MET_AT_DESK, told_by=by).pk
