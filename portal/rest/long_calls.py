"""Idempotency-Key of a call that takes several transactions, and whose body is read as a stream."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import connection

from portal.rest.idempotency import Attempt
from portal.rest.problem_kinds import STILL_RUNNING
from portal.rest.problems import Refused
from portal.walls import Role, scope

_COME_AGAIN = 5
_LOCK, _UNLOCK = "SELECT pg_try_advisory_lock(%s)", "SELECT pg_advisory_unlock(%s)"
_KNOWN = "SELECT 1 FROM rest_reply WHERE id = %s AND expires_at > %s"


@contextmanager
def held(attempt: Attempt) -> Iterator[None]:
    """Hold the key until the block ends, or the connection does; Refused when another call holds it.

    The same lock as of a call in one transaction (`idempotency.replayed`), which passes it in this very connection.
    """
    key = [int.from_bytes(attempt.row[:8], "big", signed=True)]
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, key)
        if cursor.fetchone() != (True,):
            raise Refused(STILL_RUNNING, wait=_COME_AGAIN)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(_UNLOCK, key)


def is_known(attempt: Attempt, *, at: datetime) -> bool:
    """A call under this key was answered: whatever comes now, nothing is to be done again."""
    with scope(Role.API), connection.cursor() as cursor:
        cursor.execute(_KNOWN, [attempt.row, at])
        return cursor.fetchone() is not None
