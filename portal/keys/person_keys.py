"""Keys of people: made when first needed, unwrapped in bulk, ended for ever."""

import os
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from portal.keys.errors import KeyDestroyed
from portal.keys.models import KeyScope, PersonKey
from portal.keys.ring import ring
from portal.keys.seals import place, seal, unseal


def _aad(person: UUID, scope: str) -> bytes:
    return place("person_key", "wrapped", person, scope)


def _unwrap(row: PersonKey) -> bytes:
    return unseal(
        ring().version("wrap", row.ring_version),
        bytes(row.wrapped or b""),
        aad=_aad(row.person_id, row.scope),
    )


def _make(persons: Iterable[UUID], scope: KeyScope) -> None:
    version, wrap = ring().newest("wrap")
    rows = [
        PersonKey(
            person_id=person,
            scope=scope,
            ring_version=version,
            wrapped=seal(wrap, os.urandom(32), aad=_aad(person, scope)),
        )
        for person in persons
    ]
    PersonKey.objects.bulk_create(rows, ignore_conflicts=True)


def existing_person_keys(persons: Iterable[UUID], scope: KeyScope) -> dict[UUID, bytes]:
    """{person: 32 bytes} of those who have a living key; nothing is made."""
    rows = PersonKey.objects.filter(person_id__in=list(persons), scope=scope, destroyed_at=None)
    return {row.person_id: _unwrap(row) for row in rows}


def person_keys(persons: Iterable[UUID], scope: KeyScope) -> dict[UUID, bytes]:
    """{person: 32 bytes}; missing keys are made, destroyed ones are left out."""
    wanted = set(persons)
    keys = existing_person_keys(wanted, scope)
    if missing := wanted - keys.keys():
        # Another process may make the same key: the first one stands and both read it back.
        _make(missing, scope)
        keys |= existing_person_keys(missing, scope)
    return keys


def person_key(person: UUID, scope: KeyScope) -> bytes:
    """32 bytes of one person's key, made if missing; KeyDestroyed when it was ended."""
    keys = person_keys([person], scope)
    if person not in keys:
        raise KeyDestroyed("This person's key was destroyed.")
    return keys[person]


def destroy_key(person: UUID, scope: KeyScope, *, at: datetime) -> None:
    """End the key: what it sealed, in backups too, is unreadable from now on."""
    PersonKey.objects.filter(person_id=person, scope=scope, destroyed_at=None).update(wrapped=None, destroyed_at=at)
