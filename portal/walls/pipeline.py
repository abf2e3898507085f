"""Fewer ways to the database and back: statements that are sent together (libpq's pipeline mode)."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection


@contextmanager
def pipelined() -> Iterator[None]:
    """Send statements without waiting for what each answers: one way there and back for all, until a read.

    Around a scope, its beginning and its end travel along too. A statement that fails is told at the next read or at
    the end of the scope, which then commits nothing.
    """
    connection.ensure_connection()
    with connection.connection.pipeline():
        yield


def sent(sql: str, parameters: Sequence[Any]) -> Callable[[], list[tuple[Any, ...]]]:
    """Send a statement, and return what reads its rows; what is sent before that reading travels along."""
    cursor = connection.cursor()
    cursor.execute(sql, parameters)
    rows: Callable[[], list[tuple[Any, ...]]] = cursor.fetchall
    return rows
