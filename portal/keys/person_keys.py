"""Keys of people: made when first needed, unwrapped in bulk, ended for ever."""

import os
from collections.abc import Callable, Iterable, Sequence, Set
from datetime import datetime
from uuid import UUID

from portal.keys.errors import KeyDestroyed
from portal.keys.models import KeyScope, PersonKey
from portal.keys.ring import ring
from portal.keys.seals import opener, place, seal, unseal
from portal.walls import array_of_ids, bulk, sent
from portal.walls.sql import theirs

_LIVING = """
SELECT person_id, scope, ring_version, wrapped FROM keys.person_key
WHERE person_id = ANY (%t::uuid[]) AND scope = ANY (%t::text[]) AND destroyed_at IS NULL
"""
_OF_ONE = """
SELECT ring_version, wrapped FROM keys.person_key WHERE person_id = %s AND scope = %s AND destroyed_at IS NULL
"""
_OF_THE_ONE = f"""
SELECT person_id, ring_version, wrapped FROM keys.person_key
WHERE {theirs()} AND scope = %s AND destroyed_at IS NULL
"""  # noqa: S608
_NEW = """
INSERT INTO keys.person_key (id, person_id, scope, ring_version, wrapped, created_at)
SELECT gen_random_uuid(), person, %b, %b, key, now() FROM unnest(%b::uuid[], %b::bytea[]) AS new (person, key)
ON CONFLICT DO NOTHING RETURNING person_id
"""


def _aad(person: UUID, scope: str) -> bytes:
    return place("person_key", "wrapped", person, scope)


def _make(persons: Iterable[UUID], scope: KeyScope) -> None:
    version, wrap = ring().newest("wrap")
    wrapped = {person: seal(wrap, os.urandom(32), aad=_aad(person, scope)) for person in persons}
    bulk(_NEW, [scope.value, version, list(wrapped), list(wrapped.values())])


def existing_person_keys(persons: Iterable[UUID], scope: KeyScope) -> dict[UUID, bytes]:
    """{person: 32 bytes} of those who have a living key; nothing is made."""
    return _living(persons, [scope])[scope]


def _living(persons: Iterable[UUID], scopes: Sequence[KeyScope]) -> dict[str, dict[UUID, bytes]]:
    rows = bulk(_LIVING, [array_of_ids(persons), [scope.value for scope in scopes]])
    wraps = {version: opener(ring().version("wrap", version)) for version in {row[2] for row in rows}}
    found: dict[str, dict[UUID, bytes]] = {scope.value: {} for scope in scopes}
    for person, scope, version, wrapped in rows:
        found[scope][person] = wraps[version](wrapped, _aad(person, scope))
    return found


def key_of_the_one(scope: KeyScope) -> Callable[[], bytes | None]:
    """What reads the living key of the one person whom the database scope covers; None when it covers nobody."""
    rows = sent(_OF_THE_ONE, [scope.value])

    def read() -> bytes | None:
        for person, version, wrapped in rows():
            return unwrapped(person, scope, version=version, wrapped=bytes(wrapped))
        return None

    return read


def key_sent_for(person: UUID, scope: KeyScope) -> Callable[[], bytes]:
    """What reads one person's key as `person_key` does; the statement travels with what is sent beside it."""
    rows = sent(_OF_ONE, [person, scope.value])

    def read() -> bytes:
        for version, wrapped in rows():
            return unwrapped(person, scope, version=version, wrapped=bytes(wrapped))
        return person_key(person, scope)

    return read


def unwrapped(person: UUID, scope: KeyScope, *, version: int, wrapped: bytes) -> bytes:
    """The 32 bytes of a key that was read beside what it opens."""
    return unseal(ring().version("wrap", version), wrapped, aad=_aad(person, scope))


def rewrapped(person: UUID, scope: str, *, version: int, wrapped: bytes) -> bytes:
    """A person's key as the newest version of the ring key wraps it; it is never there in plain outside of here."""
    place_of_it = _aad(person, scope)
    plain = unseal(ring().version("wrap", version), wrapped, aad=place_of_it)
    return seal(ring().newest("wrap")[1], plain, aad=place_of_it)


def person_keys(persons: Iterable[UUID], scope: KeyScope) -> dict[UUID, bytes]:
    """{person: 32 bytes}; missing keys are made, destroyed ones are left out."""
    wanted = set(persons)
    return _completed(existing_person_keys(wanted, scope), wanted, scope)


def keys_of_each(
    persons: Iterable[UUID], scope: KeyScope, also: KeyScope
) -> tuple[dict[UUID, bytes], dict[UUID, bytes]]:
    """`person_keys` of two scopes, read at once; of the second only for those who have a key of the first."""
    wanted = set(persons)
    found = _living(wanted, [scope, also])
    keys = _completed(found[scope], wanted, scope)
    return keys, _completed(found[also], keys.keys(), also)


def _completed(keys: dict[UUID, bytes], wanted: Set[UUID], scope: KeyScope) -> dict[UUID, bytes]:
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


def begin_anew(person: UUID, scopes: Iterable[KeyScope]) -> bool:
    """In the place of ended keys others, where there are any: only because the person themselves wants to begin anew.

    What the older ones sealed stays unreadable.
    """
    version, wrap = ring().newest("wrap")
    ended = PersonKey.objects.filter(person_id=person, scope__in=list(scopes), destroyed_at__isnull=False)
    for row in ended:
        row.wrapped = seal(wrap, os.urandom(32), aad=_aad(person, row.scope))
        row.ring_version, row.destroyed_at = version, None
        row.save(update_fields=["wrapped", "ring_version", "destroyed_at"])
    return bool(ended)


def key_begun(person: UUID, scope: KeyScope) -> bytes:
    """32 bytes of one person's key, made if missing, and made anew if it was ended: what was sealed stays unreadable.

    For what a person brings themselves, and may bring again after they had everything removed.
    """
    if key := person_keys([person], scope).get(person):
        return key
    begin_anew(person, [scope])
    return person_key(person, scope)


def destroy_key(person: UUID, scope: KeyScope, *, at: datetime) -> None:
    """End the key: what it sealed, in backups too, is unreadable from now on."""
    PersonKey.objects.filter(person_id=person, scope=scope, destroyed_at=None).update(wrapped=None, destroyed_at=at)
