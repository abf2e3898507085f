"""Entries about many people, alike but for the person: written out in bulk, appended for those they hold for."""

import struct
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg
from django.db import connection, transaction
from uuid_utils import uuid7

from portal.keys.models import KeyScope
from portal.keys.person_keys import person_keys
from portal.ledger.actor import Actor
from portal.ledger.entries import Facts, alike
from portal.ledger.kinds import EntryKind
from portal.walls import array_of_ids

_STAGE = """
CREATE TEMPORARY TABLE IF NOT EXISTS ledger_draft (subject uuid NOT NULL, id uuid NOT NULL, body bytea NOT NULL)
ON COMMIT DELETE ROWS
"""
_COPY = "COPY ledger_draft (subject, id, body) FROM STDIN (FORMAT binary)"
_APPEND = "INSERT INTO ledger_pending (id, body) SELECT id, body FROM ledger_draft WHERE subject <> ALL (%t::uuid[])"
_SIGNATURE = b"PGCOPY\n\xff\r\n\0" + struct.pack("!ii", 0, 0)
_TRAILER = struct.pack("!h", -1)
_ROW = struct.Struct("!hi16si16si")


class Drafts:
    """Within one transaction: `draft` people by the thousand while other work goes on, then `append` once.

    Drafts stand in a temporary table, so that memory does not grow with the people; the transaction's end takes them.
    """

    def __init__(
        self, *, by: Actor, at: datetime, department: str = "", datasets: Sequence[str] = (), reference: str = ""
    ) -> None:
        if not connection.in_atomic_block:
            raise transaction.TransactionManagementError("An entry is written in the transaction of what it tells.")
        self._by, self._at = by, at
        self._facts = Facts(None, department, "", datasets, reference)
        self._cursor: psycopg.Cursor[Any] = psycopg.Cursor(connection.connection)
        self._staged = False

    def draft(self, kind: EntryKind, *, about: Sequence[UUID], keys: Mapping[UUID, bytes] | None = None) -> None:
        """Write out one entry for each of these people. Whoever's `log` key was destroyed gets none.

        `keys`: {person: `log` key} of these people and others, where they were read already.
        """
        if not about:
            return
        if not self._staged:
            self._cursor.execute(_STAGE)
            self._staged = True
        if keys is None:
            keys = person_keys(about, KeyScope.LOG)
        make = alike(kind.value, by=self._by, at=self._at, facts=self._facts)
        block = bytearray(_SIGNATURE)
        for person in about:
            if (key := keys.get(person)) is None:
                continue
            entry = uuid7()
            body = make(entry, person, key)
            block += _ROW.pack(3, 16, person.bytes, 16, entry.bytes, len(body))
            block += body
        with self._cursor.copy(_COPY) as copy:
            copy.write(block + _TRAILER)

    def append(self, *, but: Sequence[UUID] = ()) -> None:
        """Append the drafts to the log, and drop those about the people of `but`."""
        if self._staged:
            self._cursor.execute(_APPEND, [array_of_ids(but)])
            self._cursor.execute("TRUNCATE ledger_draft")
        self._cursor.close()


def record_many(
    kind: EntryKind,
    *,
    by: Actor,
    at: datetime,
    about: Sequence[UUID],
    department: str = "",
    datasets: Sequence[str] = (),
    reference: str = "",
) -> None:
    """Append one entry about each of these people, alike but for the person, as `record` does."""
    drafts = Drafts(by=by, at=at, department=department, datasets=datasets, reference=reference)
    drafts.draft(kind, about=about)
    drafts.append()
