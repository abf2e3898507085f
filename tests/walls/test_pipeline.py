"""Statements that are sent together: in order, all or none, over a connection that may have died at rest."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection
from django.db.utils import ProgrammingError
from pytest_django.plugin import DjangoDbBlocker

from portal.walls import Role, array_of_bytes, at_once, current_role, pipelined, scope, sent, told

UNTIL = datetime(2030, 1, 1, tzinfo=UTC)
USE = "INSERT INTO rest_usedassertion (jti_sha256, expires_at) VALUES (%s, %s)"
USED = "SELECT count(*) FROM rest_usedassertion WHERE jti_sha256 = %s"
PID = "SELECT pg_backend_pid()"


@pytest.fixture
def outside(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """No transaction is open, as where a call begins."""
    with django_db_blocker.unblock():
        connection.close()
        yield
        connection.close()


def use_twice(digest: bytes) -> None:
    with pipelined(), scope(Role.API):
        told(USE, [digest, UNTIL])
        told(USE, [digest, UNTIL])


def use_and_break() -> None:
    with pipelined(), scope(Role.API):
        told(USE, [b"sent", UNTIL])
        assert sent(USED, [b"sent"])() == [(1,)]
        told(USE, [b"waits", UNTIL])
        raise BrokenOff


class BrokenOff(Exception):
    """Something went wrong between two statements."""


def used(digest: bytes) -> int:
    with scope(Role.API):
        return int(sent(USED, [digest])()[0][0])


@pytest.mark.django_db
def test_what_waits_keeps_its_place_before_whatever_else_goes_to_the_database() -> None:
    with pipelined(), scope(Role.API):
        told(USE, [b"a", UNTIL])
        with connection.cursor() as cursor:
            cursor.execute(USED, [b"a"])
            assert cursor.fetchone() == (1,)


def test_a_statement_that_nobody_reads_and_that_fails_undoes_the_scope(outside: None) -> None:
    with pytest.raises(IntegrityError):
        use_twice(b"twice")
    assert used(b"twice") == 0


def test_an_error_in_between_undoes_what_was_sent_and_sends_no_more(outside: None) -> None:
    with pytest.raises(BrokenOff):
        use_and_break()
    assert (used(b"sent"), used(b"waits")) == (0, 0)


def test_a_statement_that_cannot_be_read_is_told_as_django_tells_it(outside: None) -> None:
    with pytest.raises(ProgrammingError, match="no_such_table"), pipelined(), scope(Role.API):
        sent("SELECT 1 FROM no_such_table", [])()
    with pipelined(), scope(Role.API):
        assert sent("SELECT 1", [])() == [(1,)]


def test_the_role_ends_with_its_scope(outside: None) -> None:
    with pipelined(), scope(Role.API):
        within = current_role()
    assert (within, current_role()) == (Role.API, "none")


def test_a_connection_that_died_at_rest_is_replaced(outside: None) -> None:
    ((before,),) = at_once(PID, [])
    with pytest.raises(Exception, match="terminat"), connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    ((after,),) = at_once(PID, [])
    assert before != after


def test_what_was_dropped_is_prepared_anew(outside: None) -> None:
    before = at_once(PID, [])
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    with pipelined(), scope(Role.API):
        assert sent("SELECT 1", [])() == [(1,)]
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    assert at_once(PID, []) == before


@pytest.mark.django_db
def test_within_a_transaction_a_savepoint_may_be_rolled_back_between() -> None:
    with pipelined(), scope(Role.API):
        with suppress(BrokenOff), scope(Role.API):
            told(USE, [b"b", UNTIL])
            raise BrokenOff
        told(USE, [b"c", UNTIL])
        assert [sent(USED, [digest])() for digest in (b"b", b"c")] == [[(0,)], [(1,)]]


@pytest.mark.django_db
def test_within_a_transaction_a_statement_is_prepared_once() -> None:
    def asked() -> list[tuple[object, ...]]:
        with pipelined():
            return sent("SELECT count(*) FROM pg_prepared_statements WHERE name LIKE %s", ["wire%"])()

    with scope(Role.API):
        asked()
        assert asked() == asked()


@pytest.fixture
def prepared(db: None) -> None:
    """psycopg has prepared something itself: only then does it drop everything."""
    with connection.cursor() as cursor:
        for _ in range(10):
            cursor.execute("SELECT 1")
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE NOT name LIKE %s", ["wire%"])
        assert cursor.fetchone() != (0,)


@pytest.mark.parametrize("dropping", ["DROP TABLE IF EXISTS pg_temp.nothing", "DISCARD TEMP", "DEALLOCATE ALL"])
def test_what_another_statement_dropped_is_prepared_anew_within_a_transaction(dropping: str, prepared: None) -> None:
    with scope(Role.API):
        with pipelined():
            assert sent("SELECT 1", [])() == [(1,)]
        with connection.cursor() as cursor:
            cursor.execute(dropping)
        with pipelined():
            assert sent("SELECT 1", [])() == [(1,)]


def test_what_a_rollback_dropped_is_prepared_anew_within_a_transaction(prepared: None) -> None:
    with pipelined():
        assert sent("SELECT 1", [])() == [(1,)]
    with suppress(BrokenOff), scope(Role.API):
        raise BrokenOff
    with pipelined():
        assert sent("SELECT 1", [])() == [(1,)]


@pytest.mark.django_db
def test_an_array_of_bytes_is_read_as_it_was() -> None:
    items = [b"", b"\\", b'"', b"\0,{}", bytes(range(256))]
    for some in (items, items[:1], []):
        assert sent("SELECT %s::bytea[]", [array_of_bytes(some)])() == [(some,)]
