"""Granian on loopback, as in production: two workers with one thread each, where not told otherwise."""

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import HTTPServer
from pathlib import Path
from typing import IO
from urllib.error import HTTPError
from urllib.request import urlopen

from demo.processes import start, stop

ROOT = Path(__file__).resolve().parent.parent
_READY_SECONDS = 60


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def web_server(
    port: int,
    environment: Mapping[str, str],
    output: IO[bytes],
    *,
    application: str = "portal.wsgi:application",
    workers: int = 2,
) -> Iterator[None]:
    """`application` behind granian until the block ends; AssertionError with the end of its log when it fails."""
    granian = str(Path(sys.executable).parent / "granian")
    argv = [granian, "--interface", "wsgi", "--workers", str(workers), "--blocking-threads", "1"]
    argv += ["--respawn-failed-workers", "--respawn-interval", "0.5", "--log-level", "warning"]
    argv += ["--workers-kill-timeout", "5", "--host", "127.0.0.1", "--port", str(port), application]
    process = start(argv, environment=environment, folder=ROOT, output=output)
    try:
        _wait(f"http://127.0.0.1:{port}/en/", process, Path(output.name))
        yield
    finally:
        stop(process)


@contextmanager
def thread_of(server: HTTPServer) -> Iterator[None]:
    """Serve in a thread until the block ends."""
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()


def _wait(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _READY_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urlopen(address, timeout=2):
                return
        except HTTPError:
            return
        except OSError:
            time.sleep(0.05)
    raise AssertionError(f"The portal did not start: {log.read_text()[-2000:]}")
