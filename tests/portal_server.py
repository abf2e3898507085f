"""A real portal on loopback for tests: granian before a database of its own, and the identity services beside it."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from urllib.error import HTTPError
from urllib.request import urlopen

from demo.identity.server import IdentityServer, identity
from demo.processes import start, stop
from demo.servers import APP
from tests.servers import drop_database, fresh_name, make_database, server

ROOT = Path(__file__).resolve().parent.parent
_READY_SECONDS = 60


@dataclass(frozen=True)
class Running:
    """Where the portal answers, and its database."""

    base: str
    staff_base: str
    database: str
    environment: dict[str, str]
    log: Path
    identity: IdentityServer


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _READY_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urlopen(address, timeout=2):
                return
        except HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"The portal did not start: {log.read_text()[-2000:]}")


def _work(environment: dict[str, str], output: IO[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    """The bell, the sequencer, and one Celery worker with threads for both queues."""
    celery = [sys.executable, "-m", "celery", "-A", "portal", "worker", "--queues", "bulk,interactive"]
    celery += ["--pool", "threads", "--concurrency", "4", "--without-gossip", "--without-mingle", "--loglevel", "ERROR"]
    for argv in ([sys.executable, "manage.py", "bell"], [sys.executable, "manage.py", "sequencer"], celery):
        yield start(argv, environment=environment, folder=ROOT, output=output)


@contextmanager
def running_portal(
    folder: Path, *, sources: dict[str, Any] | None = None, settings: dict[str, str] | None = None
) -> Iterator[Running]:
    """The portal with catalogue and purposes loaded; with `sources` also Celery, the bell and the sequencer."""
    port, database, log = _free_port(), fresh_name(), folder / "portal.log"
    reach = folder / "sources.json"
    reach.write_text(json.dumps(sources or {}))
    base, staff_base = f"http://127.0.0.1:{port}", f"http://localhost:{port}"
    make_database(database)
    with identity(0, portal=base, staff_portal=staff_base) as service, log.open("wb") as output:
        environment = {
            **os.environ,
            "DATABASE_URL": server().url(database, APP),
            "PUBLIC_URL": base,
            "STAFF_URL": staff_base,
            "STATIC_FROM_SOURCE": "true",
            # One address signs everybody in here.
            "SIGN_INS_PER_MINUTE": "1000",
            "SUOMIFI_ISSUER": service.issuer,
            "STAFF_ISSUER": f"{service.issuer}/staff",
            **(settings or {}),
        }
        for words in (["load_catalogue", "--sources", str(reach)], ["load_purposes"], ["make_groups"]):
            argv = [sys.executable, "manage.py", *words]
            subprocess.run(argv, cwd=ROOT, env=environment, check=True, capture_output=True)
        granian = str(Path(sys.executable).parent / "granian")
        argv = [granian, "--interface", "wsgi", "--workers", "2", "--blocking-threads", "1", "--log-level", "warning"]
        argv += ["--host", "127.0.0.1", "--port", str(port), "portal.wsgi:application"]
        web = start(argv, environment=environment, folder=ROOT, output=output)
        workers = list(_work(environment, output)) if sources else []
        try:
            _wait(f"{base}/en/", web, log)
            yield Running(base, staff_base, database, environment, log, service)
        finally:
            for process in (web, *workers):
                stop(process)
            drop_database(database)
