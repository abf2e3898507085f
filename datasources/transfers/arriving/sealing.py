"""In and out of the seals of this room: a row's own key lies under the person's, and opens the row's columns."""

from typing import Any
from uuid import UUID

import msgspec
import zstandard
from django.db import connection
from uuid_utils.compat import uuid7

from portal.keys.models import KeyScope
from portal.keys.person_keys import existing_person_keys, key_begun
from portal.keys.seals import place, seal, unseal

# As a column gives it.
Sealed = bytes | memoryview
# Unpacked: the files of one item, as a package may hold them.
_LARGEST = 160 << 20
# Any number, the same in every process: the first half of the lock of a person.
_LOCKS = 0x6D6F7665


def hold(person: UUID) -> None:
    """One at a time changes what arrived of a person: to the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_LOCKS, str(person)])


def new_arrival() -> UUID:
    """The id of a package whose file is here before its row."""
    return UUID(bytes=uuid7().bytes)


def wrapped_key(key: bytes, *, of: UUID, person: UUID) -> bytes:
    """A row's own key, under the person's; within a scope that covers them. Their key is made where there is none."""
    return seal(key_begun(person, KeyScope.BROUGHT), key, aad=_key_place(of))


def key_in(sealed: Sealed, *, of: UUID, under: bytes) -> bytes:
    """A row's own key; `under` is the person's. SealBroken."""
    return unseal(under, bytes(sealed), aad=_key_place(of))


def moved_key(sealed: Sealed, *, of: UUID, old: bytes, new: bytes) -> bytes:
    """A row's own key as it lies under another key of the person's."""
    return seal(new, key_in(sealed, of=of, under=old), aad=_key_place(of))


def brought_key(person: UUID) -> bytes | None:
    """The person's key, where there is one; nothing is made."""
    return existing_person_keys([person], KeyScope.BROUGHT).get(person)


def sealed_thing(told: Any, column: str, *, of: UUID, key: bytes) -> bytes:
    """Anything that JSON can say, under the row's own key."""
    return _sealed(msgspec.json.encode(told), column, of=of, key=key)


def opened_thing(sealed: Sealed, column: str, *, of: UUID, key: bytes) -> Any:
    """The same again."""
    return msgspec.json.decode(_opened(sealed, column, of=of, key=key))


def sealed_files(files: dict[str, bytes], *, of: UUID, key: bytes) -> bytes:
    """The files of an item, to the byte."""
    return _sealed(msgspec.msgpack.encode(files), "body", of=of, key=key)


def opened_files(sealed: Sealed, *, of: UUID, key: bytes) -> dict[str, bytes]:
    """The same again."""
    return msgspec.msgpack.decode(_opened(sealed, "body", of=of, key=key), type=dict[str, bytes])


def _sealed(plain: bytes, column: str, *, of: UUID, key: bytes) -> bytes:
    return seal(key, zstandard.ZstdCompressor().compress(plain), aad=place("transfers", column, of))


def _opened(sealed: Sealed, column: str, *, of: UUID, key: bytes) -> bytes:
    packed = unseal(key, bytes(sealed), aad=place("transfers", column, of))
    return zstandard.ZstdDecompressor().decompress(packed, max_output_size=_LARGEST)


def _key_place(of: UUID) -> bytes:
    return place("transfers", "sealed_key", of)
