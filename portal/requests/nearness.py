"""Whose requests a staff member has no part in: their own, their family's, a colleague's."""

from datetime import datetime
from uuid import UUID

from portal.keys.indexes import moved_on
from portal.ledger.actions import record
from portal.ledger.actor import Actor
from portal.people.models import Person, User
from portal.people.nearness import Nearness, nearness
from portal.requests.errors import TooNear
from portal.requests.kinds import RequestEntry
from portal.walls import Role, scope


def refuse_the_near(
    person: UUID, *, staff: User, reference: str, by: Actor, at: datetime, colleagues_too: bool = True
) -> None:
    """TooNear, which leaves an entry as well; passes who is far enough. Opens its own scopes.

    `colleagues_too`: False where nothing is opened and two people do it: officers are everybody's colleagues.
    """
    with scope(Role.STAFF, persons=[person], departments=staff.departments):
        index, version = Person.objects.values_list("blind_index", "index_version").get(pk=person)
    theirs = [moved_on(bytes(index), version=version), bytes(index)]
    refuse_near_indexes(theirs, staff=staff, reference=reference, by=by, at=at, colleagues_too=colleagues_too)


def refuse_near_indexes(
    theirs: list[bytes], *, staff: User, reference: str, by: Actor, at: datetime, colleagues_too: bool = True
) -> None:
    """The same of somebody who may not be known here, by the blind indexes of their code. Opens its own scopes."""
    near = nearness(staff, theirs)
    if near is Nearness.COLLEAGUE and not colleagues_too:
        return
    if near is not None:
        with scope(Role.STAFF, departments=staff.departments):
            record(RequestEntry.REFUSED, by=by, at=at, reference=reference, counts={"reason": near.value})
        raise TooNear
