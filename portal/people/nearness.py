"""Whom a staff member never opens: themselves, their family, their colleagues; and everyone, while it cannot be known.

Custody and mandates tell of family only what the registers told of those who were here; the rest is a matter of trust
and of the log (434/2003 28 §: disqualification).
"""

from collections.abc import Sequence
from enum import StrEnum
from uuid import UUID

from portal.keys.indexes import moved_on
from portal.people.models import ActingRight, Person, User, UserKind
from portal.walls import Role, scope
from portal.walls.scope import ALL_DEPARTMENTS


class Nearness(StrEnum):
    """Why a person is too near."""

    UNKNOWN = "unknown"
    OWN = "own"
    FAMILY = "family"
    COLLEAGUE = "colleague"


def nearness(staff: User, theirs: Sequence[bytes]) -> Nearness | None:
    """How near the person with these blind indexes is; None: far enough. Opens its own scope.

    While the key of the index is being changed each of the two is known by both of theirs (`blind_indexes`).
    """
    if staff.own_index is None:
        return Nearness.UNKNOWN
    own = bytes(staff.own_index)
    mine = [moved_on(own, version=staff.index_version), own]
    if own in theirs:
        return Nearness.OWN
    with scope(Role.LOGIN, lookups=[*mine, *theirs]):
        if _is_family(mine, theirs):
            return Nearness.FAMILY
        return Nearness.COLLEAGUE if _is_colleague(staff, theirs) else None


def _is_family(mine: Sequence[bytes], theirs: Sequence[bytes]) -> bool:
    """One may act for the other, or both for a third, as for a child of theirs."""
    (me, i_act_for), (they, they_act_for) = _acting(mine), _acting(theirs)
    return bool(they & i_act_for or me & they_act_for or i_act_for & they_act_for)


def _acting(indexes: Sequence[bytes]) -> tuple[set[UUID], set[UUID]]:
    """(the person of these indexes, where there is one; for whom they have custody)."""
    person = Person.objects.filter(blind_index__in=indexes).values_list("pk", flat=True)
    rights = ActingRight.objects.filter(actor_index__in=indexes, kind="custody").values_list("person_id", flat=True)
    return set(person), set(rights)


def _is_colleague(staff: User, indexes: Sequence[bytes]) -> bool:
    others = User.objects.filter(kind=UserKind.STAFF, own_index__in=indexes)
    if ALL_DEPARTMENTS in staff.departments:
        return others.exists()
    return others.filter(departments__overlap=[*staff.departments, ALL_DEPARTMENTS]).exists()
