"""The population register tells of a new identity code: nothing changes by it; it becomes a case for two officers."""

from datetime import datetime
from uuid import UUID

from portal.keys.models import KeyScope
from portal.keys.person_keys import existing_person_keys
from portal.keys.seals import unseal
from portal.ledger.actions import record
from portal.ledger.actor import Actor
from portal.people.actions import identity_code_of
from portal.people.codes import new_code_place
from portal.people.models import Person, User
from portal.requests.life.enums import LifeKind
from portal.requests.life.errors import NotConfirmed
from portal.requests.life.kinds import LifeEntry
from portal.requests.life.models import LifeChange
from portal.requests.nearness import refuse_the_near
from portal.walls import Role, scope


def hear_codes(*, by: Actor, at: datetime) -> int:
    """A change for each code that the register told since; how many. One told is told once. Opens its own scopes."""
    with scope(Role.WORKER):
        told = Person.objects.filter(new_code_told_at__isnull=False, closed_at=None).order_by("new_code_told_at")
        waiting = dict(told.values_list("pk", "new_code_mark"))
        there = LifeChange.objects.filter(kind=LifeKind.CODE, person_id__in=waiting)
        known = {(person, bytes(mark or b"")) for person, mark in there.values_list("person_id", "new_mark")}
    new = [(person, bytes(mark or b"")) for person, mark in waiting.items()]
    new = [each for each in new if each not in known]
    for person, mark in new:
        with scope(Role.STAFF, persons=[person]):
            LifeChange.objects.create(person_id=person, kind=LifeKind.CODE, new_mark=mark, told_at=at, heard_at=at)
            record(LifeEntry.HEARD, by=by, about=person, at=at, counts={"what": LifeKind.CODE.value})
    return len(new)


def take_up(pk: UUID, *, case: str, staff: User, by: Actor, at: datetime) -> LifeChange:
    """An officer looks into it, in that case: from now on it is told by them, and another confirms it.

    NotConfirmed where somebody took it up or dropped it; TooNear. Opens its own scopes.
    """
    with scope(Role.STAFF):
        person = LifeChange.objects.values_list("person_id", flat=True).get(pk=pk)
    refuse_the_near(person, staff=staff, reference=case, by=by, at=at, colleagues_too=False)
    with scope(Role.STAFF, persons=[person]):
        row = LifeChange.objects.select_for_update().get(pk=pk)
        if row.told_by or row.dropped_at:
            raise NotConfirmed
        row.case, row.told_by, row.told_at = case, by.id, at
        row.save(update_fields=["case", "told_by", "told_at"])
        counts = {"what": row.kind}
        record(LifeEntry.TOLD, by=by, about=person, at=at, department=by.unit, reference=case, counts=counts)
    return row


def shown_codes(pk: UUID, *, staff: User, by: Actor, at: datetime) -> tuple[str, str]:
    """(code of now, code that the register told) of what they took up, to look for the papers; leaves an entry.

    NotConfirmed for another, and where it is settled; TooNear. Opens its own scopes.
    """
    with scope(Role.STAFF):
        row = LifeChange.objects.get(pk=pk)
    if row.heard_at is None or row.told_by != by.id or row.confirmed_at or row.dropped_at:
        raise NotConfirmed
    refuse_the_near(row.person_id, staff=staff, reference=row.case, by=by, at=at, colleagues_too=False)
    with scope(Role.WORKER, persons=[row.person_id]):
        person = Person.objects.get(pk=row.person_id)
        key = existing_person_keys([row.person_id], KeyScope.IDENTITY).get(row.person_id)
        if key is None or person.sealed_new_code is None:
            raise NotConfirmed
        record(LifeEntry.CODES_SHOWN, by=by, about=row.person_id, at=at, department=by.unit, reference=row.case)
        new = unseal(key, bytes(person.sealed_new_code), aad=new_code_place(row.person_id)).decode()
        return identity_code_of(person, key=key), new
