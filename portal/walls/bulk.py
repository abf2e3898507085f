"""Reading thousands of rows at once: parameters and results travel in binary, and no model is made of them."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import count
from time import monotonic
from typing import Any
from uuid import UUID

import psycopg
from django.db import connection

from portal.walls.pipeline import send_waiting

# How PostgreSQL tells bytes in hex from other texts; a backslash in an array is written twice.
_BYTES = r"\\x"
_numbers = count(1)


def bulk(sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    """All rows of a statement with `%b` in place of parameters, within a scope. It counts among Django's queries."""
    send_waiting()
    began = monotonic()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        rows = cursor.execute(sql, parameters, binary=True, prepare=False).fetchall()
    if connection.queries_logged:
        connection.queries_log.append({"sql": sql, "time": f"{monotonic() - began:.3f}"})
    return rows


def bulk_some(sql: str, parameters: Sequence[Any], *, at_once: int) -> Iterator[list[tuple[Any, ...]]]:
    """As `bulk`, so many rows at once. They are read to the end in the scope in which they were begun."""
    send_waiting()
    began = monotonic()
    with (
        connection.wrap_database_errors,
        psycopg.ServerCursor(connection.connection, f"some_{next(_numbers)}") as cursor,
    ):
        cursor.execute(sql, parameters, binary=True)
        while rows := cursor.fetchmany(at_once):
            yield rows
    if connection.queries_logged:
        connection.queries_log.append({"sql": sql, "time": f"{monotonic() - began:.3f}"})


def array_of_ids(ids: Iterable[UUID | None]) -> str:
    """An array of ids as PostgreSQL reads it: psycopg looks at each item twice before it writes one."""
    # A UUID is read without its dashes too, and they are half the work.
    return "{" + ",".join(["NULL" if each is None else each.hex for each in ids]) + "}"


def array_of_bytes(items: Iterable[bytes]) -> str:
    """An array of bytes, likewise."""
    return "{" + ",".join([f'"{_BYTES}{item.hex()}"' for item in items]) + "}"
