"""A real portal on loopback for tests: granian before a database of its own, and the identity services beside it."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import IO, Any

from demo.cities import trusted_toml
from demo.identity.server import IdentityServer, identity
from demo.processes import start, stop
from demo.servers import APP
from portal.cities import read_city
from tests.servers import HERE, another_redis, city_environment, drop_database, fresh_name, make_database, server
from tests.web import ROOT, free_port, web_server

__all__ = ["ROOT", "Running", "at_work", "running_portal", "running_portals"]
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


def _environment(database: str, *, city: str, base: str, staff_base: str, issuer: str) -> dict[str, str]:
    return {
        **os.environ,
        **city_environment(city),
        "DATABASE_URL": server().url(database, APP),
        "REDIS_URL": another_redis(),
        "PUBLIC_URL": base,
        "STAFF_URL": staff_base,
        "STATIC_FROM_SOURCE": "true",
        # One address signs everybody in here.
        "SIGN_INS_PER_MINUTE": "1000",
        "SUOMIFI_ISSUER": issuer,
        "STAFF_ISSUER": f"{issuer}/staff",
    }


@contextmanager
def running_portal(
    folder: Path,
    *,
    sources: dict[str, Any] | None = None,
    settings: dict[str, str] | None = None,
    application: str = "portal.wsgi:application",
    working: bool = False,
    web_workers: int = 2,
    city: str = HERE,
    port: int = 0,
) -> Iterator[Running]:
    """The portal with catalogue and purposes loaded; `working`, or with `sources`, with Celery, bell and sequencer.

    `web_workers`: as many processes serve it; each loads Django, which takes seconds. `port`: any free one when 0.
    """
    port, database, log = port or free_port(), fresh_name(), folder / "portal.log"
    reach = folder / "sources.json"
    reach.write_text(json.dumps(sources or {}))
    base, staff_base = f"http://127.0.0.1:{port}", f"http://localhost:{port}"
    make_database(database, described=True, city=city)
    with identity(0, portal=base, staff_portal=staff_base) as service, log.open("wb") as output:
        environment = _environment(database, city=city, base=base, staff_base=staff_base, issuer=service.issuer)
        environment |= settings or {}
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


@contextmanager
def running_portals(
    folder: Path,
    *cities: str,
    sources: Mapping[str, dict[str, Any]] = MappingProxyType({}),
    settings: Mapping[str, dict[str, str]] = MappingProxyType({}),
) -> Iterator[dict[str, Running]]:
    """{city: its portal}: each works, has a database, keys and an identity service of its own, and trusts the others.

    `sources` and `settings` are told by city. In the test's process the city is the run's own (`HERE`): what is to be
    done inside another's database is done by a program with `Running.environment`.
    """
    doors = {city: free_port() for city in cities}
    with ExitStack() as opened:
        running = {}
        for city in cities:
            place = folder / city
            place.mkdir()
            told = _trusting(place, city, doors) | settings.get(city, {})
            own = partial(running_portal, place, city=city, port=doors[city], working=True, web_workers=1)
            running[city] = opened.enter_context(own(sources=sources.get(city), settings=told))
        yield running


def _trusting(place: Path, city: str, doors: dict[str, int]) -> dict[str, str]:
    """Settings by which a city trusts those at the other doors; its log has a name of its own."""
    others = [(each, f"http://127.0.0.1:{port}", _names(each)) for each, port in doors.items() if each != city]
    trusted = place / "trusted-cities.toml"
    trusted.write_text(trusted_toml(others))
    return {"TRUSTED_CITIES_FILE": str(trusted), "LOG_ORIGIN": f"127.0.0.1/{city}/log"}


def _names(city: str) -> dict[str, str]:
    return read_city(city).name.model_dump()
