"""Callers that send a byte at a time hold nobody up for long: real sockets, two workers of one thread."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPResponse
from urllib.parse import urlsplit

import httpx2
import pytest

from tests.portal_server import Running
from tests.rest.connecting import connected

pytest_plugins = ["tests.rest.at_work"]
PATIENCE = 2.0  # seconds, as tests.rest.at_work sets it


def begin(working: Running, path: str, *, length: int = 4000) -> socket.socket:
    line = connected(working.base)
    kind = "application/json" if path.startswith("/api") else "application/x-www-form-urlencoded"
    head = f"POST {path} HTTP/1.1\r\nHost: {urlsplit(working.base).netloc}\r\nContent-Type: {kind}\r\n"
    line.sendall(f"{head}Content-Length: {length}\r\n\r\n{{".encode())
    return line


def answered(line: socket.socket) -> tuple[int, bytes]:
    answer = HTTPResponse(line)
    answer.begin()
    return answer.status, answer.read()


@contextmanager
def dripping(lines: list[socket.socket]) -> Iterator[None]:
    """A byte more on each, every second."""
    over = threading.Event()

    def drip() -> None:
        while not over.wait(1):
            for line in lines:
                try:
                    line.sendall(b" ")
                except OSError:  # it was closed, as it should be
                    continue

    thread = threading.Thread(target=drip)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


@pytest.mark.parametrize("callers", [4, pytest.param(10, marks=pytest.mark.proof)])
def test_those_that_send_a_byte_a_second_are_answered_and_the_others_served(callers: int, working: Running) -> None:
    with ExitStack() as opened:
        lines = [opened.enter_context(begin(working, "/api/v1/checks/")) for _ in range(callers)]
        began = time.monotonic()
        with dripping(lines):
            assert httpx2.get(f"{working.base}/.well-known/jwks.json", timeout=60).status_code == 200
            waited = time.monotonic() - began
            told = [answered(line) for line in lines]
        took = time.monotonic() - began
    assert [(status, json.loads(body)["type"].rsplit("/", 2)[1]) for status, body in told] == [
        (408, "too-slow")
    ] * callers
    # Without a limit all of this would take as long as 4,000 bytes do.
    assert max(waited, took) < callers * PATIENCE + 10


def test_a_form_that_stays_away_is_not_waited_for(working: Running) -> None:
    with begin(working, "/oauth/token/") as program, begin(working, "/en/verify/") as browser:
        told = [answered(program), answered(browser)]
    assert [status for status, _ in told] == [408, 408]
    assert json.loads(told[0][1])["title"] == "The request did not come in time."
    assert told[1][1].decode().splitlines()[0] == "Pyyntö ei tullut ajoissa."
