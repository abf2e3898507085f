"""A body read as it comes, block by block, by whoever has the patience that is fair to others."""

import queue
import threading
from collections.abc import Callable, Iterator
from typing import Protocol

BLOCK = 64 << 10
# Blocks read ahead while others are being stored.
_AHEAD = 8


class Input(Protocol):
    """What a WSGI server gives as `wsgi.input` (PEP 3333)."""

    def read(self, size: int, /) -> bytes:
        """At most so many bytes; none at the end."""
        ...


class Stalled(Exception):
    """A block of 64 KiB, or the end, did not come in time."""


class BrokeOff(Exception):
    """The body ended before its Content-Length."""


def blocks_of(body: Input, *, length: int | None, patience: float) -> Iterator[bytes]:
    """The blocks of a body; Stalled when one takes longer than `patience` seconds, BrokeOff when it ends too early.

    `length` is the Content-Length; None when the body comes in chunks (RFC 9112 §7.1), and then nobody but the
    connection knows whether all of it came.
    """
    came: queue.Queue[bytes | Exception] = queue.Queue(_AHEAD)
    stop = threading.Event()
    # A read of WSGI knows no time limit, so it is done beside whoever waits; it ends when the connection does.
    reader = threading.Thread(target=_read, args=(body, length, came, stop), daemon=True)
    reader.start()
    left = length
    try:
        while block := _next(came, patience):
            left = None if left is None else left - len(block)
            yield block
    finally:
        stop.set()
    if left:
        raise BrokeOff


def _next(came: "queue.Queue[bytes | Exception]", patience: float) -> bytes:
    try:
        block = came.get(timeout=patience)
    except queue.Empty:
        raise Stalled from None
    if isinstance(block, Exception):
        raise BrokeOff from block
    return block


def _read(body: Input, length: int | None, came: "queue.Queue[bytes | Exception]", stop: threading.Event) -> None:
    left = length
    while not stop.is_set():
        try:
            block = body.read(BLOCK if left is None else min(BLOCK, left)) if left != 0 else b""
        except Exception as fault:  # noqa: BLE001 - told to whoever waits
            _hand_on(came, fault, stop)
            return
        left = None if left is None else left - len(block)
        _hand_on(came, block, stop)
        if not block:
            return


def _hand_on(came: "queue.Queue[bytes | Exception]", what: bytes | Exception, stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            came.put(what, timeout=1.0)
        except queue.Full:
            continue
        return


def seen(blocks: Iterator[bytes], see: Callable[[bytes], None]) -> Iterator[bytes]:
    """The same blocks, each shown to `see` first."""
    for block in blocks:
        see(block)
        yield block
