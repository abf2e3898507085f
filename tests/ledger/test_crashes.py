"""The sequencer dies at each of its steps, and two run at once: every entry has one number, and the log holds."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import psycopg
from django.db import OperationalError, connection

from portal.ledger.models import Entry
from portal.ledger.verification.whole import verify
from portal.walls import Role, scope
from tests.ledger.sealed import AT, leave, seal

_BACKEND = "SELECT pg_terminate_backend(%s)"


class Dies:
    """Cuts the connection to the database before the statement number `step` of those that lock or write."""

    def __init__(self, superuser: psycopg.Connection, step: int) -> None:
        self.superuser, self.left = superuser, step

    def __call__(self, execute: Callable[..., Any], sql: str, parameters: Any, many: bool, context: Any) -> Any:
        self.left -= 1
        if self.left == 0:
            self.superuser.execute(_BACKEND, [connection.connection.info.backend_pid])
        return execute(sql, parameters, many, context)


def _dies_at(step: int, superuser: psycopg.Connection) -> bool:
    """Whether there was such a step."""
    try:
        with connection.execute_wrapper(Dies(superuser, step)):
            seal()
    except OperationalError:
        connection.close()
        return True
    return False


def _whole(count: int) -> None:
    report = verify(at=AT + timedelta(seconds=1), folder=None, processes=1)
    with scope(Role.WORKER):
        entries = Entry.objects.count()
    assert ([str(each) for each in report.findings], entries) == ([], count)


def test_a_sequencer_that_dies_at_any_step_loses_nothing(committed_db: str, superuser: psycopg.Connection) -> None:
    step, count = 1, 0
    while True:
        leave(30)
        count += 30
        died = _dies_at(step, superuser)
        _whole(count)
        if not died:
            break
        step += 1
    seal()
    _whole(count)
    with scope(Role.WORKER):
        assert Entry.objects.filter(index=None).count() == 0
    assert step >= 10


def test_two_sequencers_at_once_give_each_entry_one_number(committed_db: str) -> None:
    leave(400)

    def turns() -> int:
        try:
            return sum(seal(batch=50) for _ in range(8))
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        numbered = sum(each.result() for each in [pool.submit(turns) for _ in range(2)])
    assert numbered == 400
    _whole(400)
