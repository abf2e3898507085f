"""Row security as migration operations. Every table with a person column is walled in by its first migration."""

from collections.abc import Mapping
from typing import Literal

from django.db.migrations import RunSQL

from portal.walls.roles import Role

Command = Literal["select", "insert", "update", "delete", "all"]

# The sub-select makes the planner read the setting once, not once a row; the cast stands outside it, or ANY would take
# it for a set of rows; NULLIF because a setting that was local to an earlier transaction comes back empty, not NULL.
PERSONS = "(SELECT NULLIF(current_setting('mydata.persons', true), ''))::uuid[]"
LOOKUPS = "(SELECT NULLIF(current_setting('mydata.lookups', true), ''))::text[]"
DEPARTMENTS = "(SELECT NULLIF(current_setting('mydata.departments', true), ''))::text[]"
ANYONE = "true"
# Staff of no one department: the data protection officer, auditors.
SEES_ALL = f"'*' = ANY ({DEPARTMENTS})"


def theirs(column: str = "person_id") -> str:
    """Condition: the row's person is one of those the scope was opened for."""
    return f"{column} = ANY ({PERSONS})"


def looked_up(column: str = "blind_index") -> str:
    """Condition: the row's blind index is one of those being looked up."""
    return f"encode({column}, 'hex') = ANY ({LOOKUPS})"


def among_persons(column: str = "person_id") -> str:
    """As `theirs`, for thousands of rows at once: the list is read once a statement and looked up by hash.

    No index serves it, so it is for what is found by something else, or written.
    """
    return f"{column} IN (SELECT unnest({PERSONS}))"


def among_lookups(column: str = "blind_index") -> str:
    """As `looked_up`, for thousands of rows at once."""
    return f"{column} IN (SELECT decode(told, 'hex') FROM unnest({LOOKUPS}) AS told)"  # noqa: S608


def of_departments(column: str = "department") -> str:
    """Condition: the row belongs to one of the staff member's departments, or they see all."""
    return f"({column} = ANY ({DEPARTMENTS}) OR '*' = ANY ({DEPARTMENTS}))"


def _name(role: str, command: str) -> str:
    return f"{role.removeprefix('mydata_')}_{command}"


def _policy(table: str, role: str, command: str, condition: str) -> str:
    name = _name(role, command)
    using = f"USING ({condition})" if command != "insert" else ""
    check = f"WITH CHECK ({condition})" if command in {"insert", "update", "all"} else ""
    return f'CREATE POLICY "{name}" ON {table} FOR {command.upper()} TO {role} {using} {check};'


def protect(table: str, policies: Mapping[tuple[Role | str, Command], str]) -> RunSQL:
    """Wall `table` in: row security on and forced, and one named policy per (role, command) with its condition.

    A role is one of `Role`, or `roles.APP` for a table that must be read outside every scope. What has no policy is
    seen by nobody, the owner of the table among them.
    """
    statements = [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY;",
        *(_policy(table, str(role), command, condition) for (role, command), condition in policies.items()),
    ]
    undo = [
        *(f'DROP POLICY "{_name(str(role), command)}" ON {table};' for role, command in policies),
        f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;",
        f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;",
    ]
    return RunSQL("\n".join(statements), "\n".join(undo))


def allow(table: str, role: Role, command: Command, condition: str) -> RunSQL:
    """One policy more for a table that is walled in already."""
    return RunSQL(
        _policy(table, str(role), command, condition), f'DROP POLICY "{_name(str(role), command)}" ON {table};'
    )


def append_only(table: str) -> RunSQL:
    """Refuse UPDATE, DELETE and TRUNCATE on `table` for everyone, by trigger."""
    name = table.replace('"', "").replace(".", "_")
    return RunSQL(
        f"""
        CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$;
        CREATE TRIGGER {name}_is_append_only BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION refuse_change();
        CREATE TRIGGER {name}_is_never_emptied BEFORE TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
        """,
        f"""
        DROP TRIGGER {name}_is_append_only ON {table};
        DROP TRIGGER {name}_is_never_emptied ON {table};
        """,
    )
