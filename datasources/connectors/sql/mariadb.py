"""MariaDB and MySQL by PyMySQL: a checked address and a certificate of its name, a session that only reads, in time."""

import socket
import ssl
from collections.abc import Collection, Mapping
from contextlib import suppress
from pathlib import Path
from threading import Timer
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Dialect

from datasources import tls
from datasources.addresses import connected
from datasources.errors import MisSet, TooSlow, Unreachable
from datasources.protocol import Limits

PORT = 3306
NAMES = ("mysql", "mariadb")
# libpq's words for TLS (PostgreSQL documentation, 32.19.3), which a keeper knows from the other databases.
_MODES = {"disable", "prefer", "require", "verify-ca", "verify-full"}
_THE_MACHINES = ("", "system")
_INNODB = sa.text(
    "SELECT table_schema, table_name, table_schema = database() FROM information_schema.tables "
    "WHERE table_type = 'BASE TABLE' AND engine = 'InnoDB'"
)


def engine_of(url: sa.URL, limits: Limits, *, writes: bool = False) -> sa.Engine:
    """An engine whose every connection goes to a checked address. MisSet when its words about TLS cannot be used.

    `writes`: it may change rows, for an erasure.
    """
    if url.get_driver_name() != "pymysql" or not url.host:
        raise MisSet("The address of the database cannot be used.")
    arguments = _by_tls(url.query) | {"read_timeout": max(1, round(limits.statement) + 1)}
    # Parameters are identity codes: they never stand in an error's text.
    engine = sa.create_engine(
        url.difference_update_query(["sslmode", "sslrootcert"]),
        poolclass=sa.NullPool,
        hide_parameters=True,
        connect_args=arguments,
    )

    @event.listens_for(engine, "do_connect")
    def _connect(dialect: Dialect, _: Any, words: list[Any], told: dict[str, Any]) -> Any:
        raw = dialect.loaded_dbapi.connect(*words, **told, defer_connect=True)
        try:
            met = connected(url.host or "", url.port or PORT, within=limits.connect)
        except OSError:
            raise Unreachable("The database does not answer.") from None
        # PyMySQL waits for a greeting as long as for any answer, and each word of it may come as late as that.
        ends = Timer(limits.connect, _hang_up, [met])
        ends.start()
        try:
            # It checks the certificate against the name it was told, wherever the connection leads.
            raw.connect(met)
        except Exception:
            if ends.finished.is_set():
                raise TooSlow("The database did not answer in time.") from None
            raise
        finally:
            ends.cancel()
        return raw

    event.listen(engine, "connect", lambda raw, _: _prepare(raw, limits, writes=writes))
    return engine


def refuse_what_is_kept_at_once(connection: sa.Connection, tables: Collection[str]) -> None:
    """MisSet when one of these tables (`name` or `schema.name`) is not InnoDB: what another engine does is not taken
    back, so a rehearsal would erase (MariaDB documentation, ROLLBACK).
    """
    found = connection.execute(_INNODB).all()
    taken_back = {f"{schema}.{table}" for schema, table, _ in found} | {table for _, table, here in found if here}
    if not set(tables) <= taken_back:
        raise MisSet("One of the tables to be erased cannot undo a change: nothing can be erased from here.")


def _hang_up(met: socket.socket) -> None:
    with suppress(OSError):
        met.shutdown(socket.SHUT_RDWR)


def _by_tls(words: Mapping[str, Any]) -> dict[str, Any]:
    """PyMySQL's arguments: without a word, TLS where the server offers it, and no certificate is checked."""
    mode, authority = words.get("sslmode", "prefer"), words.get("sslrootcert", "")
    if mode not in _MODES:
        raise MisSet("The address of the database has a word that is not let.")
    if mode in {"disable", "prefer"}:
        return {"ssl_disabled": mode == "disable"}
    context = tls.context_of(ca=_read(authority), certificate="", private_key="")
    context.check_hostname = mode == "verify-full"
    context.verify_mode = ssl.CERT_NONE if mode == "require" and not authority else ssl.CERT_REQUIRED
    return {"ssl": context}


def _read(authority: str) -> str:
    if authority in _THE_MACHINES:
        return ""
    try:
        return Path(authority).read_text(encoding="ascii")
    except (OSError, ValueError):
        raise MisSet("The certificate of the authority (sslrootcert) cannot be read.") from None


def _prepare(raw: Any, limits: Limits, *, writes: bool) -> None:
    with raw.cursor() as cursor:
        cursor.execute(f"SET SESSION TRANSACTION READ {'WRITE' if writes else 'ONLY'}")
        # A `timestamp` comes in UTC, whatever the server's zone is and on whichever side of an hour that comes twice.
        cursor.execute("SET SESSION time_zone = '+00:00'")
        if "MariaDB" in raw.get_server_info():
            cursor.execute("SET SESSION max_statement_time = %s", [limits.statement])
        else:
            cursor.execute("SET SESSION max_execution_time = %s", [int(limits.statement * 1000)])
