"""Sheets that are ready to be merged: compressed, sealed, and set down in a temporary table until a reading ends."""

import struct
from collections.abc import Iterable
from typing import Any
from uuid import UUID

import psycopg
import zstandard
from uuid_utils import uuid4

from datasources.places import sheet_place
from datasources.protocol import Holding
from portal.keys.seals import seal

_WRITE_BYTES = 256 << 10
_SIGNATURE = b"PGCOPY\n\xff\r\n\0" + struct.pack("!ii", 0, 0)
_TRAILER = struct.pack("!h", -1)
_HEAD = struct.Struct("!hi16si16si32si")
_TAIL = struct.Struct("!iii")
_LEVEL, _NULL = 1, -1

# With the id that the row gets if it is new: PostgreSQL takes as long to make one as to write the row.
_TABLE = """
CREATE TEMPORARY TABLE IF NOT EXISTS sheet_staging (
    id uuid NOT NULL, person_id uuid NOT NULL, digest bytea NOT NULL, body bytea NOT NULL, row_count int NOT NULL,
    changes bytea
) ON COMMIT DELETE ROWS
"""
_COPY = "COPY sheet_staging (id, person_id, digest, body, row_count, changes) FROM STDIN (FORMAT binary)"

# Person, digest, holding, `records` key, what changed (sealed; empty: nothing is said).
Ready = tuple[UUID, bytes, Holding, bytes, bytes]


class Staging:
    """The table `sheet_staging`, within one transaction; each person once."""

    def __init__(self, cursor: psycopg.Cursor[Any], dataset: UUID) -> None:
        self._cursor, self._dataset = cursor, str(dataset)
        self._compress = zstandard.ZstdCompressor(level=_LEVEL).compress
        self.count = 0

    def add(self, sheets: Iterable[Ready]) -> None:
        """Seal these and set them down."""
        if not self.count:
            self._cursor.execute(_TABLE)
        with self._cursor.copy(_COPY) as copy:
            block = bytearray(_SIGNATURE)
            for ready in sheets:
                self._pack(block, *ready)
                if len(block) >= _WRITE_BYTES:
                    copy.write(block)
                    block = bytearray()
            copy.write(block + _TRAILER)

    def empty(self) -> None:
        """For what is read next."""
        self._cursor.execute("TRUNCATE sheet_staging")
        self.count = 0

    def _pack(self, block: bytearray, person: UUID, told: bytes, holding: Holding, key: bytes, changes: bytes) -> None:
        body = seal(key, self._compress(holding.body), aad=sheet_place(person, self._dataset))
        block += _HEAD.pack(6, 16, uuid4().bytes, 16, person.bytes, 32, told, len(body))
        block += body
        block += _TAIL.pack(4, holding.row_count, len(changes) or _NULL)
        block += changes
        self.count += 1
