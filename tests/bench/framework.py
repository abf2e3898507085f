"""What every bench needs: servers of its own with a migrated portal, and medians of interleaved runs."""

import gc
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any, Literal

import django

from demo.servers import APP, OWNER, Postgres, postgres, prepare_cluster, redis

ROOT = Path(__file__).resolve().parents[2]
DATABASE = "bench"
RUNS = 5
_SECRET = "only-for-benches-" + "x" * 40


@dataclass(frozen=True)
class Row:
    """One measured figure. `ratio` is ours / floor; `bar` is what it may not pass (lower is better) or must reach."""

    name: str
    ours: float
    floor: float
    unit: str
    bar: float
    better: Literal["lower", "higher"]

    @property
    def ratio(self) -> float:
        """How many times the floor."""
        return self.ours / self.floor

    @property
    def ok(self) -> bool:
        """Within its bar."""
        return self.ratio <= self.bar if self.better == "lower" else self.ratio >= self.bar

    def told(self) -> dict[str, Any]:
        """As JSON: `{"name", "ours", "floor", "ratio", "unit", "bar", "ok"}`."""
        plain = {name: value for name, value in asdict(self).items() if name != "better"}
        return plain | {
            "ours": round(self.ours, 4),
            "floor": round(self.floor, 4),
            "ratio": round(self.ratio, 3),
            "ok": self.ok,
        }


def interleaved(measures: Mapping[str, Callable[[], float]], *, runs: int = RUNS) -> dict[str, float]:
    """{name: median} of `runs` rounds, each measure once a round in the same order, after one round to warm up.

    BENCH_RUNS says that fewer will do, where it is only asked whether a bench still runs.
    """
    runs = min(runs, int(os.environ.get("BENCH_RUNS", runs)))
    found: dict[str, list[float]] = {name: [] for name in measures}
    for turn in range(runs + 1):
        for name, measure in measures.items():
            figure = measure()
            if turn:
                found[name].append(figure)
    return {name: median(figures) for name, figures in found.items()}


@dataclass(frozen=True)
class Portal:
    """A migrated portal on servers of its own, as durable as in production (fsync on)."""

    server: Postgres
    folder: Path
    redis_url: str

    @property
    def environment(self) -> dict[str, str]:
        """For programs started from a bench: web servers, workers."""
        return dict(os.environ)


@contextmanager
def portal() -> Iterator[Portal]:
    """Start PostgreSQL and Redis, migrate, set Django up in this process as `mydata_app`; once a process."""
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as name,
        postgres(Path(name) / "postgres") as server,
        redis(Path(name) / "redis") as broker,
    ):
        folder = Path(name)
        prepare_cluster(server, DATABASE)
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "portal.settings",
            "DATABASE_URL": server.url(DATABASE, APP),
            "REDIS_URL": broker.url,
            "SECRET_KEY": _SECRET,
            "KEY_RING_FILE": str(folder / "keys.json"),
            "PLAIN_HTTP": "true",
            "SOURCES_MAY_POINT_INWARD": "127.0.0.0/8,::1/128",
            "STATIC_STORAGE": "django.contrib.staticfiles.storage.StaticFilesStorage",
        }
        for words in (["make_keys"], ["migrate", "--verbosity=0"]):
            manage(*words, url=server.url(DATABASE, OWNER))
        django.setup()
        # As web processes and workers do when they have loaded.
        gc.freeze()
        yield Portal(server, folder, broker.url)


def manage(*words: str, url: str) -> None:
    """Run `manage.py` with the database at `url`."""
    environment = os.environ | {"DATABASE_URL": url}
    argv = [sys.executable, "-W", "ignore", "manage.py", *words]
    subprocess.run(argv, cwd=ROOT, env=environment, check=True, stdout=sys.stderr)
