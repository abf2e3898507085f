"""Keeping what registers tell of who may act for whom: asked anew, and what is no longer told is gone."""

from datetime import datetime
from uuid import UUID

from msgspec import json

from portal.keys.indexes import blind_index
from portal.keys.models import KeyScope
from portal.keys.person_keys import person_keys
from portal.keys.seals import place, seal
from portal.people.actions import Arrival, Names, find_or_make, identity_code_of, marks_place, rename
from portal.people.behalf.register import SubjectTold, Told, ask
from portal.people.kinds import PeopleEntry
from portal.people.models import ActingRight, Person
from portal.walls import Role, scope

Row = tuple[Told, bytes]


def refresh_rights(actor: UUID, *, at: datetime) -> None:
    """Ask for whom this person may act, and keep just that. RegisterSilent: then nothing changes. Opens its scopes."""
    with scope(Role.RESIDENT, persons=[actor]):
        person = Person.objects.get(pk=actor)
        code, mine = identity_code_of(person), bytes(person.blind_index)
    told = {_known(subject, at=at): subject for subject in ask(code)}
    with scope(Role.LOGIN, persons=told, lookups=[mine, *(blind_index(each.identity_code) for each in told.values())]):
        # One after another where two guardians ask at once, always in the same order.
        list(Person.objects.select_for_update().filter(pk__in=told).order_by("pk").values_list("pk"))
        ActingRight.objects.filter(actor_index=mine).exclude(person_id__in=told).delete()
        keys = person_keys(told, KeyScope.IDENTITY)
        for subject, said in told.items():
            if subject in keys:
                rename(subject, Names(said.given_names, said.family_name))
                _keep_marks(subject, said, keys[subject])
                _keep_rights(subject, said, keys[subject], actor=actor, mine=mine, at=at)


def _known(subject: SubjectTold, *, at: datetime) -> UUID:
    arrival = Arrival(subject.identity_code, Names(subject.given_names, subject.family_name))
    return find_or_make(arrival, at=at, told_as=PeopleEntry.BECAME_KNOWN).pk


def _keep_marks(subject: UUID, said: SubjectTold, key: bytes) -> None:
    marks = {"protected": said.protected, "in_care": said.in_care, "died": said.died}
    sealed = seal(key, json.encode(marks), aad=marks_place(subject))
    Person.objects.filter(pk=subject).update(sealed_protection=sealed)


def _keep_rights(subject: UUID, said: SubjectTold, key: bytes, *, actor: UUID, mine: bytes, at: datetime) -> None:
    """Guardians as told; of other rights only the asker's own, as only those were asked about."""
    rows = {(blind_index(right.identity_code), right.kind.value): right for right in said.rights}
    for held in ActingRight.objects.filter(person_id=subject):
        kept = (bytes(held.actor_index), held.kind)
        if kept not in rows and (held.kind == "custody" or kept[0] == mine):
            held.delete()
    for (index, kind), right in rows.items():
        row = ActingRight.objects.filter(person_id=subject, actor_index=index, kind=kind).first()
        row = row or ActingRight(person_id=subject, actor_index=index, kind=kind)
        row.sealed_facts = seal(key, json.encode(right.bounds), aad=rights_place(subject, row.pk))
        row.told_at = at
        if index == mine:
            row.actor_id = actor
        row.save()


def rights_place(subject: UUID, row: UUID) -> bytes:
    """Where the bounds of a right stand sealed."""
    return place("people_actingright", "sealed_facts", subject, row)
