"""A body is read block by block, is over when its length has come, and is given up when nothing more comes."""

import io
import socket
import time
from collections.abc import Iterator
from queue import Queue

import pytest

from datasources.api.silence import hang_up
from datasources.api.streams import BLOCK, BrokeOff, Stalled, blocks_of


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


def never(came: int, seconds: float) -> None:
    raise AssertionError((came, seconds))


@pytest.mark.parametrize("length", [None, 0, 1, BLOCK, BLOCK + 1, 3 * BLOCK])
def test_a_body_is_read_to_its_end_and_not_beyond(length: int | None) -> None:
    whole = bytes(range(256)) * (3 * BLOCK // 256)
    body = io.BytesIO(whole)
    read = b"".join(blocks_of(body, length=length, patience=5, hang_up=never))
    assert read == (whole if length is None else whole[:length])
    assert body.tell() == len(read)


def test_a_body_shorter_than_it_said_has_broken_off() -> None:
    blocks = blocks_of(io.BytesIO(b"half"), length=8, patience=5, hang_up=never)
    assert next(blocks) == b"half"
    with pytest.raises(BrokeOff):
        next(blocks)


def test_what_is_silent_is_closed_and_given_up(connection: tuple[socket.socket, socket.socket]) -> None:
    ours, caller = connection
    address, port = ours.getsockname()
    caller.sendall(b"a" * BLOCK + b"b")
    # A queue: whoever reads is woken while the watch still closes.
    asked: Queue[tuple[int, float, int]] = Queue()

    def close(came: int, seconds: float) -> None:
        asked.put((came, seconds, hang_up(address, port, came=came, seconds=seconds)))

    blocks = blocks_of(Body(ours), length=None, patience=0.6, hang_up=close)
    assert next(blocks) == b"a" * BLOCK
    began = time.monotonic()
    assert next(blocks) == b"b"
    with pytest.raises(Stalled):
        next(blocks)
    assert (asked.get(timeout=5), 0.5 < time.monotonic() - began < 5) == ((BLOCK, 0.6, 1), True)


def test_one_that_still_speaks_or_has_brought_less_is_left_alone(
    connection: tuple[socket.socket, socket.socket],
) -> None:
    ours, caller = connection
    address, port = ours.getsockname()
    time.sleep(0.4)
    caller.sendall(b"abc")
    assert hang_up(address, port, came=0, seconds=0.4) == 0
    time.sleep(0.4)
    assert (hang_up(address, port, came=4, seconds=0.2), hang_up("127.0.0.2", port, came=0, seconds=0.2)) == (0, 0)
    assert hang_up(address, port, came=3, seconds=0.2) == 1
