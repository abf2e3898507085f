"""Whom a staff member never opens: themselves, their family, their colleagues; and everyone, while it cannot be known.

Custody and mandates tell of family only what the registers told of those who were here; the rest is a matter of trust
and of the log (434/2003 28 §: disqualification).
"""

from enum import StrEnum

from portal.people.models import ActingRight, Person, User, UserKind
from portal.walls import Role, scope
from portal.walls.scope import ALL_DEPARTMENTS


class Nearness(StrEnum):
    """Why a person is too near."""

    UNKNOWN = "unknown"
    OWN = "own"
    FAMILY = "family"
    COLLEAGUE = "colleague"


def nearness(staff: User, index: bytes) -> Nearness | None:
    """How near the person with this blind index is; None: far enough. Opens its own scope."""
    if staff.own_index is None:
        return Nearness.UNKNOWN
    mine = bytes(staff.own_index)
    if mine == index:
        return Nearness.OWN
    with scope(Role.LOGIN, lookups=[mine, index]):
        if _is_family(mine, index):
            return Nearness.FAMILY
        return Nearness.COLLEAGUE if _is_colleague(staff, index) else None


def _is_family(mine: bytes, theirs: bytes) -> bool:
    """One may act for the other, or both for a third, as for a child of theirs."""
    people = {bytes(row.blind_index): row.pk for row in Person.objects.filter(blind_index__in=[mine, theirs])}
    acts_for: dict[bytes, set[object]] = {mine: set(), theirs: set()}
    rights = ActingRight.objects.filter(actor_index__in=[mine, theirs], kind="custody")
    for index, person in rights.values_list("actor_index", "person_id"):
        acts_for[bytes(index)].add(person)
    one_is_the_others = people.get(theirs) in acts_for[mine] or people.get(mine) in acts_for[theirs]
    return one_is_the_others or bool(acts_for[mine] & acts_for[theirs])


def _is_colleague(staff: User, index: bytes) -> bool:
    others = User.objects.filter(kind=UserKind.STAFF, own_index=index)
    if ALL_DEPARTMENTS in staff.departments:
        return others.exists()
    return others.filter(departments__overlap=[*staff.departments, ALL_DEPARTMENTS]).exists()
