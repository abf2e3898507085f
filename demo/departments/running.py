"""All departments together, in threads of one process."""

import asyncio
import secrets
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any, TypeVar

from demo.client import Department
from demo.departments import early_education, proxy, sports
from demo.departments.control import Control
from demo.departments.hearing import Hearing
from demo.departments.library import CLIENT_ID, Library
from demo.departments.moods import Mood, Moods
from demo.departments.receiver import Receiver
from demo.population.server import Population

_Server = TypeVar("_Server", bound=ThreadingHTTPServer)


@dataclass(frozen=True)
class Departments:
    """Running systems; `sources` is what the portal must know to reach them, secrets among it."""

    moods: Moods
    sources: dict[str, dict[str, Any]]
    control_port: int
    population: Population
    receiver: Receiver


@dataclass(frozen=True)
class Ports:
    """Where each listens on loopback; 0 takes any free one."""

    library: int = 0
    sports: int = 0
    control: int = 0
    early_education: int = 0
    population: int = 0
    receiver: int = 0


def secret(folder: Path, name: str) -> str:
    """A password made once and kept in the folder."""
    path = folder / f"{name}.secret"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(24))
    return path.read_text()


@contextmanager
def _loop() -> Iterator[asyncio.AbstractEventLoop]:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield loop
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)


@contextmanager
def departments(
    folder: Path,
    superuser_dsn: str,
    socket: Path,
    *,
    ports: Ports = Ports(),
    database: str = early_education.DATABASE,
    caller: Department | None = None,
) -> Iterator[Departments]:
    """Run all three, the population register and the control panel. `socket` is PostgreSQL's unix socket file.

    `caller`: sports services as a caller of the portal's API, by which they come to hear of changes.
    """
    moods = Moods()
    with ExitStack() as open_systems:
        loop = open_systems.enter_context(_loop())
        kindergartens = _early_education(
            open_systems, loop, socket, moods, port=ports.early_education, dsn=superuser_dsn, database=database
        )
        library = in_thread(open_systems, Library(ports.library, moods, secret=secret(folder, "library")))
        population = in_thread(open_systems, Population(ports.population, token=secret(folder, "population")))
        control = in_thread(open_systems, Control(ports.control, moods))
        receiver = in_thread(open_systems, Receiver(ports.receiver, moods))
        if caller:
            open_systems.callback(Hearing(receiver, caller, folder / "sports.webhook.json").end)
        yield Departments(
            moods=moods,
            control_port=control.server_address[1],
            population=population,
            receiver=receiver,
            sources={
                "early-education": kindergartens,
                "library": {
                    "settings": {"url": library.url, "token_url": f"{library.url}/oauth/token", "client_id": CLIENT_ID},
                    "secrets": {"client_secret": library.secret},
                },
                "sports-gates": {"settings": {"promised_hours": 1}},
                "sports": _sports(open_systems, loop, folder, moods, port=ports.sports),
            },
        )


def in_thread(open_systems: ExitStack, server: _Server) -> _Server:
    """Serve in a thread until the stack closes."""
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    open_systems.callback(server.server_close)
    open_systems.callback(server.shutdown)
    return server


def _early_education(
    open_systems: ExitStack,
    loop: asyncio.AbstractEventLoop,
    socket: Path,
    moods: Moods,
    *,
    port: int,
    dsn: str,
    database: str,
) -> dict[str, Any]:
    """How to reach its database, behind a gate that its mood can close."""
    early_education.create(dsn, database=database)
    early_education.set_wrong(dsn, wrong=False, database=database)
    gate = proxy.Gate(socket, moods, early_education.next_code)

    def changed(name: str, mood: Mood) -> None:
        if name == proxy.NAME:
            early_education.set_wrong(dsn, wrong=mood is Mood.WRONG, database=database)
            if mood is Mood.DOWN:
                loop.call_soon_threadsafe(gate.close_all)

    moods.when_changed = changed
    server = asyncio.run_coroutine_threadsafe(proxy.serve(port, gate), loop).result()
    open_systems.callback(loop.call_soon_threadsafe, gate.close_all)
    open_systems.callback(loop.call_soon_threadsafe, server.close)
    entry = server.sockets[0].getsockname()[1]
    return {"settings": {"url": f"postgresql+psycopg://{early_education.READER}@127.0.0.1:{entry}/{database}"}}


def _sports(
    open_systems: ExitStack, loop: asyncio.AbstractEventLoop, folder: Path, moods: Moods, *, port: int
) -> dict[str, Any]:
    """How to reach the file drop."""
    password, key = secret(folder, "sports"), sports.host_key(folder / "sports.key")
    opening = sports.serve(port, folder / "drop", moods, password=password, key=key)
    server = asyncio.run_coroutine_threadsafe(opening, loop).result()
    open_systems.callback(loop.call_soon_threadsafe, server.close)
    return {
        "settings": {
            "host": "127.0.0.1",
            "port": server.get_port(),
            "user": sports.USER,
            "host_key": key.export_public_key().decode().strip(),
        },
        "secrets": {"password": password},
    }
