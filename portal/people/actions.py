"""Arriving: the first sign-in makes a Person, every later one finds it by the blind index."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID, uuid4

from allauth.usersessions.models import UserSession
from django.db import transaction

from portal.keys.indexes import blind_indexes, index_version
from portal.keys.models import KeyScope
from portal.keys.person_keys import person_key
from portal.keys.seals import place, seal, unseal
from portal.ledger.actions import record
from portal.ledger.actor import Actor, resident, system
from portal.people.codes import hold_code, sealed_code
from portal.people.kinds import PeopleEntry
from portal.people.models import Person, User
from portal.walls import Role, scope


@dataclass(frozen=True)
class Names:
    """What strong identification tells of a name."""

    given: str
    family: str


@dataclass(frozen=True)
class Arrival:
    """Verified claims of one sign-in. Never logged; `repr` tells nothing."""

    identity_code: str
    names: Names
    email: str = ""

    def __repr__(self) -> str:
        return "Arrival(...)"


def marks_place(person: UUID) -> bytes:
    """Where the marks of protection stand sealed."""
    return place("people_person", "sealed_protection", person)


def _seal(person: UUID, column: str, text: str, key: bytes | None = None) -> bytes:
    key = key or person_key(person, KeyScope.IDENTITY)
    return seal(key, text.encode(), aad=place("people_person", column, person))


def _unseal(person: Person, column: str, key: bytes | None = None) -> str:
    key = key or person_key(person.pk, KeyScope.IDENTITY)
    return unseal(key, bytes(getattr(person, column)), aad=place("people_person", column, person.pk)).decode()


def names_of(person: Person, *, key: bytes | None = None) -> Names:
    """The person's names, opened; inside a scope that covers the person. `key`: theirs, where it is at hand."""
    return Names(**json.loads(_unseal(person, "sealed_names", key)))


def identity_code_of(person: Person, *, key: bytes | None = None) -> str:
    """The identity code, opened, for asking a source about this person; it goes into request bodies only."""
    return _unseal(person, "sealed_identity_code", key)


def sealed_names(person: UUID, names: Names, *, key: bytes | None = None) -> bytes:
    """As they stand in the person's row. `key`: theirs, where it is at hand."""
    return _seal(person, "sealed_names", json.dumps(asdict(names), ensure_ascii=False), key)


def email_of(person: Person) -> str:
    """The verified e-mail address, opened, for sending a letter; empty when no sign-in has brought one."""
    return _unseal(person, "sealed_email") if person.sealed_email else ""


def _found(indexes: Sequence[bytes]) -> Person | None:
    with scope(Role.LOGIN, lookups=indexes):
        return Person.objects.filter(blind_index__in=indexes).first()


def _make(arrival: Arrival, *, at: datetime, told_as: PeopleEntry, told_by: Actor | None) -> Person:
    person = uuid4()
    indexes = blind_indexes(arrival.identity_code)
    with scope(Role.LOGIN, persons=[person], lookups=indexes):
        hold_code(arrival.identity_code)
        if found := Person.objects.filter(blind_index__in=indexes).first():
            return found
        made = Person.objects.create(
            pk=person,
            blind_index=indexes[0],
            index_version=index_version(),
            sealed_identity_code=sealed_code(person, arrival.identity_code),
            sealed_names=sealed_names(person, arrival.names),
            created_at=at,
        )
        by = told_by or (resident(person) if told_as is PeopleEntry.ARRIVED else system("people.refresh_rights"))
        record(told_as, by=by, about=person, at=at)
    return made


def find_or_make(
    arrival: Arrival, *, at: datetime, told_as: PeopleEntry = PeopleEntry.ARRIVED, told_by: Actor | None = None
) -> Person:
    """The Person of these claims; made, with an entry, when not met here before. Opens its own scopes.

    `told_by`: who brought them; else the person themselves, or the job that asks registers.
    """
    if found := _found(blind_indexes(arrival.identity_code)):
        return found
    return _make(arrival, at=at, told_as=told_as, told_by=told_by)


def sign_in(person: Person, arrival: Arrival, *, by: Actor, at: datetime, method: str) -> None:
    """Keep the newest names and e-mail, and leave an entry. `method` is the level of assurance, never a bank's name."""
    with scope(Role.LOGIN, persons=[person.pk], lookups=blind_indexes(arrival.identity_code)):
        person.sealed_names = sealed_names(person.pk, arrival.names)
        if arrival.email:
            person.sealed_email = _seal(person.pk, "sealed_email", arrival.email)
        person.last_signed_in_at = at
        person.save(update_fields=["sealed_names", "sealed_email", "last_signed_in_at"])
        record(PeopleEntry.SIGNED_IN, by=by, about=person.pk, at=at, counts={"assurance": method})


def end_session(user: User, session_id: int, *, by: Actor, at: datetime) -> bool:
    """Sign out there: end one open session of this log-in (`UserSession.pk`), with an entry; False when it has none
    such. Outside every scope."""
    with transaction.atomic():
        session = UserSession.objects.filter(user=user, pk=session_id).first()
        if session is None:
            return False
        session.end()
        person = user.person_id
        with scope(Role.LOGIN, persons=[person] if person else []):
            record(PeopleEntry.SIGNED_OUT, by=by, about=person, at=at, counts={"from": "elsewhere"})
    return True
