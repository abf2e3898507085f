"""Idempotency-Key: asked twice, done once; over real HTTP, with two workers, one of which may die."""

import json
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from http import HTTPStatus
from http.client import HTTPResponse
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import httpx2
import psycopg
import pytest
from django.utils import timezone

from demo.client import Department
from portal.ledger.actor import system
from portal.rest.actions import tidy
from portal.rest.idempotency import _FIND
from portal.rest.models import Reply, UsedAssertion
from portal.walls import Role, pipelined, scope, sent
from tests.portal_server import Running
from tests.rest.connecting import two_workers, until
from tests.servers import server

Made = Callable[[str], Department]
_HELD_HERE = 7_411
_WAITS = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND NOT granted"
_ENTRIES = "SELECT count(*) FROM ledger_pending WHERE convert_from(body, 'UTF8') LIKE %s"


@pytest.fixture
def rows(portal: Running) -> Iterator[psycopg.Connection]:
    with server().connect(portal.database) as opened:
        yield opened


def act(department: Department, body: dict[str, Any], *, key: str | None) -> httpx2.Response:
    headers = [(b"Authorization", f"Bearer {department.token()}".encode())]
    headers += [] if key is None else [(b"Idempotency-Key", key.encode())]
    answer = httpx2.post(f"{department.base}/api/v1/acts/", json=body, headers=headers, timeout=20)
    if answer.status_code == HTTPStatus.TOO_MANY_REQUESTS:
        # A fast machine has spent its calls in the tests before.
        time.sleep(int(answer.headers["Retry-After"]))
        return act(department, body, key=key)
    return answer


def entries(rows: psycopg.Connection, note: str) -> int:
    (count,) = rows.execute(_ENTRIES, [f'%"{note}"%']).fetchone() or (0,)
    return int(count)


def note() -> str:
    return f"note {uuid4().hex[:12]}"


def test_the_same_key_and_body_get_the_same_answer_and_one_act(department: Made, rows: psycopg.Connection) -> None:
    sports, body, key = department("sports"), {"note": note()}, str(uuid4())
    first, again = (act(sports, body, key=key) for _ in range(2))
    assert (first.status_code, first.content, first.headers["Location"]) == (
        again.status_code,
        again.content,
        again.headers["Location"],
    )
    assert ("Idempotency-Replayed" in first.headers, again.headers["Idempotency-Replayed"]) == (False, "true")
    assert (again.json()["note"], entries(rows, body["note"])) == (body["note"], 1)


def test_a_key_in_quotation_marks_is_the_same_key(department: Made, rows: psycopg.Connection) -> None:
    sports, body, key = department("sports"), {"note": note()}, str(uuid4())
    answers = [act(sports, body, key=each) for each in (key, f'"{key}"')]
    assert (answers[0].json(), entries(rows, body["note"])) == (answers[1].json(), 1)


def test_the_same_key_with_another_body_is_refused(department: Made, rows: psycopg.Connection) -> None:
    sports, other, key = department("sports"), note(), str(uuid4())
    act(sports, {"note": note()}, key=key)
    refused = act(sports, {"note": other}, key=key)
    assert (refused.status_code, refused.json()["type"].rsplit("/", 2)[1]) == (422, "key-reused")
    assert entries(rows, other) == 0


def test_another_client_has_the_same_key_for_itself(department: Made, rows: psycopg.Connection) -> None:
    body, key = {"note": note()}, str(uuid4())
    answers = [act(department(slug), body, key=key) for slug in ("sports", "library")]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert entries(rows, body["note"]) == 2


@pytest.mark.parametrize("key", [None, "", "a b", "x" * 256, '"', '"a', "ä"])
def test_no_key_and_what_is_none_are_refused(key: str | None, department: Made, rows: psycopg.Connection) -> None:
    body = {"note": note()}
    refused = act(department("sports"), body, key=key)
    assert (refused.status_code, refused.json()["type"].rsplit("/", 2)[1]) == (400, "key-missing")
    assert entries(rows, body["note"]) == 0


@pytest.mark.security("V15.4.2")
def test_fifty_at_once_are_one_act(department: Made, rows: psycopg.Connection) -> None:
    told, key, sports = note(), str(uuid4()), department("sports")
    body = {"note": told, "seconds": 0.2}
    sports.token()
    with ThreadPoolExecutor(25) as pool:
        answers = list(pool.map(lambda _: act(sports, body, key=key), range(50)))
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len({answer.content for answer in answers if answer.status_code == 201}) == 1
    assert entries(rows, told) == 1


def test_a_second_call_while_the_first_runs_is_told_to_come_again(department: Made, rows: psycopg.Connection) -> None:
    sports, key = department("sports"), str(uuid4())
    told = note()
    body: dict[str, Any] = {"note": told, "until_free": _HELD_HERE}
    rows.execute("SELECT pg_advisory_lock(%s)", [_HELD_HERE])
    # On one worker, with its one thread, the second would wait until the first is over.
    with two_workers(sports.base) as (one, other):
        _post(one, sports, body, key)
        until(lambda: rows.execute(_WAITS, [_HELD_HERE]).fetchall())
        _post(other, sports, body, key)
        early = _answered(other)
        rows.execute("SELECT pg_advisory_unlock(%s)", [_HELD_HERE])
        first = _answered(one)
    assert (early[0], early[1]["type"].rsplit("/", 2)[1], early[2]) == (409, "still-running", "1")
    assert first[0] == 201
    assert act(sports, body, key=key).json() == first[1]
    assert entries(rows, told) == 1


def _post(line: socket.socket, department: Department, body: dict[str, Any], key: str) -> None:
    content = json.dumps(body, separators=(",", ":")).encode()  # as act() sends it
    told = ["POST /api/v1/acts/ HTTP/1.1", f"Host: {urlsplit(department.base).netloc}", f"Idempotency-Key: {key}"]
    told += [f"Authorization: Bearer {department.token()}", "Content-Type: application/json"]
    line.sendall("\r\n".join([*told, f"Content-Length: {len(content)}", "", ""]).encode() + content)


def _answered(line: socket.socket) -> tuple[int, dict[str, Any], str | None]:
    answer = HTTPResponse(line)
    answer.begin()
    return answer.status, json.loads(answer.read()), answer.headers["Retry-After"]


@pytest.mark.parametrize(("then", "status"), [("break", 500), ("refuse", 404)])
def test_what_was_not_done_may_be_tried_again(
    then: str, status: int, department: Made, rows: psycopg.Connection
) -> None:
    sports, body, key = department("sports"), {"note": note(), "then": then}, str(uuid4())
    answers = [act(sports, body, key=key) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [status, status]
    assert answers[0].json()["instance"] != answers[1].json()["instance"]
    assert entries(rows, body["note"]) == 0


def test_a_call_that_died_holds_its_key_no_longer(department: Made, rows: psycopg.Connection) -> None:
    sports, key = department("sports"), str(uuid4())
    with pytest.raises(httpx2.TransportError):
        act(sports, {"note": note(), "then": "die"}, key=key)
    body = {"note": note()}
    assert (_once_it_is_up(sports, body, key).status_code, entries(rows, body["note"])) == (201, 1)


def _once_it_is_up(department: Department, body: dict[str, Any], key: str) -> httpx2.Response:
    """What waited for the worker that died gets no answer either; a new one takes its place."""
    for _ in range(20):
        try:
            return act(department, body, key=key)
        except httpx2.TransportError:
            time.sleep(0.25)
    return act(department, body, key=key)


def test_a_stored_reply_cannot_be_read(department: Made, rows: psycopg.Connection) -> None:
    told = note()
    act(department("sports"), {"note": told}, key=str(uuid4()))
    sealed = [bytes(row[0]) for row in rows.execute("SELECT sealed FROM rest_reply")]
    assert sealed
    assert not any(told.encode() in each for each in sealed)


def test_after_a_day_a_key_is_a_new_one(department: Made, rows: psycopg.Connection) -> None:
    sports, body, key = department("sports"), {"note": note()}, str(uuid4())
    act(sports, body, key=key)
    rows.execute("UPDATE rest_reply SET expires_at = now() - interval '1 second'")
    later = act(sports, body, key=key)
    assert ("Idempotency-Replayed" in later.headers, entries(rows, body["note"])) == (False, 2)


def test_a_reply_is_found_by_its_id_even_when_none_was_there_as_that_was_planned(committed_db: str) -> None:
    # A connection keeps its plan: by any other way it would soon look through every reply of a day, call by call.
    with server().connect(committed_db) as opened:
        opened.autocommit = True
        opened.execute("VACUUM ANALYZE rest_reply")
    with pipelined(), scope(Role.API):
        plan = sent(f"EXPLAIN {_FIND}", [timezone.now(), b"x" * 32])()
    assert "using rest_reply_pkey" in plan[0][0], plan


def test_what_has_expired_is_forgotten_and_nothing_else(db: None) -> None:
    now = timezone.now()
    with scope(Role.API):
        for number, ends in enumerate((now - timedelta(seconds=1), now + timedelta(seconds=1))):
            Reply.objects.create(
                id=bytes([number] * 32), client=uuid4(), fingerprint=b"f" * 32, sealed=b"s", expires_at=ends
            )
            UsedAssertion.objects.bulk_create([UsedAssertion(jti_sha256=bytes([number] * 32), expires_at=ends)])
    with scope(Role.WORKER):
        gone = tidy(by=system("rest.tidy"), at=now)
        left = Reply.objects.count(), UsedAssertion.objects.count()
    assert (gone, left) == (2, (1, 1))
