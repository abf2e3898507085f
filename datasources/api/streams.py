"""A body read as it comes, block by block, and given up when nothing more comes of it."""

from collections.abc import Callable, Iterator

from portal.intake.bodies import Input
from portal.intake.watching import Closable, Wait

BLOCK = 64 << 10


class Stalled(Exception):
    """A block of 64 KiB, or the end, did not come in time."""


class BrokeOff(Exception):
    """The body ended before its Content-Length."""


def blocks_of(body: Input, *, length: int | None, patience: float, connections: Closable) -> Iterator[bytes]:
    """The blocks of a body; Stalled when one takes longer than `patience` seconds, BrokeOff when it ends too early.

    `length` is the Content-Length; None when the body comes in chunks (RFC 9112 §7.1), and then nobody but the
    server knows whether all of it came. Among `connections` is its own, which is closed when it takes too long: a read
    of WSGI ends in no other way.
    """
    left, wait = length, Wait(connections, patience)
    while left != 0:
        with wait:
            block = body.read(BLOCK if left is None else min(BLOCK, left))
        wait.came += len(block)
        left = None if left is None else left - len(block)
        if block:
            yield block
        if wait.gave_up:
            raise Stalled
        if not block:
            break
    if left:
        raise BrokeOff


def seen(blocks: Iterator[bytes], see: Callable[[bytes], None]) -> Iterator[bytes]:
    """The same blocks, each shown to `see` first."""
    for block in blocks:
        see(block)
        yield block
