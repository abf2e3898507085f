"""One PostgreSQL and one Redis for a whole pytest run, shared by its workers, gone when the run is gone.

A plugin (`-p tests.servers` in pyproject.toml), because settings are read before any conftest.py. The servers
belong to the controlling process, and die with it. Their data folder, `.cache/servers/N`, is kept for
the next run, with the migrated template in it.
"""

import fcntl
import hashlib
import os
import secrets
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import cache
from itertools import cycle
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from psycopg import sql
from redis import Redis

from demo.keeping import ServerFailed
from demo.servers import APP, OWNER, Postgres, allow_roles, postgres, prepare_cluster, redis

ROOT = Path(__file__).resolve().parent.parent
# The city of the run itself, and of what is tested in its processes.
HERE = "espoo"
# What tells a city to its portal, in this order.
_DESCRIBING = ("load_catalogue", "load_algorithms", "load_purposes", "load_usecases", "make_groups")
_SLOTS = ROOT / ".cache" / "servers"
_MOST_RUNS = 8
# Of the 64 databases of a Redis, after those of the workers.
_portals = cycle(range(1, 8))
_SOCKETS, _SLOT = "TEST_SOCKETS", "TEST_SLOT"
# What the schema and its rights come from; a change of any of these makes a new template.
_SCHEMA = (
    "portal/**/migrations/*.py",
    "consents/**/migrations/*.py",
    "datasources/**/migrations/*.py",
    "portal/walls/*",
    "requirements.lock",
)
# What the described city comes from, besides.
_PACKAGES = ("portal", "consents", "datasources")
_CITY = (
    # What is loaded, and in which order, stands here.
    "tests/servers.py",
    *(f"{package}/**/*.{ending}" for package in _PACKAGES for ending in ("py", "toml")),
)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Iterator[None]:
    """Start the servers before Django's settings are read; a worker finds them running."""
    if _SOCKETS not in os.environ:
        started = ExitStack()
        early_config.add_cleanup(started.close)
        try:
            started.enter_context(running_servers())
        except ServerFailed as error:
            raise pytest.UsageError(str(error)) from error
    yield


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes(config: pytest.Config, specs: list[Any]) -> None:
    """Each worker has a database and a Redis number of its own."""
    for number, spec in enumerate(specs):
        spec.env |= _environment(server(), worker=f"gw{number}", redis_url=_redis_url(number + 1))


@contextmanager
def running_servers() -> Iterator[Postgres]:
    """Take a free slot, run both servers in it, and put their addresses into the environment."""
    slot, lock = _free_slot()
    with (
        postgres(slot / "postgres", fsync=False, keep_open=[lock]) as pg,
        redis(slot / "redis", durable=False) as broker,
    ):
        os.environ |= {_SOCKETS: str(pg.socket_folder), _SLOT: str(slot), "TEST_REDIS": broker.url}
        os.environ |= _environment(pg, worker="main", redis_url=broker.url)
        _drop_leftovers(pg)
        if not Path(os.environ["KEY_RING_FILE"]).exists():
            _manage("make_keys", url=pg.url(user=OWNER))
        try:
            yield pg
        finally:
            # Whoever is started afterwards runs servers of its own.
            del os.environ[_SOCKETS]
    os.close(lock)


def server() -> Postgres:
    """The run's PostgreSQL, from any of its processes."""
    return Postgres(Path(os.environ[_SOCKETS]), pid=0)


def template(*, described: bool = False, city: str = HERE) -> str:
    """A database to copy: with every migration, and if `described` with all that the city's files tell, and groups.

    Made once for this state of the code, by whoever comes first.
    """
    return _described_template(city) if described else _empty_template()


def make_database(name: str, *, described: bool = False, city: str = HERE) -> None:
    """A copy of the template, owned by `mydata_owner`, in place of any database of that name."""
    copied = template(described=described, city=city)
    drop_database(name)
    _copy(copied, name)


def _empty_template() -> str:
    def fill(building: str) -> None:
        prepare_cluster(server(), building)
        _manage("migrate --verbosity=0", url=server().url(building, OWNER))

    return _made_once("template", _digest(*_SCHEMA), fill)


def _described_template(city: str) -> str:
    empty, facts = _empty_template(), city_environment(city)

    def fill(building: str) -> None:
        _copy(empty, building)
        _manage(*_DESCRIBING, url=server().url(building, APP), facts=facts)

    return _made_once("described" if city == HERE else f"city_{city}", _digest(*_SCHEMA, *_CITY), fill)


def city_environment(city: str) -> dict[str, str]:
    """What a program of another city's portal is told: whose it is, and keys of its own; nothing for the run's own."""
    if city == HERE:
        return {}
    slot = Path(os.environ[_SLOT])
    facts = {"CITY": city, "SECRET_KEY": f"only-for-tests-of-{city}-" + "x" * 40}
    facts |= {"KEY_RING_FILE": str(_key_ring(city)), "WATCH_SPOOL": str(slot / f"watches-{city}")}
    with (slot / f"keys-{city}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not Path(facts["KEY_RING_FILE"]).exists():
            _manage("make_keys", url=os.environ["DATABASE_URL"], facts=facts)
    return facts


def _key_ring(city: str) -> Path:
    """Where its keys are: others once a ring has other names, for a slot is older than the code."""
    return Path(os.environ[_SLOT]) / f"keys-{city}-{_digest('portal/keys/ring_file.py')}.json"


def _made_once(kind: str, digest: str, fill: Callable[[str], None]) -> str:
    pg, name = server(), f"{kind}_{digest}"
    with (Path(os.environ[_SLOT]) / f"{kind}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pg.connect() as connection:
            if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                return name
        building = f"building_{kind}"
        _drop_leftovers(pg, prefixes=(f"{kind}_", building))
        fill(building)
        _run(pg, sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(building), sql.Identifier(name)))
    return name


def _copy(copied: str, name: str) -> None:
    pg = server()
    _run(
        pg,
        sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {}").format(
            sql.Identifier(name), sql.Identifier(copied), sql.Identifier(OWNER)
        ),
    )
    allow_roles(pg, name)


def drop_database(name: str) -> None:
    """Drop it, cutting whoever is still connected."""
    _run(server(), sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def fresh_name() -> str:
    """A name for a database that one test has to itself."""
    return f"test_{secrets.token_hex(6)}"


def another_redis() -> str:
    """The address of an empty Redis database for a portal of its own: two would do each other's work in one queue."""
    number = int(os.environ["REDIS_URL"].rpartition("=")[2]) % _MOST_RUNS
    url = _redis_url(number + _MOST_RUNS * next(_portals))
    with Redis.from_url(url) as opened:
        opened.flushdb()
    return url


def _run(pg: Postgres, statement: sql.Composed) -> None:
    with pg.connect() as connection:
        connection.execute(statement)


def _redis_url(number: int) -> str:
    return os.environ["TEST_REDIS"].replace("?db=0", f"?db={number}")


def _environment(pg: Postgres, *, worker: str, redis_url: str) -> dict[str, str]:
    return {
        "DATABASE_URL": pg.url(f"test_{worker}", APP),
        "REDIS_URL": redis_url,
        "SECRET_KEY": "only-for-tests-" + "x" * 40,
        "WATCH_SPOOL": str(Path(os.environ[_SLOT]) / "watches"),
        "KEY_RING_FILE": str(_key_ring(HERE)),
        "PLAIN_HTTP": "true",
        # All tests come from one address, and fast ones of a minute are more than one person tries.
        "VERIFICATIONS_PER_MINUTE": "10000",
        # An empty folder: nobody here is far away, and to read whom the system trusts takes a while each time.
        "SSL_CERT_DIR": str(Path(os.environ[_SLOT]) / "nobody"),
        "SOURCES_MAY_POINT_INWARD": "127.0.0.0/8,::1/128",
        "STATIC_STORAGE": "django.contrib.staticfiles.storage.StaticFilesStorage",
    }


def _manage(*commands: str, url: str, facts: Mapping[str, str] = MappingProxyType({})) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.commands", *commands],
        cwd=ROOT,
        env={**os.environ, **facts, "DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise ServerFailed(f"{', '.join(commands)} failed:\n{done.stdout}{done.stderr}")


def _free_slot() -> tuple[Path, int]:
    """A slot nobody uses, and the lock on it; PostgreSQL inherits the lock, so it outlives a killed run."""
    for number in range(_MOST_RUNS):
        slot = _SLOTS / str(number)
        slot.mkdir(parents=True, exist_ok=True)
        lock = os.open(slot / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            continue
        return slot, lock
    raise ServerFailed(f"{_MOST_RUNS} test runs are going on in this folder already.")


def _drop_leftovers(pg: Postgres, *, prefixes: tuple[str, ...] = ("test_",)) -> None:
    with pg.connect() as connection:
        names = [row[0] for row in connection.execute("SELECT datname FROM pg_database")]
        for name in names:
            if name.startswith(prefixes):
                connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@cache
def _digest(*patterns: str) -> str:
    digest = hashlib.sha256()
    for pattern in patterns:
        for file in sorted(ROOT.glob(pattern)):
            if file.is_file():
                digest.update(f"{file.relative_to(ROOT)}\n".encode() + file.read_bytes())
    return digest.hexdigest()[:16]
