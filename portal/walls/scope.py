"""The one door to personal rows: a transaction with a role and the lists that the row policies read."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import connection, transaction

from portal.walls.pipeline import end_of_scope, is_pipelined, sent, told
from portal.walls.roles import Role

ALL_DEPARTMENTS = "*"
# How PostgreSQL calls the role of the connection itself.
_OUTSIDE = "none"

_ENTER = """
SELECT set_config('role', %s, true), set_config('mydata.persons', %s, true),
       set_config('mydata.lookups', %s, true), set_config('mydata.departments', %s, true)
"""
# What goes through a pipeline is asked again and again: planned once a connection, not anew for each list of people.
# Planned for a few people, it would sort thousands to find those who stand alike: they are found by hash. Planned while
# a table was empty, it would read the whole of it for as long as the connection lives, however it grows: by index.
_ENTER_PIPELINED = f"""
{_ENTER.rstrip()}, set_config('plan_cache_mode', 'force_generic_plan', true), set_config('enable_sort', 'off', true),
       set_config('enable_seqscan', 'off', true)
"""
_NOW = """
SELECT current_setting('role'), coalesce(current_setting('mydata.persons', true), ''),
       coalesce(current_setting('mydata.lookups', true), ''), coalesce(current_setting('mydata.departments', true), '')
"""


def _array(items: Iterable[str]) -> str:
    return "{" + ",".join(items) + "}"


@contextmanager
def scope(
    role: Role,
    *,
    persons: Iterable[UUID] = (),
    lookups: Iterable[bytes] = (),
    departments: Iterable[str] = (),
) -> Iterator[None]:
    """Open a transaction as `role`, seeing the rows of `persons` only.

    `lookups`: blind indexes that may be looked up (roles LOGIN and API); `departments`: slugs whose log and settings a
    staff member sees, or `*`. Settings are transaction-local, so a pooled connection carries nothing on. A scope
    inside another replaces it and gives it back at its end; an error rolls both rows and settings back.
    """
    lists = (
        # PostgreSQL reads a UUID without its dashes too, and they are half the work.
        _array([person.hex for person in persons]),
        _array(map(bytes.hex, lookups)),
        _array([f'"{department}"' for department in departments]),
    )
    with _entered(role.value, *lists):
        yield


@contextmanager
def outside() -> Iterator[None]:
    """Inside a scope, and in its transaction, for a moment as outside every scope: where log-ins and sessions are.

    The scope is given back at its end, as after one inside another.
    """
    with _entered(_OUTSIDE, "{}", "{}", "{}"):
        yield


@contextmanager
def _entered(*settings: str) -> Iterator[None]:
    inner = connection.in_atomic_block
    with transaction.atomic():
        before = sent(_NOW, [])()[0] if inner else None
        told(_ENTER_PIPELINED if is_pipelined() else _ENTER, list(settings))
        yield
        if before is not None:
            told(_ENTER, before)
        end_of_scope(outermost=not inner)


def current_role() -> str:
    """The database role in force now; `none` outside every scope."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('role')")
        row = cursor.fetchone()
    return str(row[0])
