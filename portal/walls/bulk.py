"""Reading thousands of rows at once: parameters and results travel in binary, and no model is made of them."""

from collections.abc import Iterable, Sequence
from time import monotonic
from typing import Any
from uuid import UUID

import psycopg
from django.db import connection

from portal.walls.pipeline import send_waiting


def bulk(sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    """All rows of a statement with `%b` in place of parameters, within a scope. It counts among Django's queries."""
    send_waiting()
    began = monotonic()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        rows = cursor.execute(sql, parameters, binary=True, prepare=False).fetchall()
    if connection.queries_logged:
        connection.queries_log.append({"sql": sql, "time": f"{monotonic() - began:.3f}"})
    return rows


def array_of(items: Iterable[bytes | UUID | None]) -> str:
    """An array of bytes or ids as PostgreSQL reads it: psycopg looks at each item twice before it writes one."""
    return "{" + ",".join(["NULL" if item is None else _item(item) for item in items]) + "}"


def _item(item: bytes | UUID) -> str:
    # A UUID is read without its dashes too, and they are half the work.
    return item.hex if isinstance(item, UUID) else f'"\\\\x{item.hex()}"'
