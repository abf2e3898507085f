"""A server that takes the call and never speaks, or speaks a byte now and then: the limit of connecting holds."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from typing import Any

import asyncssh
import pytest

from datasources.connectors.files.connector import FilesConnector
from datasources.connectors.gdpr_api.connector import GdprApiConnector
from datasources.connectors.rest.connector import RestConnector
from datasources.connectors.sql.connector import SqlConnector
from datasources.connectors.sql.licensed import _in_time
from datasources.errors import TooSlow, Unreachable
from datasources.protocol import Limits
from tests.datasources.gdpr_service import AINO, CODE
from tests.datasources.xroad_service import opened as xroad

# libpq waits two seconds at least.
LIMITS = Limits(connect=2.0, answer=2.0, statement=60.0)
PATIENCE = 8.0
LIST = {"listing": "/a", "key": "code", "columns": {"title": "title"}}
TABLE = {"table": "a", "key": "a.code", "columns": {"title": "a.title"}}


@contextmanager
def accepting(word: bytes = b"", *, again_after: float = 0.5) -> Iterator[int]:
    """Its port. Says `word` again and again to whoever calls, or nothing."""
    over = threading.Event()
    taken: list[socket.socket] = []

    def speak(call: socket.socket) -> None:
        with suppress(OSError):
            while word and not over.wait(again_after):
                call.sendall(word)

    def take(listening: socket.socket) -> None:
        with suppress(OSError):
            while True:
                call, _ = listening.accept()
                taken.append(call)
                threading.Thread(target=speak, args=(call,), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=take, args=(listening,), daemon=True).start()
        yield listening.getsockname()[1]
        over.set()
        for call in taken:
            call.close()


def _sql(address: str) -> Any:
    return SqlConnector({"url": address}, {"password": "p"}, {"x": TABLE}, LIMITS)


def _files(port: int) -> Any:
    key = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode().strip()
    settings = {"host": "127.0.0.1", "port": port, "user": "portal", "host_key": key}
    return FilesConnector(settings, {"password": "p"}, {"x": {"file": "a.csv", "key": "c", "columns": {}}}, LIMITS)


def _gdpr(port: int) -> Any:
    here = f"http://127.0.0.1:{port}"
    settings = {"url": here, "token_url": f"{here}/token", "audience": "a", "client_id": "c"}
    secrets = {"client_secret": "s", "ids": f'{{"{CODE}": "{AINO}"}}'}
    return GdprApiConnector(settings, secrets, {"x": {"key": "UUID", "columns": {"n": "N"}}}, LIMITS)


def _rest(address: str) -> Any:
    return RestConnector({"url": address, "auth": "none"}, {}, {"x": LIST}, LIMITS)


CONNECTORS: dict[str, Any] = {
    "postgresql": lambda port: _sql(f"postgresql+psycopg://reader@127.0.0.1:{port}/city"),
    "mysql": lambda port: _sql(f"mysql+pymysql://reader@127.0.0.1:{port}/city"),
    "rest": lambda port: _rest(f"http://127.0.0.1:{port}"),
    "rest with TLS": lambda port: _rest(f"https://127.0.0.1:{port}"),
    "gdpr_api": _gdpr,
    "files": _files,
    "xroad": lambda port: xroad(f"https://127.0.0.1:{port}", limits=LIMITS),
}


@pytest.mark.parametrize("kind", CONNECTORS)
def test_a_system_that_never_speaks_is_given_up_in_time(kind: str) -> None:
    with accepting() as port, closing(CONNECTORS[kind](port)) as opened:
        began = time.monotonic()
        with pytest.raises((TooSlow, Unreachable)):
            list(opened.look("courses" if kind == "xroad" else "x", people=1))
        assert time.monotonic() - began < PATIENCE


@pytest.mark.parametrize("kind", ["mysql", "files"])
def test_a_greeting_byte_by_byte_is_given_up_in_time(kind: str) -> None:
    with accepting(b"J") as port, closing(CONNECTORS[kind](port)) as opened:
        began = time.monotonic()
        with pytest.raises((TooSlow, Unreachable)):
            list(opened.look("x", people=1))
        assert time.monotonic() - began < PATIENCE


def test_a_driver_that_waits_without_an_end_is_not_waited_for() -> None:
    def hangs(port: int) -> socket.socket:
        call = socket.create_connection(("127.0.0.1", port))
        call.recv(1)
        return call

    with accepting() as port:
        began = time.monotonic()
        with pytest.raises(TooSlow):
            _in_time(lambda: hangs(port), within=0.3)
        assert time.monotonic() - began < 2
    with accepting(b"J", again_after=0.01) as port:
        _in_time(lambda: hangs(port), within=2).close()
    with pytest.raises(ZeroDivisionError):
        _in_time(lambda: 1 / 0, within=2)
