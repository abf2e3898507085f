"""What one holds before one changes what a person brought, and the key of a file that is on its way."""

from uuid import UUID

from django.db import connection
from uuid_utils.compat import uuid7

from datasources.wearables.models import Import
from portal.keys.models import KeyScope
from portal.keys.person_keys import key_begun
from portal.keys.seals import place, seal, unseal

# Any number, the same in every process: the first half of the lock of a person.
_LOCKS = 0x77617463


def hold(person: UUID) -> None:
    """One at a time changes what a person brought: to the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_LOCKS, str(person)])


def new_upload() -> UUID:
    """The id of a file that comes whole; its row is made when it is here."""
    return UUID(bytes=uuid7().bytes)


def sealed_key(upload: UUID, key: bytes, *, person: UUID) -> bytes:
    """The key of a file, under the person's own; within a scope that covers the person."""
    return seal(key_begun(person, KeyScope.BROUGHT), key, aad=_place(upload))


def file_key(row: Import) -> bytes:
    """What opens the file of an open import; within a scope that covers the person. SealBroken."""
    return unseal(key_begun(row.person_id, KeyScope.BROUGHT), bytes(row.sealed_key or b""), aad=_place(row.pk))


def _place(upload: UUID) -> bytes:
    return place("wearables_import", "sealed_key", upload)
