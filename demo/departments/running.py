"""All departments together, in threads of one process."""

import asyncio
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from demo.departments import early_education, proxy, sports
from demo.departments.control import Control
from demo.departments.library import CLIENT_ID, Library
from demo.departments.moods import Mood, Moods


@dataclass(frozen=True)
class Departments:
    """Running systems; `sources` is what the portal must know to reach them, secrets among it."""

    moods: Moods
    sources: dict[str, dict[str, Any]]
    control_port: int


@dataclass(frozen=True)
class Ports:
    """Where each listens on loopback; 0 takes any free one."""

    library: int = 0
    sports: int = 0
    control: int = 0
    early_education: int = 0


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
    folder: Path, superuser_dsn: str, socket: Path, *, ports: Ports = Ports(), database: str = early_education.DATABASE
) -> Iterator[Departments]:
    """Run all three and the control panel. `socket` is PostgreSQL's unix socket file."""
    early_education.create(superuser_dsn, database=database)
    moods = Moods()

    def changed(name: str, mood: Mood) -> None:
        if name == proxy.NAME:
            early_education.set_wrong(superuser_dsn, wrong=mood is Mood.WRONG, database=database)

    password = secret(folder, "sports")
    key = sports.host_key(folder / "sports.key")
    library = Library(ports.library, moods, secret=secret(folder, "library"))
    control = Control(ports.control, moods, changed)
    with _loop() as loop:
        ftp = asyncio.run_coroutine_threadsafe(
            sports.serve(ports.sports, folder / "drop", moods, password=password, key=key), loop
        ).result()
        gate = asyncio.run_coroutine_threadsafe(proxy.serve(ports.early_education, socket, moods), loop).result()
        for server in (library, control):
            threading.Thread(target=server.serve_forever, daemon=True).start()
        gate_port = gate.sockets[0].getsockname()[1]
        yield Departments(
            moods=moods,
            control_port=control.server_address[1],
            sources={
                "early-education": {
                    "settings": {
                        "url": f"postgresql+psycopg://{early_education.READER}@127.0.0.1:{gate_port}/{database}"
                    },
                },
                "library": {
                    "settings": {"url": library.url, "token_url": f"{library.url}/oauth/token", "client_id": CLIENT_ID},
                    "secrets": {"client_secret": library.secret},
                },
                "sports": {
                    "settings": {
                        "host": "127.0.0.1",
                        "port": ftp.get_port(),
                        "user": sports.USER,
                        "host_key": key.export_public_key().decode().strip(),
                    },
                    "secrets": {"password": password},
                },
            },
        )
        for server in (library, control):
            server.shutdown()
            server.server_close()
