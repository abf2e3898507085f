"""A hundred thousand lines of which 37 are bad; a worker that is killed in the middle, and the same body again."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
import psycopg
import pytest

from demo.client import Department
from demo.processes import descendants
from tests.portal_server import Running
from tests.rest.sending import DATASET, codes, headers, line, settle
from tests.servers import server

LINES, FEWER, EACH = 100_000, 40_000, 50
BAD = [number * 2671 for number in range(1, 38)]
PEOPLE = codes(LINES // EACH, after=1000)
_HELD = "SELECT coalesce(sum(row_count), 0), count(*) FROM datasources_sheet"
_BECAME = "SELECT changed, unchanged FROM datasources_pull ORDER BY started_at DESC LIMIT 1"
_ARRIVED = """
SELECT count(*) FROM ledger_pending WHERE position('datasources.sheet_arrived' IN convert_from(body, 'UTF8')) > 0
"""


@pytest.fixture
def rows(portal: Running) -> Iterator[psycopg.Connection]:
    with server().connect(portal.database) as opened:
        settle(opened, PEOPLE)
        opened.execute("TRUNCATE datasources_sheet")
        yield opened


@pytest.fixture(scope="module")
def sports(department: Callable[..., Department]) -> Department:
    return department("sports", "--scopes", "data:write")


def parts(lines: int, *, bad: bool = False) -> Iterator[bytes]:
    """So many lines, a person's one after the other, fifty to a part."""
    wrong = set(BAD) if bad else set()
    for first in range(0, lines, EACH):
        numbers = range(first + 1, first + EACH + 1)
        code = PEOPLE[first // EACH]
        yield b"".join(line(code, str(number), visits_left="many" if number in wrong else number) for number in numbers)


def send(sports: Department, content: Any, *, key: str) -> dict[str, Any]:
    address = f"{sports.base}/api/v1/datasets/{DATASET}/records/"
    answer = httpx2.post(address, content=content, headers=headers(sports.token(), key=key), timeout=120)
    told: dict[str, Any] = answer.raise_for_status().json()
    return told


def held(rows: psycopg.Connection) -> tuple[int, int]:
    records, people = rows.execute(_HELD).fetchone() or (0, 0)
    return int(records), int(people)


def test_of_100_000_lines_with_37_bad_ones_99_963_are_stored_and_37_named(
    sports: Department, rows: psycopg.Connection
) -> None:
    told = send(sports, parts(LINES, bad=True), key=uuid4().hex)
    errors = told.pop("errors")
    assert told == {
        "received": LINES,
        "accepted": LINES - 37,
        "rejected": 37,
    }
    assert [each["line"] for each in errors] == BAD
    assert {(each["code"], each["detail"]) for each in errors} == {
        ("wrong_type", "What stands in visits_left cannot be read as that field.")
    }
    assert held(rows) == (LINES - 37, len(PEOPLE))


def test_a_worker_killed_in_the_middle_loses_nothing_and_doubles_nothing(
    sports: Department, rows: psycopg.Connection
) -> None:
    key, (arrivals,) = uuid4().hex, rows.execute(_ARRIVED).fetchone() or (0,)
    with pytest.raises(httpx2.TransportError):
        send(sports, _and_then_killed(rows, sports.base), key=key)
    before, _ = held(rows)
    assert 0 < before < FEWER
    told = send(sports, parts(FEWER), key=key)
    assert (told["received"], told["accepted"]) == (FEWER, FEWER)
    assert rows.execute(_BECAME).fetchone() == (FEWER - before, before)
    assert held(rows) == (FEWER, FEWER // EACH)
    # Nobody's log tells twice that their data came.
    assert rows.execute(_ARRIVED).fetchone() == (arrivals + FEWER // EACH,)
    states = rows.execute("SELECT state, faults FROM datasources_pull ORDER BY id DESC LIMIT 2").fetchall()
    assert states == [("done", ""), ("failed", "CutOff")]


def _and_then_killed(rows: psycopg.Connection, base: str) -> Iterator[bytes]:
    """Half of the lines; then the worker that takes them is killed, while it waits for more."""
    worked_before = {pid: _ticks(pid) for pid in _workers(base)}
    for number, part in enumerate(parts(FEWER)):
        if number == FEWER // EACH // 2:
            _wait_until_some_are_stored(rows)
            os.kill(max(_workers(base), key=lambda pid: _ticks(pid) - worked_before[pid]), signal.SIGKILL)
        yield part


def _wait_until_some_are_stored(rows: psycopg.Connection) -> None:
    deadline = time.monotonic() + 60
    while not held(rows)[0]:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _workers(base: str) -> list[int]:
    """Of the granian at this address."""
    port = base.rpartition(":")[2].encode()
    (granian,) = (
        pid for pid in descendants(os.getpid()) if {b"--port", port} <= set(_argv(pid).split(b"\0")) and _children(pid)
    )
    return _children(granian)


def _children(pid: int) -> list[int]:
    return list(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))


def _argv(pid: int) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()


def _ticks(pid: int) -> int:
    told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(told[11]) + int(told[12])
