"""A real portal on loopback for tests: granian before a database of its own, and the identity services beside it."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from demo.identity.server import IdentityServer, identity
from demo.processes import start, stop
from demo.servers import APP
from tests.servers import another_redis, drop_database, fresh_name, make_database, server
from tests.web import ROOT, free_port, web_server

__all__ = ["ROOT", "Running", "at_work", "running_portal"]
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


@contextmanager
def at_work(
    environment: dict[str, str], output: IO[bytes], folder: Path, *, sources: Path | None = None
) -> Iterator[None]:
    """Bell, sequencer and a Celery worker meanwhile, and the catalogue loaded with `sources`: `tests.working`."""
    ready = folder / "working"
    ready.unlink(missing_ok=True)
    argv = [sys.executable, "-m", "tests.working", str(ready), *([str(sources)] if sources else [])]
    process = start(argv, environment=environment, folder=ROOT, output=output)
    try:
        _wait(ready, process, Path(output.name))
        yield
    finally:
        stop(process, first=signal.SIGKILL)


def _wait(ready: Path, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _READY_SECONDS
    while not ready.exists():
        assert process.poll() is None, log.read_text()[-2000:]
        assert time.monotonic() < deadline, log.read_text()[-2000:]
        time.sleep(0.05)


@contextmanager
def running_portal(
    folder: Path,
    *,
    sources: dict[str, Any] | None = None,
    settings: dict[str, str] | None = None,
    application: str = "portal.wsgi:application",
    working: bool = False,
    web_workers: int = 2,
) -> Iterator[Running]:
    """The portal with catalogue and purposes loaded; `working`, or with `sources`, with Celery, bell and sequencer.

    `web_workers`: as many processes serve it; each loads Django, which takes seconds.
    """
    port, database, log = free_port(), fresh_name(), folder / "portal.log"
    reach = folder / "sources.json"
    reach.write_text(json.dumps(sources or {}))
    base, staff_base = f"http://127.0.0.1:{port}", f"http://localhost:{port}"
    make_database(database, described=True)
    with identity(0, portal=base, staff_portal=staff_base) as service, log.open("wb") as output:
        environment = {
            **os.environ,
            "DATABASE_URL": server().url(database, APP),
            "REDIS_URL": another_redis(),
            "PUBLIC_URL": base,
            "STAFF_URL": staff_base,
            "STATIC_FROM_SOURCE": "true",
            # One address signs everybody in here.
            "SIGN_INS_PER_MINUTE": "1000",
            "SUOMIFI_ISSUER": service.issuer,
            "STAFF_ISSUER": f"{service.issuer}/staff",
            **(settings or {}),
        }
        try:
            with ExitStack() as beside:
                beside.enter_context(
                    web_server(port, environment, output, application=application, workers=web_workers)
                )
                if sources or working:
                    beside.enter_context(at_work(environment, output, folder, sources=reach if sources else None))
                yield Running(base, staff_base, database, environment, log, service)
        finally:
            drop_database(database)
