"""What the demo runs: names, commands, and how each tells that it is ready."""

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

PYTHON = sys.executable
BIN = Path(PYTHON).parent


@dataclass(frozen=True)
class Ports:
    """A family of ports on loopback, from the first one up."""

    web: int

    @property
    def identity(self) -> int:
        return self.web + 1

    @property
    def all(self) -> dict[str, int]:
        """Every port and whose it is."""
        city = ("the portal", "identity", "the library", "sports", "the control panel", "early education")
        names = (
            *city,
            "the population register",
            "messages",
            "the ear of sports",
            "the sports desk",
            "makers of watches",
            "services that lead here",
        )
        return {name: self.web + number for number, name in enumerate(names)}

    @property
    def few(self) -> dict[str, int]:
        """Those of a city with a smaller world."""
        named = {"the portal": self.web, "identity": self.identity, "the library": self.library}
        return named | {"the population register": self.population}

    @property
    def library(self) -> int:
        return self.web + 2

    @property
    def population(self) -> int:
        return self.web + 6

    @property
    def control(self) -> int:
        return self.web + 4

    @property
    def desk(self) -> int:
        return self.web + 9

    @property
    def messages(self) -> int:
        return self.web + 7

    @property
    def makers(self) -> int:
        return self.web + 10

    @property
    def services(self) -> int:
        return self.web + 11


@dataclass(frozen=True)
class Process:
    """One long-running program; `ready` is an address that answers when it is up.

    When the supervisor is killed, one that `has_children` is asked to end, with them; any other is killed, as what
    it does is in PostgreSQL: asked, beat has been seen to wait for ever on a lock of its own.
    """

    name: str
    argv: list[str]
    ready: str = ""
    has_children: bool = False
    extra: Mapping[str, str] = field(default_factory=dict)


def outside(ports: Ports, folder: Path, *, superuser: str, socket: Path) -> list[Process]:
    """The made-up world around the portal."""
    return [
        Process(
            "departments",
            [
                *(PYTHON, "-m", "demo.departments", "--port-base", str(ports.web)),
                *("--folder", str(folder / "departments"), "--superuser", superuser, "--socket", str(socket)),
                *("--caller", str(folder / "clients" / "sports.json")),
            ],
            ready=f"http://127.0.0.1:{ports.control}/control/health",
        ),
        Process(
            "identity",
            [
                *(PYTHON, "-m", "demo.identity", "--port", str(ports.identity)),
                *("--portal", f"http://127.0.0.1:{ports.web}", "--staff-portal", f"http://localhost:{ports.web}"),
            ],
            ready=f"http://127.0.0.1:{ports.identity}/health",
        ),
        Process(
            "messages",
            [PYTHON, "-m", "demo.messages", "--port", str(ports.messages)],
            ready=f"http://127.0.0.1:{ports.messages}/health",
        ),
        Process(
            "makers",
            [
                *(PYTHON, "-m", "demo.makers", "--port", str(ports.makers)),
                *("--portal", f"http://127.0.0.1:{ports.web}"),
            ],
            ready=f"http://127.0.0.1:{ports.makers}/health",
        ),
    ]


def neighbour(ports: Ports, folder: Path, city: str) -> Process:
    """The smaller world around another city's portal, in one process."""
    given = ["--city", city, "--folder", str(folder / "departments"), "--port-base", str(ports.web)]
    health = f"http://127.0.0.1:{ports.identity}/health"
    return Process("outside", [PYTHON, "-m", "demo.neighbour", *given], ready=health)


def inside(ports: Ports, *, light: bool = False) -> list[Process]:
    """The portal itself. `light`: one worker does the work of every queue, and one process serves the pages."""
    return [
        Process("sequencer", [PYTHON, "manage.py", "sequencer"]),
        Process("bell", [PYTHON, "manage.py", "bell"]),
        *(_one_worker() if light else _workers()),
        Process("beat", [*_CELERY, "beat", "--loglevel", "WARNING"]),
        _web(ports, workers=1 if light else 2),
    ]


def _workers() -> list[Process]:
    return [
        _worker("bulk", "--concurrency", "1", has_children=True),
        _worker("interactive", "--pool", "threads", "--concurrency", "4"),
        _worker("webhooks", "--pool", "threads", "--concurrency", "8"),
    ]


def _one_worker() -> list[Process]:
    return [_worker("bulk,interactive,webhooks", "--pool", "threads", "--concurrency", "6", name="work")]


_CELERY = [PYTHON, "-m", "celery", "-A", "portal", "--quiet"]
# As root Celery warns at length about what the demo does not do: unpickle.
_CALM = {"PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges"}


def _worker(queues: str, *more: str, name: str = "", has_children: bool = False) -> Process:
    """A Celery worker for these queues."""
    argv = [*_CELERY, "worker", "--without-gossip", "--without-mingle", "--loglevel", "WARNING"]
    argv += ["--queues", queues, *more, "--hostname", f"{name or queues}@%h"]
    return Process(name or queues, argv, has_children=has_children, extra=_CALM)


def _web(ports: Ports, *, workers: int) -> Process:
    argv = [str(BIN / "granian"), "--interface", "wsgi", "--workers", str(workers), "--blocking-threads", "1"]
    # A worker that is told to end while it still loads the portal forgets it.
    argv += ["--respawn-failed-workers", "--workers-kill-timeout", "5", "--log-level", "warning"]
    argv += ["--host", "127.0.0.1", "--port", str(ports.web), "portal.wsgi:application"]
    return Process("web", argv, ready=f"http://127.0.0.1:{ports.web}/en/", has_children=True)


def beside(ports: Ports, keys: Mapping[str, Path]) -> list[Process]:
    """Departments' programs that call the portal, once it is open. `keys`: the key file of each department."""
    portal = ["--portal", f"http://127.0.0.1:{ports.web}"]
    calls = [*portal, "--key", str(keys["sports"])]
    each = json.dumps({department: str(key) for department, key in keys.items()})
    services = [PYTHON, "-m", "demo.departments.leading", *portal, "--keys", each, "--port", str(ports.services)]
    return [
        Process("gates", [PYTHON, "-m", "demo.departments.gates", *calls]),
        Process("desk", [PYTHON, "-m", "demo.departments.desk", *calls, "--port", str(ports.desk)]),
        Process("services", services),
        Process("uses", [PYTHON, "-m", "demo.uses", *portal, "--keys", each, "--told", str(_told(keys))]),
    ]


def _told(keys: Mapping[str, Path]) -> Path:
    """Beside the keys, with which it is thrown away."""
    return keys["sports"].with_name("uses.told")
