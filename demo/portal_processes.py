"""What the demo runs: names, commands, and how each tells that it is ready."""

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
        names = (*city, "the population register", "messages")
        return {name: self.web + number for number, name in enumerate(names)}

    @property
    def population(self) -> int:
        return self.web + 6

    @property
    def control(self) -> int:
        return self.web + 4

    @property
    def messages(self) -> int:
        return self.web + 7


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
    ]


def inside(ports: Ports) -> list[Process]:
    """The portal itself."""
    celery = [PYTHON, "-m", "celery", "-A", "portal", "--quiet"]
    # As root Celery warns at length about what the demo does not do: unpickle.
    calm = {"PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges"}
    worker = [*celery, "worker", "--without-gossip", "--without-mingle", "--loglevel", "WARNING"]
    granian = [str(BIN / "granian"), "--interface", "wsgi", "--workers", "2", "--blocking-threads", "1"]
    granian += ["--respawn-failed-workers"]
    return [
        Process("sequencer", [PYTHON, "manage.py", "sequencer"]),
        Process("bell", [PYTHON, "manage.py", "bell"]),
        Process(
            "bulk",
            [*worker, "--queues", "bulk", "--concurrency", "1", "--hostname", "bulk@%h"],
            has_children=True,
            extra=calm,
        ),
        Process(
            "interactive",
            [
                *worker,
                "--queues",
                "interactive",
                "--pool",
                "threads",
                "--concurrency",
                "4",
                "--hostname",
                "interactive@%h",
            ],
            extra=calm,
        ),
        Process("beat", [*celery, "beat", "--loglevel", "WARNING"]),
        Process(
            "web",
            [
                *granian,
                "--host",
                "127.0.0.1",
                "--port",
                str(ports.web),
                "--log-level",
                "warning",
                "portal.wsgi:application",
            ],
            ready=f"http://127.0.0.1:{ports.web}/en/",
            has_children=True,
        ),
    ]


def beside(ports: Ports, key: Path) -> list[Process]:
    """Departments' programs that call the portal, once it is open. `key` is that of the sports department."""
    gates = [PYTHON, "-m", "demo.departments.gates", "--portal", f"http://127.0.0.1:{ports.web}", "--key", str(key)]
    return [Process("gates", gates)]
