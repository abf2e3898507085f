"""What lies under the ring's keys `index` and `sessions` in this room, and how it moves when they are changed.

An index moves without any code: the newer key is laid over what is stored. Rights to act move before people, and people
before log-ins, so that who is family to a staff member is known at every moment.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.db import connection, transaction

from portal.keys.indexes import index_version, moved_on
from portal.keys.moving import After, Rows, SealedRows, lies_under
from portal.keys.ring import ring
from portal.people.second_step import moved_secrets
from portal.people.session_secrets import sealed_under
from portal.walls import Role, scope

_OLDER = "FROM {table} WHERE {column} IS NOT NULL AND index_version < %s"
_MOVE_ON = """
UPDATE {table} held SET {column} = new.index, index_version = %s
FROM unnest(%s::{kind}[], %s::bytea[]) AS new (id, index) WHERE held.id = new.id
"""
_OF_ONE = "UPDATE {table} SET {column} = %s, index_version = %s WHERE {column} = ANY (%s)"


class _Indexes:
    """One table's blind indexes."""

    def __init__(self, table: str, column: str, *, numbered: bool = False) -> None:
        self._words = {"table": table, "column": column, "kind": "bigint" if numbered else "uuid"}
        self._first: UUID | int = 0 if numbered else UUID(int=0)

    def _opened(self) -> AbstractContextManager[object]:
        # Log-ins stand outside the walls; the rest is moved as the worker.
        return transaction.atomic() if self._first == 0 else scope(Role.WORKER)

    def left(self, at: datetime) -> int:
        """On older versions."""
        with self._opened(), connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) {_OLDER.format(**self._words)}", [index_version()])
            (count,) = cursor.fetchone() or (0,)
        return int(count)

    def move(self, after: After, batch: int) -> tuple[int, After]:
        """Up to `batch` of them."""
        newest, words = index_version(), self._words
        older = _OLDER.format(**words) + " AND id > %s ORDER BY id LIMIT %s FOR UPDATE"
        with self._opened(), connection.cursor() as cursor:
            cursor.execute(
                f"SELECT id, {words['column']}, index_version {older}", [newest, after or self._first, batch]
            )
            rows = cursor.fetchall()
            if not rows:
                return 0, None
            indexes = [moved_on(bytes(index), version=version) for _, index, version in rows]
            cursor.execute(_MOVE_ON.format(**words), [newest, [row[0] for row in rows], indexes])
        return len(rows), rows[-1][0]

    def move_one(self, indexes: Sequence[bytes]) -> None:
        """Those of one person, within the worker's scope."""
        newest, *older = indexes
        with connection.cursor() as cursor:
            cursor.execute(_OF_ONE.format(**self._words), [newest, index_version(), older])


_RIGHTS = _Indexes("people_actingright", "actor_index")
_PEOPLE = _Indexes("people_person", "blind_index")
_LOG_INS = _Indexes("people_user", "own_index", numbered=True)


def move_rows_of(indexes: Sequence[bytes]) -> None:
    """While the key is being changed: rights and person of one who is here now, by `blind_indexes` of their code."""
    if len(indexes) > 1:
        with scope(Role.WORKER):
            _RIGHTS.move_one(indexes)
            _PEOPLE.move_one(indexes)


def _newer_secrets(row: Authenticator) -> dict[str, object]:
    data = moved_secrets(row.data)
    return {} if data is None else {"data": data}


def _sessions_left(at: datetime) -> int:
    newest, _ = ring().newest("sessions")
    living = Session.objects.filter(expire_date__gt=at).iterator(chunk_size=1000)
    return sum(any(version < newest for version in sealed_under(row.get_decoded())) for row in living)


def name_them() -> None:
    """Called once, at the start."""
    lies_under("index", Rows("rights to act for another", _RIGHTS.left, _RIGHTS.move))
    lies_under("index", Rows("people", _PEOPLE.left, _PEOPLE.move))
    lies_under("index", Rows("log-ins of staff", _LOG_INS.left, _LOG_INS.move))
    steps = SealedRows(Authenticator.objects.all, _newer_secrets, opened=transaction.atomic, first=0)
    lies_under("sessions", Rows("second steps of staff", steps.left, steps.move))
    lies_under("sessions", Rows("open sessions", _sessions_left, why="they end within 8 hours"))
