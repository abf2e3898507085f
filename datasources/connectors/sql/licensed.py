"""Oracle by oracledb and SQL Server by pymssql: drivers that the operator installs (the extras `oracle` and `mssql`).

Written by the drivers' documentation and compiled in the tests; no server of either was at hand to read from.
"""

from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Dialect

from datasources.errors import TooSlow
from datasources.protocol import Limits

NAMES = ("oracle", "mssql")
_DRIVERS = {"oracle": "oracledb", "mssql": "pymssql"}
# Watermarks are compared as they are written: year, month and day first, whatever the server's own habit is.
_HABITS = (
    "ALTER SESSION SET NLS_DATE_FORMAT = 'YYYY-MM-DD HH24:MI:SS' NLS_TIMESTAMP_FORMAT = 'YYYY-MM-DD HH24:MI:SS.FF6' "
    "NLS_TIMESTAMP_TZ_FORMAT = 'YYYY-MM-DD HH24:MI:SS.FF6TZH:TZM' TIME_ZONE = 'UTC'"
)


def url_of(url: sa.URL, reached: list[str]) -> sa.URL:
    """With the driver that is meant, at the address that was looked at."""
    kind = url.get_backend_name()
    return url.set(drivername=f"{kind}+{_DRIVERS[kind]}", host=reached[0] if reached else url.host)


def arguments_of(kind: str, limits: Limits) -> dict[str, Any]:
    """Of connecting: for how many seconds, and of SQL Server for how many each statement may take."""
    if kind == "oracle":
        return {"tcp_connect_timeout": limits.connect}
    return {"login_timeout": max(1, round(limits.connect)), "timeout": max(1, round(limits.statement))}


def prepare(engine: sa.Engine, limits: Limits) -> None:
    """Oracle: each transaction only reads, each call ends in time. SQL Server has no such word: the user only reads."""
    if engine.dialect.name not in NAMES:
        return

    @event.listens_for(engine, "do_connect")
    def _connect(dialect: Dialect, _: Any, words: list[Any], told: dict[str, Any]) -> Any:
        return _in_time(lambda: dialect.loaded_dbapi.connect(*words, **told), within=limits.connect)

    if engine.dialect.name != "oracle":
        return

    @event.listens_for(engine, "connect")
    def _connected(raw: Any, _: Any) -> None:
        raw.call_timeout = int(limits.statement * 1000)
        with raw.cursor() as cursor:
            cursor.execute(_HABITS)

    @event.listens_for(engine, "begin")
    def _only_reads(connection: sa.Connection) -> None:
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")


def _in_time(connect: Callable[[], Any], *, within: float) -> Any:
    """The connection; TooSlow when it takes longer. The drivers wait for a silent server without an end.

    Whoever is waited for no longer goes on in a thread of its own, which ends when the server hangs up.
    """
    done: Future[Any] = Future()

    def call() -> None:
        try:
            raw = connect()
        except Exception as fault:  # noqa: BLE001 - raised again where it is waited for
            if not done.cancelled():
                done.set_exception(fault)
            return
        if done.cancelled():
            raw.close()
        else:
            done.set_result(raw)

    Thread(target=call, name="connect", daemon=True).start()
    try:
        return done.result(within)
    except TimeoutError:
        done.cancel()
        raise TooSlow("The database did not answer in time.") from None
