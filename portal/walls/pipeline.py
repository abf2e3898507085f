"""Fewer ways to the database and back: statements wait for one another and are sent together."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from time import monotonic
from typing import Any, cast

from django.db import DEFAULT_DB_ALIAS, OperationalError, connections

from portal.walls.postgresql.base import DatabaseWrapper
from portal.walls.wire import Said

Rows = list[tuple[Any, ...]]


class _Here(threading.local):
    """Of this thread: Django's connection while statements wait for one another, and those that do."""

    def __init__(self) -> None:
        self.database: DatabaseWrapper | None = None
        self.waiting: list[Said] = []


_here = _Here()


@contextmanager
def pipelined() -> Iterator[None]:
    """Send statements (`sent`, `told`) without waiting for what each answers: one way there and back, until a read.

    Around a scope, its beginning and its end travel along too. A statement that fails is told at the next read or at
    the end of the scope, which then commits nothing. Whatever else goes to the database keeps its place in the order.
    """
    database = _database()
    if database.connection is None:
        database.connect()
    _here.database = database
    try:
        with database.execute_wrapper(_in_order):
            yield
            send_waiting()
    finally:
        _here.database = None
        _here.waiting = []


def sent(sql: str, values: Sequence[Any], *, binary: bool = False) -> Callable[[], Rows]:
    """Send a statement, and return what reads its rows; what is sent before that reading travels along.

    `binary`: the rows travel in binary, which is for arrays of thousands; JSON is then decoded already.
    """
    if (database := _here.database) is None:
        cursor = connections[DEFAULT_DB_ALIAS].cursor()
        cursor.execute(sql, values)
        rows: Callable[[], Rows] = cursor.fetchall
        return rows
    said = Said(sql, values, binary)
    _here.waiting.append(said)

    def read() -> Rows:
        if said.answer is None:
            send_waiting()
        return _rows(database, said)

    return read


def told(sql: str, values: Sequence[Any]) -> None:
    """Send a statement whose rows nobody reads."""
    if _here.database is not None:
        _here.waiting.append(Said(sql, values))
    else:
        with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
            cursor.execute(sql, values)


def at_once(sql: str, values: Sequence[Any]) -> Rows:
    """The rows of a statement that only reads: the first of a call.

    It shows as well whether the connection still lives, which Django would ask by a statement of its own: one that died
    while it rested is replaced, and the statement sent again.
    """
    database = _database()
    if database.connection is None or database.in_atomic_block:
        return sent(sql, values)()
    said = Said(sql, values)
    try:
        _send(database, [said])
    except OperationalError:
        database.close()
        return sent(sql, values)()
    # Django's stubs do not name it.
    database.health_check_done = True  # type: ignore[attr-defined]
    return _rows(database, said)


def is_pipelined() -> bool:
    """Statements wait for one another now."""
    return _here.database is not None


def send_waiting() -> None:
    """Send what waits, so that what comes now stands behind it."""
    if _here.waiting and _here.database is not None:
        waiting, _here.waiting = _here.waiting, []
        _send(_here.database, waiting)


def end_of_scope(*, outermost: bool) -> None:
    """Send what waits, with the commit when Django's transaction ends here too."""
    if _here.database is None:
        return
    if outermost and not _here.database.needs_rollback:
        # Django commits behind this, and finds that there is nothing left to commit.
        told("COMMIT", [])
    send_waiting()


def _in_order(execute: Callable[..., Any], *what: Any) -> Any:
    send_waiting()
    return execute(*what)


def _database() -> DatabaseWrapper:
    return cast("DatabaseWrapper", connections[DEFAULT_DB_ALIAS])


def _send(database: DatabaseWrapper, statements: Sequence[Said]) -> None:
    began = monotonic()
    with database.wrap_database_errors:
        database.wire.send(statements)
    if database.queries_logged:
        took = f"{monotonic() - began:.3f}"
        database.queries_log.extend({"sql": said.sql, "time": took} for said in statements)


def _rows(database: DatabaseWrapper, said: Said) -> Rows:
    if said.answer is None:
        raise OperationalError("The statement was never sent.")
    return database.wire.rows(said.answer)
