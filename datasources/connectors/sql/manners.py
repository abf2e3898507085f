"""What differs from database to database: how a session only reads and ends in time, and what its faults mean."""

import time
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError

from datasources import addresses
from datasources.connectors.sql import licensed, mariadb
from datasources.errors import Drifted, Garbled, MisSet, Refused, SourceFault, TooSlow, Unreachable
from datasources.protocol import Limits

_PORTS = {"postgresql": 5432, "mysql": mariadb.PORT, "mariadb": mariadb.PORT, "oracle": 1521, "mssql": 1433}
_ERASED_IN = ("postgresql", "sqlite", *mariadb.NAMES)
_THIS_MACHINE = "127.0.0.1"
# Others could lead past the address that was looked at, or let a server read files of this machine.
_WORDS = {"host", "charset", "sslmode", "sslrootcert", "driver", "service_name"}
# SQLSTATE classes and codes (PostgreSQL documentation, appendix A).
_TIMED_OUT = "57014"
_NO_SUCH = ("42703", "42P01")
_NOT_ALLOWED = ("42501", "28000", "28P01")
# Numbers of MariaDB and MySQL, Oracle and oracledb, SQL Server and FreeTDS (their error references).
_CUT_SHORT: set[object] = {1969, 3024, 1317, "interrupted"}  # the last is SQLite's
_CUT_SHORT |= {"DPY-4024", "ORA-01013", 20003}
_GONE: set[object] = {1054, 1146, 1049, "ORA-00942", "ORA-00904", 207, 208}
_FORBIDDEN: set[object] = {1044, 1045, 1142, 1143, 1698, "ORA-01017", "ORA-01031", "ORA-28000", 18456, 229}
_MARIADB_NO_TLS = 2026
_STEPS_BETWEEN_LOOKS = 10_000


def engine_of(url: sa.URL, limits: Limits, *, writes: bool = False) -> sa.Engine:
    """An engine whose every connection reads only, within the limits, at the address that was looked at.

    `writes`: it may change rows, for an erasure.

    MisSet when that address may not be reached; Unreachable when a file is not there.
    """
    kind = url.get_backend_name()
    if not set(url.query) <= _WORDS:
        raise MisSet("The address of the database has a word that is not let.")
    if writes and kind not in _ERASED_IN:
        raise MisSet("Of this kind of database nothing can be erased from here.")
    reached = _reached(url)
    if kind in mariadb.NAMES:
        return mariadb.engine_of(url, limits, writes=writes)
    arguments = _postgres_arguments(url, reached, limits, writes=writes) if kind == "postgresql" else {}
    # Of `hstore` SQLAlchemy would ask each server anew; it comes as text, as in rows put together by the server.
    manner = {"use_native_hstore": False} if kind == "postgresql" else {}
    if kind in licensed.NAMES:
        url, arguments = licensed.url_of(url, reached), licensed.arguments_of(kind, limits)
    # Parameters are identity codes: they never stand in an error's text.
    engine = sa.create_engine(url, poolclass=sa.NullPool, hide_parameters=True, connect_args=arguments, **manner)
    licensed.prepare(engine, limits)
    if kind == "sqlite":
        event.listen(engine, "connect", lambda raw, _: _prepare_sqlite(raw, limits, writes=writes))
    return engine


def _reached(url: sa.URL) -> list[str]:
    """The addresses that the server's name stands for; none for a file or socket of this machine, if that is let."""
    host = _host(url)
    if host and not host.startswith("/"):
        return addresses.looked_up(host, url.port or _PORTS.get(url.get_backend_name(), 0))
    addresses.looked_up(_THIS_MACHINE, 0)
    # SQLite would make an empty database of a path that leads nowhere.
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        raise Unreachable("The file of the database is not there.")
    return []


def _host(url: sa.URL) -> str:
    return url.host or str(url.query.get("host", ""))


def _postgres_arguments(url: sa.URL, reached: list[str], limits: Limits, *, writes: bool) -> dict[str, Any]:
    milliseconds = int(limits.statement * 1000)
    # Sorted in memory, the rows of a city take the server less than on its disk.
    told_at_start = (
        f"default_transaction_read_only={'off' if writes else 'on'}",
        f"statement_timeout={milliseconds}",
        "work_mem=64MB",
    )
    options = " ".join(f"-c {each}" for each in (*told_at_start, "TimeZone=UTC"))
    each = max(2, round(limits.connect / max(1, len(reached))))
    told = {"connect_timeout": each, "options": options, "application_name": "mydata"}
    if not reached:
        return told
    # libpq connects to the addresses that were looked at, in turn, and checks the certificate against the name.
    return told | {"host": ",".join([_host(url)] * len(reached)), "hostaddr": ",".join(reached)}


def _prepare_sqlite(raw: Any, limits: Limits, *, writes: bool) -> None:
    raw.execute(f"PRAGMA query_only = {'OFF' if writes else 'ON'}")
    ends = time.monotonic() + limits.statement
    raw.set_progress_handler(lambda: time.monotonic() > ends, _STEPS_BETWEEN_LOOKS)


def told(fault: Exception) -> SourceFault:
    """The driver's fault in a sentence, without its values."""
    original = fault.orig if isinstance(fault, DBAPIError) else fault
    state = getattr(original, "sqlstate", None) or ""
    number = _number(original)
    if state == _TIMED_OUT or isinstance(original, psycopg.errors.ConnectionTimeout) or number in _CUT_SHORT:
        return TooSlow("The database did not answer in time.")
    if state in _NO_SUCH or number in _GONE:
        return Drifted("The database no longer has a table or field that the mapping names.")
    if state in _NOT_ALLOWED or number in _FORBIDDEN:
        return Refused("The database does not let the portal in.")
    return _of_another_kind(original or fault, state, number)


def _number(fault: BaseException | None) -> object:
    """What the server or the driver counts the fault by; Oracle's has letters."""
    first = next(iter(getattr(fault, "args", ())), None)
    if isinstance(first, tuple):
        first = next(iter(first), None)
    told: object = getattr(first, "full_code", first)
    return told


def _of_another_kind(fault: BaseException, state: str, number: object) -> SourceFault:
    if state and not state.startswith(("08", "57", "53")):
        return Garbled("The database could not carry out the reading (SQLSTATE {state}).", state=state)
    if number == "file is not a database":
        return Garbled("The file of the database is none.")
    if number == _MARIADB_NO_TLS:
        return Refused("The database offers no TLS. Nothing was sent.")
    return addresses.told(fault, "The database")
