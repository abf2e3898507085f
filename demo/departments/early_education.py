"""Early education: a PostgreSQL database of its own, filled from the made-up people."""

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from demo.departments.families import TABLES, all_rows
from demo.people import everyone

DATABASE = "early_education"
READER = "early_reader"
_BUILDING = 540  # any number: the advisory lock of those who build


def _insert(connection: psycopg.Connection, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
    with connection.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))) as copy:
        for row in rows:
            copy.write_row(row)


def create(superuser_dsn: str, *, database: str = DATABASE) -> None:
    """Make the database and its reader in the cluster of `superuser_dsn`; anew when the made-up data are others."""
    with psycopg.connect(superuser_dsn, autocommit=True) as server:
        server.execute("SELECT pg_advisory_lock(%s)", [_BUILDING])
        if not server.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [READER]).fetchone():
            server.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(READER)))
        server.execute(sql.SQL("ALTER ROLE {} SET default_transaction_read_only = on").format(sql.Identifier(READER)))
        if not server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone():
            server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))
        with psycopg.connect(superuser_dsn, dbname=database) as ours:
            _fill(ours)


def _fill(ours: psycopg.Connection) -> None:
    """Schema and data, in one transaction, unless exactly these are there already."""
    schema = Path(__file__).with_name("early_education.sql").read_text(encoding="utf-8")
    rows = all_rows()
    digest = hashlib.sha256(f"{schema}{rows!r}".encode()).hexdigest()
    found = ours.execute("SELECT obj_description('public'::regnamespace, 'pg_namespace')").fetchone()
    if found == (digest,):
        return
    ours.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    ours.execute(schema.encode())
    for table in TABLES:
        _insert(ours, table, rows[table])
    ours.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(sql.Identifier(READER)))
    ours.execute(sql.SQL("GRANT SELECT ON ALL TABLES IN SCHEMA public TO {}").format(sql.Identifier(READER)))
    ours.execute(sql.SQL("COMMENT ON SCHEMA public IS {}").format(sql.Literal(digest)))


def next_code(code: bytes) -> bytes:
    """Of the guardians the next one's code after this guardian's, of the children the next child's."""
    for table in ("guardian", "child"):
        codes = [str(row[1]).encode() for row in all_rows()[table]]
        if code in codes:
            return codes[(codes.index(code) + 1) % len(codes)]
    return everyone()[0].identity_code.encode()


def set_wrong(superuser_dsn: str, *, wrong: bool, database: str = DATABASE) -> None:
    """Drift the schema (a column gets another name), or mend it."""
    names = ("total_cents", "total_amount")
    old, new = names if wrong else names[::-1]
    with psycopg.connect(superuser_dsn, dbname=database, autocommit=True) as connection:
        there = connection.execute(
            "SELECT 1 FROM information_schema.columns WHERE table_name = 'fee_decision' AND column_name = %s", [old]
        ).fetchone()
        if there:
            connection.execute(
                sql.SQL("ALTER TABLE fee_decision RENAME COLUMN {} TO {}").format(
                    sql.Identifier(old), sql.Identifier(new)
                )
            )
