"""Records sent over real HTTP: streamed, line by line, once; only into a dataset of the sender's own department."""

import json
import socket
import time
from collections.abc import Callable, Iterator
from http.client import HTTPResponse
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import httpx2
import psycopg
import pytest

from demo.client import Department, Told
from tests.portal_server import Running
from tests.rest.connecting import connected, two_workers, until
from tests.rest.sending import DATASET, SEEN, codes, headers, line, settle
from tests.servers import server

Made = Callable[[str], Department]
PEOPLE = codes(20)
_END = b"0\r\n\r\n"
_HELD = (
    "SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted "
    "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)
_BECAME = "SELECT rows_read, changed, unchanged, removed FROM datasources_pull ORDER BY started_at DESC LIMIT 1"
_LAST = "SELECT state, rows_read, changed, error FROM datasources_pull ORDER BY id DESC LIMIT 1"


@pytest.fixture
def rows(portal: Running) -> Iterator[psycopg.Connection]:
    with server().connect(portal.database) as opened:
        settle(opened, PEOPLE)
        yield opened


@pytest.fixture(scope="module")
def sports(department: Callable[..., Department]) -> Department:
    return department("sports", "--scopes", "data:write")


def send(sports: Department, content: Any, *, dataset: str = DATASET, **told: Any) -> httpx2.Response:
    address = f"{sports.base}/api/v1/datasets/{dataset}/records/"
    return httpx2.post(address, content=content, headers=headers(sports.token(), **told), timeout=60)


def counts(answer: httpx2.Response) -> dict[str, int]:
    assert answer.status_code == 200, answer.text
    return counted(answer.json())


def counted(told: dict[str, Any]) -> dict[str, int]:
    return {name: count for name, count in told.items() if name != "errors" and count}


def kind(answer: httpx2.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].rsplit("/", 2)[1]


def stored(rows: psycopg.Connection) -> int:
    (total,) = rows.execute("SELECT coalesce(sum(row_count), 0) FROM datasources_sheet").fetchone() or (0,)
    return int(total)


def key() -> str:
    return uuid4().hex


def test_good_lines_stand_and_bad_lines_are_told(sports: Department, rows: psycopg.Connection) -> None:
    mine, before = key(), stored(rows)
    body = line(PEOPLE[0], mine) + b"{}\n\n" + line("131052-308X", mine, visits_left="many") + line(PEOPLE[1], mine)
    stranger = line(codes(1, after=500)[0], mine)
    answer = send(sports, body + stranger)
    assert counts(answer) == {"received": 5, "accepted": 3, "rejected": 2}
    assert [(each["line"], each["code"]) for each in answer.json()["errors"]] == [(2, "wrong_type"), (4, "wrong_type")]
    assert (stored(rows), "131052" in answer.text, "many" in answer.text) == (before + 2, False, False)


def test_one_line_does_not_tell_whether_the_person_uses_the_portal(
    sports: Department, rows: psycopg.Connection
) -> None:
    mine, stranger, known = key(), codes(1, after=501)[0], PEOPLE[3]
    for each in ({}, {}, {"minutes": -60}):
        told = [send(sports, line(code, mine, **each)) for code in (known, stranger)]
        assert told[0].json() == told[1].json() == {"received": 1, "accepted": 1, "rejected": 0, "errors": []}
        shapes = [{name: len(value) for name, value in answer.headers.items() if name != "date"} for answer in told]
        assert shapes[0] == shapes[1]


def test_a_body_in_chunks_is_the_same_as_one_with_a_length(sports: Department, rows: psycopg.Connection) -> None:
    lines = [line(code, key()) for code in PEOPLE]
    before = stored(rows)
    assert counts(send(sports, iter(lines))) == {"received": 20, "accepted": 20}
    assert stored(rows) == before + 20
    assert counts(send(sports, b"".join(lines))) == {"received": 20, "accepted": 20}
    assert stored(rows) == before + 20


def test_the_small_client_streams_out_of_a_generator(sports: Department, rows: psycopg.Connection) -> None:
    record = {"product": "Uimahalli", "valid_until": "2027-06-30"}
    mine = key()

    def told() -> Iterator[Told]:
        yield from (Told(code, f"{mine} {n}", SEEN, record) for code in PEOPLE for n in range(100))
        yield Told(PEOPLE[0], f"{mine} 0", SEEN, None)

    assert counted(sports.push(DATASET, told)) == {"received": 2001, "accepted": 2001}
    assert rows.execute(_BECAME).fetchone() == (2001, 2000, 0, 1)


def test_the_same_key_and_body_get_the_same_answer(sports: Department, rows: psycopg.Connection) -> None:
    lines, mine = [line(code, key()) for code in PEOPLE], key()
    first, again = send(sports, b"".join(lines), key=mine), send(sports, iter(lines), key=mine)
    assert (first.json(), again.json()["accepted"]) == (again.json(), 20)
    assert again.headers["Idempotency-Replayed"] == "true"


def test_the_same_key_with_another_body_stores_nothing(sports: Department, rows: psycopg.Connection) -> None:
    mine = key()
    send(sports, line(PEOPLE[0], key()), key=mine)
    before = stored(rows)
    assert kind(send(sports, line(PEOPLE[1], key()), key=mine)) == (422, "key-reused")
    assert stored(rows) == before


@pytest.mark.parametrize("dataset", ["library-loans", "sports-courses", "no-such-dataset"])
def test_what_is_not_sent_by_this_department_is_not_there(
    dataset: str, sports: Department, rows: psycopg.Connection
) -> None:
    assert kind(send(sports, line(PEOPLE[0]), dataset=dataset)) == (404, "not-found")


def test_a_token_without_the_scope_is_refused(sports: Department, department: Made) -> None:
    assert kind(send(department("library"), line(PEOPLE[0]))) == (403, "not-allowed")


@pytest.mark.parametrize("said", ["application/json", "text/plain", "application/x-ndjson; charset=latin-1"])
def test_only_lines_of_json_are_taken(said: str, sports: Department) -> None:
    assert kind(send(sports, line(PEOPLE[0]), kind=said)) == (415, "not-lines")


def test_packed_lines_and_calls_without_a_key_are_refused(sports: Department) -> None:
    address, whole = f"{sports.base}/api/v1/datasets/{DATASET}/records/", headers(sports.token())
    packed = httpx2.post(address, content=b"", headers=whole | {"Content-Encoding": "gzip"})
    del whole["Idempotency-Key"]
    assert (kind(packed), kind(httpx2.post(address, content=b"", headers=whole))) == (
        (415, "not-lines"),
        (400, "key-missing"),
    )


def begin(line: socket.socket, sports: Department, mine: str, *more: str) -> None:
    """Send the head of a push."""
    told = headers(sports.token(), key=mine) | {"Host": urlsplit(sports.base).netloc, "Connection": "close"}
    head = [f"POST /api/v1/datasets/{DATASET}/records/ HTTP/1.1", *(f"{name}: {text}" for name, text in told.items())]
    line.sendall("\r\n".join([*head, *more, "", ""]).encode())


def opened(sports: Department, mine: str, *more: str) -> socket.socket:
    """A connection on which the head of a push has been sent."""
    line = connected(sports.base)
    begin(line, sports, mine, *more)
    return line


def chunk(content: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(content), content)


def pushes(rows: psycopg.Connection) -> int:
    (number,) = rows.execute("SELECT count(*) FROM datasources_pull").fetchone() or (0,)
    return int(number)


def ended(rows: psycopg.Connection, *, after: int) -> tuple[Any, ...]:
    """The push that followed after so many, once it is over."""
    deadline = time.monotonic() + 20
    while pushes(rows) == after or (last := rows.execute(_LAST).fetchone() or ("",))[0] == "running":
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return last


@pytest.mark.parametrize("how", ["Transfer-Encoding: chunked", "Content-Length: 100000"])
def test_a_connection_that_breaks_keeps_what_came_and_the_whole_may_be_sent_again(
    how: str, sports: Department, rows: psycopg.Connection
) -> None:
    mine, lines = key(), [line(code, key()) for code in PEOPLE]
    before, half = pushes(rows), b"".join(lines[:10])
    with opened(sports, mine, how) as connection:
        connection.sendall(chunk(half) if "chunked" in how else half)
        time.sleep(0.3)
    state, received, changed, error = ended(rows, after=before)
    assert (state, received, changed) == ("failed", 10, 10), error
    assert error == "The connection broke before the end. What had come until then was kept."
    assert counts(send(sports, b"".join(lines), key=mine)) == {"received": 20, "accepted": 20}
    assert rows.execute(_BECAME).fetchone() == (20, 10, 10, 0)


def test_whoever_stops_sending_is_not_waited_for(sports: Department, rows: psycopg.Connection) -> None:
    before = pushes(rows)
    with opened(sports, key(), "Transfer-Encoding: chunked") as connection:
        connection.sendall(chunk(line(PEOPLE[0], key())))
        began = time.monotonic()
        assert answered(connection)[0] == 408
        assert 1.5 < time.monotonic() - began < 10
    state, received, _, error = ended(rows, after=before)
    assert (state, received) == ("failed", 1)
    assert error == "Nothing more came for a while. What had come until then was kept."


def answered(line: socket.socket) -> tuple[int, dict[str, Any]]:
    answer = HTTPResponse(line)
    answer.begin()
    return answer.status, json.loads(answer.read())


def test_two_pushes_under_one_key_do_not_run_side_by_side(sports: Department, rows: psycopg.Connection) -> None:
    mine, body = key(), chunk(line(PEOPLE[0], key()))
    # On one worker, with its one thread, the second would wait until the first is over.
    with two_workers(sports.base) as (one, other):
        begin(one, sports, mine, "Transfer-Encoding: chunked")
        one.sendall(body)
        until(lambda: rows.execute(_HELD).fetchall())
        begin(other, sports, mine, "Transfer-Encoding: chunked")
        other.sendall(body + _END)
        status, told = answered(other)
        assert (status, told["type"].rsplit("/", 2)[1]) == (409, "still-running")
        one.sendall(_END)
        assert answered(one)[0] == 200


def test_one_line_of_a_hundred_mebibytes_is_told_and_the_next_is_stored(
    sports: Department, rows: psycopg.Connection
) -> None:
    def body() -> Iterator[bytes]:
        yield line(PEOPLE[0], key())
        for _ in range(1600):
            yield b"x" * 65536
        yield b"\n" + line(PEOPLE[1], key())

    answer = send(sports, body())
    assert counts(answer) == {"received": 3, "accepted": 2, "rejected": 1}
    assert [(each["line"], each["code"]) for each in answer.json()["errors"]] == [(2, "too_long")]


def test_no_code_is_in_the_log_of_the_server(portal: Running, sports: Department, rows: psycopg.Connection) -> None:
    send(sports, line(PEOPLE[0]) + b"[]\n")
    log = portal.log.read_text()
    assert [code for code in PEOPLE if code in log] == []
