"""Connections to a running portal, and which of its two workers has taken each (Linux)."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from urllib.parse import urlsplit

import psutil


def connected(base: str) -> socket.socket:
    """To the portal; nothing has been sent."""
    where = urlsplit(base)
    return socket.create_connection((where.hostname or "", where.port or 0), timeout=20)


@contextmanager
def two_workers(base: str) -> Iterator[tuple[socket.socket, socket.socket]]:
    """Two connections that different workers have taken: which one takes it is for the kernel to say."""
    with ExitStack() as opened:
        found: dict[int, socket.socket] = {}
        while len(found) < 2:
            line = opened.enter_context(connected(base))
            found.setdefault(worker_of(line), line)
        one, other = found.values()
        yield one, other


def worker_of(line: socket.socket) -> int:
    """The process that has taken our connection."""
    ours, theirs = line.getsockname(), line.getpeername()
    owners = [0]

    def is_taken() -> bool:
        all_of_it = psutil.net_connections("tcp4")
        owners[:] = [each.pid or 0 for each in all_of_it if (each.laddr, each.raddr) == (theirs, ours)]
        return any(owners)

    until(is_taken)
    return owners[0]


def until(holds: Callable[[], object], seconds: float = 20.0) -> None:
    """AssertionError when it does not within `seconds`."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"not within {seconds:.0f} s"
        time.sleep(0.02)
