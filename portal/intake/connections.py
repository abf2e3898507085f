"""Closing a connection on which nothing comes any more, or next to nothing, from inside the server's process (Linux).

WSGI tells the address of a caller and not the connection, and its read has no time limit: one system that stops in the
middle would hold a thread of the server for as long as it likes. The kernel knows of each connection how long ago
something came on it or was sent, and how much came in all; that tells the one that is waited for.
"""

import contextlib
import os
import socket
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

# struct tcp_info of <linux/tcp.h>: last_data_sent and last_data_recv in milliseconds, bytes_acked, bytes_received.
_TCP_INFO_BYTES = 136
_SENT, _RECEIVED, _TAKEN, _BYTES = (struct.Struct(f"={told}") for told in ("44xI", "52xI", "120xQ", "128xQ"))
_OPEN = 1
_FDS = Path("/proc/self/fd")
# The kernel counts in steps of some milliseconds.
_STEP = 0.05
# Whoever brings less in a second than this is not waited for.
LEAST_A_SECOND = 1024


@dataclass(frozen=True)
class _Seen:
    """`sent` and `received`: seconds since; `total`: bytes that have come; `taken`: bytes of ours that they took."""

    sent: float
    received: float
    total: int
    taken: int

    @property
    def rests(self) -> bool:
        """We spoke last: it was answered, and nothing has come since."""
        return self.taken > 0 and self.sent <= self.received


class Connections:
    """What one caller's address has open to one port of ours."""

    def __init__(self, address: str, port: int) -> None:
        self._address, self._port = address, port
        self._before: dict[object, int] = {}

    def look(self) -> None:
        """Remember how much has come on each, so that `hang_up` sees which are slow."""
        self._before = {}
        for opened, peer, seen in self._open():
            with opened:
                self._before[peer] = seen.total

    def hang_up(self, *, came: int, seconds: float) -> int:
        """Close what has been slow since `look`, or else what was silent for so long; how many.

        On either nothing was sent meanwhile, and `came` bytes at least have come. Of the silent, those on which we
        spoke last rest between two calls, and are closed only where no other is: somebody who waits for our "100
        Continue" and then sends nothing looks the same. HTTP lets a server close such at any time (RFC 9112 §9.3.1).
        """
        found = [each for each in self._open() if each[2].sent >= seconds - _STEP and each[2].total >= came]
        with contextlib.ExitStack() as opened:
            for each, _, _ in found:
                opened.enter_context(each)
            slow = [each for each, peer, seen in found if self._is_slow(peer, seen, seconds)]
            silent = [(each, seen.rests) for each, _, seen in found if seen.received >= seconds - _STEP]
            owing = [each for each, rests in silent if not rests]
            ended = slow or owing or [each for each, _ in silent]
            for each in ended:
                with contextlib.suppress(OSError):  # it has gone by itself
                    each.shutdown(socket.SHUT_RD)
            return len(ended)

    def _is_slow(self, peer: object, seen: _Seen, seconds: float) -> bool:
        return peer in self._before and 0 < seen.total - self._before[peer] < seconds * LEAST_A_SECOND

    def _open(self) -> Iterator[tuple[socket.socket, object, _Seen]]:
        # A hold of ours may have the number under which the listing itself was listed.
        peers: set[object] = set()
        for file in _FDS.iterdir() if _FDS.is_dir() else ():
            if (opened := _socket_at(int(file.name))) is None:
                continue
            try:
                seen = _seen(opened) if self._is_ours(opened) else None
                peer = opened.getpeername() if seen else None
            except OSError:  # it has gone by itself, or only listens
                seen = peer = None
            if seen is None or peer in peers:
                opened.close()
            else:
                peers.add(peer)
                yield opened, peer, seen

    def _is_ours(self, opened: socket.socket) -> bool:
        if opened.family not in (socket.AF_INET, socket.AF_INET6) or opened.type != socket.SOCK_STREAM:
            return False
        return bool(opened.getsockname()[1] == self._port and opened.getpeername()[0] == self._address)


def _socket_at(number: int) -> socket.socket | None:
    """Another hold on this file; None when it is no socket, or was closed since it was listed."""
    try:
        held = os.dup(number)
    except OSError:
        return None
    try:
        return socket.socket(fileno=held)
    except OSError:
        os.close(held)
        return None


def _seen(opened: socket.socket) -> _Seen | None:
    told = opened.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _TCP_INFO_BYTES)
    if len(told) < _TCP_INFO_BYTES or told[0] != _OPEN:
        return None
    facts = (_SENT, _RECEIVED, _BYTES, _TAKEN)
    sent, received, total, taken = (each.unpack_from(told)[0] for each in facts)
    return _Seen(sent / 1000, received / 1000, total, taken)
