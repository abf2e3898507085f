"""What must be so before the demo starts; whatever is not, is told in one sentence."""

import errno
import fcntl
import os
import shutil
import socket
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from demo.cities import ROOT, DemoCity
from demo.supervisor import DemoFailed

_LEAST_DISK = 500 * 1024 * 1024
_CLOSING_SECONDS = 15.0


def folder() -> Path:
    """Where the demo keeps its data: `.demo`, or DEMO_FOLDER."""
    return Path(os.environ.get("DEMO_FOLDER") or ROOT / ".demo").resolve()


def check_ports(asked: Iterable[DemoCity]) -> None:
    """Every port of these cities is free."""
    for city in asked:
        for whose, port in city.used_ports.items():
            _check_port(port, f"{whose} of {city.slug}" if city.others else whose)


def _check_port(port: int, whose: str) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            raise DemoFailed(
                f"Port {port}, for {whose}, is not for this user; move the demo: make demo DEMO_PORT=9000"
            ) from None
        except OSError:
            raise DemoFailed(
                f"Port {port}, for {whose}, is taken; stop what uses it, or move the demo: make demo DEMO_PORT=9000"
            ) from None


def check_disk(where: Path) -> None:
    """500 MB are free."""
    if shutil.disk_usage(where).free < _LEAST_DISK:
        raise DemoFailed(f"The disk that holds {where} is almost full; the demo needs 500 MB.")


@contextmanager
def alone(where: Path) -> Iterator[int]:
    """The lock on a demo's data, as a descriptor that its processes inherit: it holds as long as one of them lives."""
    lock = os.open(where / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if not _take(lock):
            print("Waiting for a demo that is closing down ...", flush=True)
            deadline = time.monotonic() + _CLOSING_SECONDS
            while not _take(lock):
                if time.monotonic() > deadline:
                    raise DemoFailed(f"A demo is running already on {where}; stop it first.")
                time.sleep(0.2)
        yield lock
    finally:
        os.close(lock)


def _take(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def sentence(fault: Exception) -> str:
    """What went wrong, for whoever started the demo."""
    if "No space left on device" in str(fault) or getattr(fault, "errno", None) in {errno.ENOSPC, errno.EDQUOT}:
        return f"The disk that holds {folder()} is full; make room and start again: what was saved is not lost."
    if isinstance(fault, PermissionError):
        return f"This user may not use {fault.filename}; whoever started the demo first owns its data."
    return str(fault)
