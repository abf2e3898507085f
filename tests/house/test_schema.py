"""The database says what the models say, and both say what each column is for and who may reach it."""

from io import StringIO

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection

from portal.privacy.checks import check_policy
from portal.walls.grants import declared
from portal.walls.roles import Role

COMMANDS = {"r": "SELECT", "i": "INSERT", "u": "UPDATE", "d": "DELETE"}
ROLES = {role.name.lower(): role.value for role in Role} | {"app": "mydata_app"}
_WALLED = """
SELECT CASE n.nspname WHEN 'public' THEN c.relname ELSE n.nspname || '.' || c.relname END
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relrowsecurity AND NOT c.relispartition AND n.nspname IN ('public', 'keys')
"""
_POLICIES = """
SELECT CASE schemaname WHEN 'public' THEN tablename ELSE schemaname || '.' || tablename END, unnest(roles)::text, cmd
FROM pg_policies
"""


@pytest.mark.security("V14.2.7")
def test_every_column_has_its_row_in_the_policy() -> None:
    assert check_policy(None) == []


@pytest.mark.django_db
def test_the_migrations_tell_all_that_the_models_say() -> None:
    said = StringIO()
    call_command("makemigrations", "--check", "--dry-run", stdout=said)
    assert said.getvalue().strip() == "No changes detected"


@pytest.mark.django_db
def test_every_right_on_a_walled_table_has_a_policy_for_its_rows() -> None:
    with connection.cursor() as cursor:
        cursor.execute(_WALLED)
        walled = {name for (name,) in cursor.fetchall()}
        cursor.execute(_POLICIES)
        there = set(cursor.fetchall())
    wanted = {
        (table, name, COMMANDS[letter])
        for table, rights in declared().items()
        if table in walled
        for role, letters in rights.items()
        for name in (ROLES.values() if role == "all" else [ROLES[role]])
        for letter in letters
    }
    covered = {(table, role, command) for table, role, each in there for command in _commands(each)}
    assert walled
    assert wanted - covered == set()


def _commands(command: str) -> tuple[str, ...]:
    return tuple(COMMANDS.values()) if command == "ALL" else (command,)


@pytest.mark.django_db
def test_the_database_grants_what_the_file_says_and_no_more(superuser: psycopg.Connection) -> None:
    found = superuser.execute(
        """SELECT CASE table_schema WHEN 'public' THEN table_name ELSE table_schema || '.' || table_name END,
                  grantee, privilege_type
           FROM information_schema.role_table_grants
           WHERE table_schema IN ('public', 'keys') AND grantee <> 'mydata_owner' AND grantor = 'mydata_owner'"""
    ).fetchall()
    said = {
        (table, name, COMMANDS[letter])
        for table, rights in declared().items()
        for role, letters in rights.items()
        for name in (ROLES.values() if role == "all" else [ROLES[role]])
        for letter in letters
    }
    assert set(found) == said
