"""A body read as it comes, block by block, and given up when nothing more comes of it."""

import threading
import time
from collections.abc import Callable, Iterator
from typing import Protocol

BLOCK = 64 << 10
_LOOKS_EVERY = 0.5  # seconds


class Input(Protocol):
    """What a WSGI server gives as `wsgi.input` (PEP 3333)."""

    def read(self, size: int, /) -> bytes:
        """At most so many bytes; none at the end."""
        ...


class Stalled(Exception):
    """A block of 64 KiB, or the end, did not come in time."""


class BrokeOff(Exception):
    """The body ended before its Content-Length."""


def blocks_of(
    body: Input, *, length: int | None, patience: float, hang_up: Callable[[int, float], None]
) -> Iterator[bytes]:
    """The blocks of a body; Stalled when one takes longer than `patience` seconds, BrokeOff when it ends too early.

    `length` is the Content-Length; None when the body comes in chunks (RFC 9112 §7.1), and then nobody but the
    server knows whether all of it came. `hang_up(bytes, seconds)` closes the connection that has brought so many bytes
    and then nothing for so long: a read of WSGI ends in no other way.
    """
    left, came = length, 0
    watch = _Watch(patience, hang_up)
    try:
        while left != 0:
            with watch:
                block = body.read(BLOCK if left is None else min(BLOCK, left))
            came += len(block)
            watch.came = came
            left = None if left is None else left - len(block)
            if block:
                yield block
            if watch.gave_up:
                raise Stalled
            if not block:
                break
    finally:
        watch.stop()
    if left:
        raise BrokeOff


class _Watch:
    """Looks on from a thread of its own while somebody waits inside."""

    def __init__(self, patience: float, hang_up: Callable[[int, float], None]) -> None:
        self._patience, self._hang_up = patience, hang_up
        self._stop = threading.Event()
        self._since: float | None = None
        self.came, self.gave_up = 0, False
        threading.Thread(target=self._look, daemon=True).start()

    def __enter__(self) -> None:
        self._since = time.monotonic()

    def __exit__(self, *_: object) -> None:
        self._since = None

    def stop(self) -> None:
        """Nobody waits any more."""
        self._stop.set()

    def _look(self) -> None:
        while not self._stop.wait(_LOOKS_EVERY):
            since = self._since
            if since is not None and time.monotonic() - since > self._patience:
                self.gave_up = True
                self._hang_up(self.came, self._patience)


def seen(blocks: Iterator[bytes], see: Callable[[bytes], None]) -> Iterator[bytes]:
    """The same blocks, each shown to `see` first."""
    for block in blocks:
        see(block)
        yield block
