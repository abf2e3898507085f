"""Small real HTTP servers on loopback that behave as they are told, and the many ways to behave badly."""

import json
import threading
import time
import zlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlsplit


@dataclass
class Request:
    """What came in."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode()))


class Desk(BaseHTTPRequestHandler):
    """Hands each request to the server's `answer`, or to its `misbehave` when there is one."""

    server: "DeskServer"
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: Any) -> None:
        """Says nothing."""

    def date_time_string(self, timestamp: float | None = None) -> str:
        """By the server's own clock."""
        return super().date_time_string((timestamp or time.time()) + self.server.ahead)

    def _take(self) -> None:
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.command, parts.path, dict(parse_qsl(parts.query)), headers, body)
        self.server.seen.append(request)
        misbehave = self.server.misbehave
        try:
            if misbehave and self.server.spoils(request):
                self.close_connection = True
                misbehave(self)
            else:
                self.server.answer(self, request)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    do_GET = do_POST = do_DELETE = _take  # noqa: N815 - http.server's names

    def say(self, status: int, body: Any = None, *, kind: str = "application/json", **headers: str) -> None:
        content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        if status != 204:
            self.send_header("Content-Length", str(len(content)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(content)


Misbehaviour = Callable[[Desk], None]


class DeskServer(ThreadingHTTPServer, ABC):
    """`seen`: requests in their order. `ahead`: by how many seconds its clock is wrong."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Desk)
        self.seen: list[Request] = []
        self.ahead = 0.0
        self.misbehave: Misbehaviour | None = None

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    @abstractmethod
    def answer(self, desk: Desk, request: Request) -> None:
        """What it says when it does not misbehave."""

    def spoils(self, request: Request) -> bool:
        """Which requests the misbehaviour is for."""
        return True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is what is tested."""


_S = TypeVar("_S", bound=DeskServer)


@contextmanager
def served(server: _S) -> Iterator[_S]:
    """The server, running."""
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


class Canary(DeskServer):
    """Must never be called."""

    def answer(self, desk: Desk, request: Request) -> None:
        desk.say(200, {})


def page(desk: Desk) -> None:
    desk.say(200, b"<html><body>Maintenance</body></html>", kind="text/html")


def page_said_to_be_json(desk: Desk) -> None:
    desk.say(200, b"<html><body>Maintenance</body></html>")


def half(desk: Desk) -> None:
    desk.wfile.write(
        b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{"key": "A", "val'
    )


def raw_nul(desk: Desk) -> None:
    desk.say(200, b'{"key": "A\0", \0 "value": 1}')


def not_http(desk: Desk) -> None:
    desk.wfile.write(b"\0\0\0\0 220 mail.example ESMTP\r\n\r\n")


def hundred_megabytes(desk: Desk) -> None:
    desk.wfile.write(b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{"key": "A", "value": "')
    for _ in range(100):
        desk.wfile.write(b"x" * (1 << 20))
    desk.wfile.write(b'"}')


def packed(desk: Desk) -> None:
    desk.say(200, b"\x1f\x8b\x08\x00", Content_Encoding="gzip")


def bomb(desk: Desk) -> None:
    """Half a megabyte that unpacks to 512 MiB."""
    desk.say(200, _packed_zeros(), Content_Encoding="gzip")


@cache
def _packed_zeros() -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    block = bytes(1 << 20)
    return b"".join([packer.compress(block) for _ in range(512)] + [packer.flush()])


def twice(desk: Desk) -> None:
    desk.say(200, b'{"items": [], "key": "A", "value": 1, "value": 2}')


def deep(desk: Desk) -> None:
    desk.say(200, b'{"key": "A", "children": [' * 100_000 + b"]}" * 100_000)


def deep_value(desk: Desk) -> None:
    desk.say(200, b'{"items": ' + b"[" * 200_000 + b"]" * 200_000 + b"}")


def hanging(desk: Desk) -> None:
    time.sleep(4)


def dripping(desk: Desk) -> None:
    """A byte now and then: no single wait is ever long."""
    desk.wfile.write(b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{"key": "A", "value": "')
    for _ in range(40):
        desk.wfile.write(b"x")
        time.sleep(0.1)


def redirecting(to: str) -> Misbehaviour:
    return lambda desk: desk.say(302, b"", Location=to)
