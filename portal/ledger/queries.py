"""Reading the log. A read starts from the person; row security holds the same line below."""

import json
from base64 import b64decode
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from portal.keys.models import KeyScope
from portal.keys.person_keys import existing_person_keys
from portal.keys.seals import unseal
from portal.ledger.entries import Json, details_place
from portal.ledger.models import Checkpoint, Copying, Cosignature, Entry

# Longer than these, and somebody should look.
WAITS_TOO_LONG = timedelta(minutes=2)
FAILS_TOO_LONG = timedelta(minutes=15)
_CLOCK_LOOKS_BACK = timedelta(days=1)

_WAITS_SINCE = "SELECT uuid_extract_timestamp(id) FROM ledger_pending ORDER BY id LIMIT 1"
# Among the newest, whatever the clock said: a seal that is signed before the one under it.
_WENT_BACK = """
SELECT max(before) FROM (
    SELECT signed_at, lag(signed_at) OVER (ORDER BY size) AS before
    FROM (SELECT size, signed_at FROM ledger_checkpoint ORDER BY size DESC LIMIT 10000) AS newest
) AS seals WHERE signed_at < before AND before > %s
"""


def seals() -> QuerySet[Checkpoint]:
    """Every signed head of the log, newest first; public."""
    return Checkpoint.objects.order_by("-size")


def cosignatures_of(sizes: Sequence[int]) -> QuerySet[Cosignature]:
    """What witnesses signed on these seals; public."""
    return Cosignature.objects.filter(size__in=sizes).order_by("witness")


def unsealed_since(*, at: datetime) -> datetime | None:
    """When the oldest entry that waits too long was written; within a scope that sees what waits."""
    found = _moment(_WAITS_SINCE, [])
    return found if found and found < at - WAITS_TOO_LONG else None


def clock_went_back(*, at: datetime) -> datetime | None:
    """What the clock had said before it was set back, in the last day."""
    return _moment(_WENT_BACK, [at - _CLOCK_LOOKS_BACK])


def copies_failing(*, at: datetime) -> QuerySet[Copying]:
    """Where seals have not been copied to for long."""
    return Copying.objects.filter(failing_since_at__lt=at - FAILS_TOO_LONG)


def _moment(sql: str, parameters: Sequence[datetime]) -> datetime | None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        row = cursor.fetchone()
    return row[0] if row else None


def entries_about(person: UUID) -> QuerySet[Entry]:
    """Everything that happened to this person's data or permissions, newest first."""
    return Entry.objects.filter(subject=person).defer("body")


def entry_about(person: UUID, pk: UUID) -> Entry | None:
    """One of these entries."""
    return entries_about(person).filter(pk=pk).first()


def entries_of_departments() -> QuerySet[Entry]:
    """What the staff scope lets through: the entries of one's own departments, or all for the auditor and DPO."""
    return Entry.objects.defer("body")


def details_of(entry: Entry) -> dict[str, Json]:
    """The sealed details of an entry about a person, opened; empty when there are none or the key has ended."""
    sealed = json.loads(bytes(entry.body)).get("details")
    if not sealed or entry.subject is None:
        return {}
    key = existing_person_keys([entry.subject], KeyScope.LOG).get(entry.subject)
    if key is None:
        return {}
    opened: dict[str, Json] = json.loads(unseal(key, b64decode(sealed), aad=details_place(entry.id)))
    return opened
