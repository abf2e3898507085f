"""The same rows in a database that is read by a plain cursor: SQLite, whose driver comes with Python."""

import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import psycopg


def copied(source: psycopg.Connection, path: Path, mentioned: Iterable[str]) -> str:
    """Copy these `table.column`s of all rows into a file at `path`; its address, as SQLAlchemy writes it."""
    columns: dict[str, list[str]] = {}
    for name in sorted(set(mentioned)):
        table, _, column = name.rpartition(".")
        columns.setdefault(table, []).append(column)
    with sqlite3.connect(path) as target:
        for table, names in columns.items():
            rows = source.execute(f"SELECT {', '.join(names)} FROM {table}".encode())
            target.execute(f"CREATE TABLE {table} ({', '.join(names)})")
            marks = ", ".join("?" * len(names))
            target.executemany(f"INSERT INTO {table} VALUES ({marks})", (list(map(_plain, row)) for row in rows))
            if "id" in names:
                target.execute(f"CREATE UNIQUE INDEX {table}_id ON {table} (id)")
        target.execute("ANALYZE")
    return f"sqlite:///{path}"


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, int) else str(value)
