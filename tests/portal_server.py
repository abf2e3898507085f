"""A real portal on loopback for tests: granian before a database of its own, and the identity services beside it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from demo.identity.server import IdentityServer, identity
from demo.processes import start, stop
from demo.servers import APP
from tests.servers import another_redis, drop_database, fresh_name, make_database, server
from tests.web import ROOT, free_port, web_server

__all__ = ["ROOT", "Running", "running_portal"]


@dataclass(frozen=True)
class Running:
    """Where the portal answers, and its database."""

    base: str
    staff_base: str
    database: str
    environment: dict[str, str]
    log: Path
    identity: IdentityServer


def work(environment: dict[str, str], output: IO[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    """The bell, the sequencer, and one Celery worker with threads for all queues."""
    celery = [sys.executable, "-m", "celery", "-A", "portal", "worker", "--queues", "bulk,interactive,webhooks"]
    celery += ["--pool", "threads", "--concurrency", "4", "--without-gossip", "--without-mingle", "--loglevel", "ERROR"]
    for argv in ([sys.executable, "manage.py", "bell"], [sys.executable, "manage.py", "sequencer"], celery):
        yield start(argv, environment=environment, folder=ROOT, output=output)


@contextmanager
def running_portal(
    folder: Path,
    *,
    sources: dict[str, Any] | None = None,
    settings: dict[str, str] | None = None,
    application: str = "portal.wsgi:application",
    working: bool = False,
) -> Iterator[Running]:
    """The portal with catalogue and purposes loaded; `working`, or with `sources`, with Celery, bell and sequencer."""
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
        if sources:
            argv = [sys.executable, "manage.py", "load_catalogue", "--sources", str(reach)]
            subprocess.run(argv, cwd=ROOT, env=environment, check=True, capture_output=True)
        workers = list(work(environment, output)) if sources or working else []
        try:
            with web_server(port, environment, output, application=application):
                yield Running(base, staff_base, database, environment, log, service)
        finally:
            for process in workers:
                stop(process)
            drop_database(database)
