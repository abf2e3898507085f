"""A worker that is made to stand still: it waits for a table that the test holds."""

import time

import psycopg

# A table copied from the template has the same number in every database of the server: only ours counts.
_WAITS = """
SELECT 1 FROM pg_locks WHERE NOT granted AND relation = %s::regclass
AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


def waits_for(superuser: psycopg.Connection, table: str, *, seconds: float = 60.0) -> None:
    """Returns once somebody waits for this table; AssertionError when nobody does within `seconds`."""
    deadline = time.monotonic() + seconds
    while not superuser.execute(_WAITS, [table]).fetchone():
        assert time.monotonic() < deadline, f"nobody waits for {table}"
        time.sleep(0.02)
