"""What each role may do to each table, read from `grants.toml` and put in force after every migration."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import connection

from portal.walls.roles import APP, OWNER, Role

_FILE = Path(__file__).with_name("grants.toml")
_WORDS = {"r": "SELECT", "i": "INSERT", "u": "UPDATE", "d": "DELETE"}
_ROLES = {role.name.lower(): role.value for role in Role} | {"app": APP}

_TABLES = """
SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname IN ('public', 'keys') AND c.relkind IN ('r', 'p', 'v') AND NOT c.relispartition
"""


class TableNotNamed(Exception):
    """A table is not named in grants.toml, or one named there does not exist."""


def declared() -> dict[str, dict[str, str]]:
    """`{table: {role: letters}}`; `all` stands for every role and the application itself."""
    rows: dict[str, dict[str, str]] = tomllib.loads(_FILE.read_text())
    return rows


def _statements(table: str, rights: dict[str, str]) -> Iterator[str]:
    everyone = ", ".join([*_ROLES.values()])
    yield f"REVOKE ALL ON {table} FROM PUBLIC, {everyone}"
    for role, letters in rights.items():
        names = _ROLES.values() if role == "all" else [_ROLES[role]]
        words = ", ".join(_WORDS[letter] for letter in letters)
        yield f"GRANT {words} ON {table} TO {', '.join(names)}"


def put_in_force(**_: Any) -> None:
    """Make the database's grants equal to the file (idempotent). Only the owner of the tables can; others skip."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        if cursor.fetchone() != (OWNER,):
            return
        cursor.execute(_TABLES)
        found = {table if schema == "public" else f"{schema}.{table}" for schema, table in cursor.fetchall()}
        named = declared()
        if odd := found.symmetric_difference(named):
            raise TableNotNamed(f"grants.toml and the database differ: {', '.join(sorted(odd))}")
        for table, rights in named.items():
            quoted = ".".join(f'"{part}"' for part in table.split("."))
            for statement in _statements(quoted, rights):
                cursor.execute(statement)
        roles = ", ".join(_ROLES.values())
        cursor.execute(f"GRANT USAGE ON SCHEMA public, keys TO {roles}")
        cursor.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {roles}")
