"""A body is read block by block, is over when its length has come, and is given up when nothing more comes."""

import io
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from queue import Queue
from typing import Any

import pytest

from datasources.api.streams import BLOCK, BrokeOff, Stalled, blocks_of
from portal.intake.bodies import InTime
from portal.intake.connections import Connections


@pytest.fixture
def connection() -> Iterator[tuple[socket.socket, socket.socket]]:
    """Both ends of a connection over loopback: the server's and the caller's."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        caller = socket.create_connection(listening.getsockname())
        accepted, _ = listening.accept()
        with caller, accepted:
            yield accepted, caller


class Body:
    """What comes on a connection, as a WSGI server would hand it on: as much as was asked for, or the end."""

    def __init__(self, opened: socket.socket) -> None:
        self._file = opened.makefile("rb")

    def read(self, size: int, /) -> bytes:
        return self._file.read(size)


class Never:
    """Nothing is to be closed."""

    def look(self) -> None:
        raise AssertionError("looked")

    def hang_up(self, *, came: int, seconds: float) -> int:
        raise AssertionError((came, seconds))


class Asked(Connections):
    """Tells what it was asked and how many it closed: in a queue, as whoever reads is woken while it still closes."""

    def __init__(self, address: str, port: int) -> None:
        super().__init__(address, port)
        self.told: Queue[tuple[int, float, int]] = Queue()

    def hang_up(self, *, came: int, seconds: float) -> int:
        closed = super().hang_up(came=came, seconds=seconds)
        self.told.put((came, seconds, closed))
        return closed


@pytest.mark.parametrize("length", [None, 0, 1, BLOCK, BLOCK + 1, 3 * BLOCK])
def test_a_body_is_read_to_its_end_and_not_beyond(length: int | None) -> None:
    whole = bytes(range(256)) * (3 * BLOCK // 256)
    body = io.BytesIO(whole)
    read = b"".join(blocks_of(body, length=length, patience=5, connections=Never()))
    assert read == (whole if length is None else whole[:length])
    assert body.tell() == len(read)


def test_a_body_shorter_than_it_said_has_broken_off() -> None:
    blocks = blocks_of(io.BytesIO(b"half"), length=8, patience=5, connections=Never())
    assert next(blocks) == b"half"
    with pytest.raises(BrokeOff):
        next(blocks)


def test_what_is_silent_is_closed_and_given_up(connection: tuple[socket.socket, socket.socket]) -> None:
    ours, caller = connection
    address, port = ours.getsockname()
    caller.sendall(b"a" * BLOCK + b"b")
    lines = Asked(address, port)
    blocks = blocks_of(Body(ours), length=None, patience=0.6, connections=lines)
    assert next(blocks) == b"a" * BLOCK
    began = time.monotonic()
    assert next(blocks) == b"b"
    with pytest.raises(Stalled):
        next(blocks)
    assert (lines.told.get(timeout=5)[::2], 0.5 < time.monotonic() - began < 5) == ((BLOCK, 1), True)


def test_one_that_still_speaks_or_has_brought_less_is_left_alone(
    connection: tuple[socket.socket, socket.socket],
) -> None:
    ours, caller = connection
    address, port = ours.getsockname()
    lines = Connections(address, port)
    time.sleep(0.4)
    caller.sendall(b"abc")
    assert lines.hang_up(came=0, seconds=0.4) == 0
    time.sleep(0.4)
    assert (lines.hang_up(came=4, seconds=0.2), Connections("127.0.0.2", port).hang_up(came=0, seconds=0.2)) == (0, 0)
    assert lines.hang_up(came=3, seconds=0.2) == 1


@pytest.mark.parametrize(("more", "closed"), [(b"d", 1), (b"d" * 4096, 0)])
def test_one_that_drips_is_closed_and_one_that_flows_is_not(
    more: bytes, closed: int, connection: tuple[socket.socket, socket.socket]
) -> None:
    ours, caller = connection
    lines = Connections(*ours.getsockname())
    caller.sendall(b"abc")
    time.sleep(0.3)
    lines.look()
    caller.sendall(more)
    time.sleep(0.1)
    assert lines.hang_up(came=0, seconds=0.3) == closed


def test_one_that_rests_between_two_calls_is_left_alone_while_another_is_waited_for() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening, ExitStack() as opened:
        callers = [opened.enter_context(socket.create_connection(listening.getsockname())) for _ in range(2)]
        ours = [opened.enter_context(listening.accept()[0]) for _ in callers]
        lines = Connections(*listening.getsockname())
        for each in callers:
            each.sendall(b"a call, and ")
        ours[0].sendall(b"its answer")
        assert callers[0].recv(100) == b"its answer"
        time.sleep(0.4)
        assert lines.hang_up(came=0, seconds=0.3) == 1
        # The end that we made of it ourselves is read at once; where nothing was ended, nothing comes.
        assert (ours[1].recv(100), ours[1].recv(100)) == (b"a call, and ", b"")
        ours[0].setblocking(False)
        assert ours[0].recv(100) == b"a call, and "
        with pytest.raises(BlockingIOError):
            ours[0].recv(100)
        # Nobody else is left who could be waited for.
        callers[1].close()
        ours[1].close()
        assert lines.hang_up(came=0, seconds=0.3) == 1


def test_looking_at_connections_holds_no_file_open() -> None:
    def held() -> int:
        return len(list(Path("/proc/self/fd").iterdir()))

    connections, before = Connections("127.0.0.1", 1), held()
    for _ in range(3):
        connections.look()
        connections.hang_up(came=0, seconds=1.0)
    assert held() <= before


@pytest.mark.parametrize("sizes", [[-1], [None], [4, 6], [4, 100], [10]])
def test_a_body_that_was_read_is_held_no_longer(sizes: list[int | None]) -> None:
    held: list[io.BytesIO] = []

    def application(environ: dict[str, Any], start_response: object) -> list[bytes]:
        held.append(environ["wsgi.input"])
        return [environ["wsgi.input"].read(size) for size in sizes]

    environ = {"CONTENT_LENGTH": "10", "SERVER_PORT": "80", "wsgi.input": io.BytesIO(b"0123456789")}
    asked = InTime(application, patience=5, most=100, waits_itself="/stream".__eq__)
    assert b"".join(asked(environ, None)) == b"0123456789"
    assert (held[0].getvalue(), held[0].read()) == (b"", b"")
