"""Reading thousands of rows at once: parameters and results travel in binary, and no model is made of them."""

from collections.abc import Sequence
from time import monotonic
from typing import Any

import psycopg
from django.db import connection


def bulk(sql: str, parameters: Sequence[Any], *, often: bool = False) -> list[tuple[Any, ...]]:
    """All rows of a statement with `%b` in place of parameters, within a scope. It counts among Django's queries.

    `often`: it is prepared, so that a connection plans it once for each role.
    """
    began = monotonic()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        rows = cursor.execute(sql, parameters, binary=True, prepare=often).fetchall()
    if connection.queries_logged:
        connection.queries_log.append({"sql": sql, "time": f"{monotonic() - began:.3f}"})
    return rows
