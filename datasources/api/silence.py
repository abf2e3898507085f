"""Closing a connection on which nothing comes any more, from inside the server's process (Linux).

WSGI tells the address of a caller and not the connection, and its read has no time limit: one system that stops in the
middle would hold a thread of the server for as long as it likes. The kernel knows of each connection how long ago
something came on it or was sent, and how much came in all; that tells the silent one.
"""

import contextlib
import os
import socket
import struct
from pathlib import Path

# struct tcp_info of <linux/tcp.h>: last_data_sent and last_data_recv in milliseconds, bytes_received.
_TCP_INFO_BYTES = 136
_SENT, _RECEIVED, _BYTES = struct.Struct("=44xI"), struct.Struct("=52xI"), struct.Struct("=128xQ")
_OPEN = 1
_FDS = Path("/proc/self/fd")
# The last data came a little before we began to wait for more.
_EARLIER = 0.75


def hang_up(address: str, port: int, *, came: int, seconds: float) -> int:
    """Close what a caller at `address` has open to our `port` and has been silent for so long; how many.

    Silent: `came` bytes at least have come on it, and since then none, nor has any gone. A connection that only rests
    between two calls may be among them: HTTP lets a server close such at any time (RFC 9112 §9.3.1).
    """
    closed = 0
    for file in _FDS.iterdir() if _FDS.is_dir() else ():
        # The file may have been closed since it was listed, and may be no socket.
        with contextlib.suppress(OSError), socket.socket(fileno=os.dup(int(file.name))) as opened:
            if _is_between(opened, address, port) and _is_silent(opened, came, seconds):
                opened.shutdown(socket.SHUT_RD)
                closed += 1
    return closed


def _is_between(opened: socket.socket, address: str, port: int) -> bool:
    if opened.family not in (socket.AF_INET, socket.AF_INET6) or opened.type != socket.SOCK_STREAM:
        return False
    return bool(opened.getsockname()[1] == port and opened.getpeername()[0] == address)


def _is_silent(opened: socket.socket, came: int, seconds: float) -> bool:
    told = opened.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _TCP_INFO_BYTES)
    if len(told) < _TCP_INFO_BYTES or told[0] != _OPEN:
        return False
    ((sent,), (received,), (total,)) = (each.unpack_from(told) for each in (_SENT, _RECEIVED, _BYTES))
    least = seconds * _EARLIER * 1000
    return bool(sent >= least and received >= least and total >= came)
