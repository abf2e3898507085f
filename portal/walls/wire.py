"""Statements for PostgreSQL that are sent together and answered together (libpq's pipeline mode).

psycopg's own pipeline goes through Python for each message: with eight statements that took half of a call of the API.
Here they are said to libpq directly, each prepared once a connection; values are adapted by psycopg as ever.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import count
from typing import Any

import psycopg
from psycopg.abc import PQGen
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import InvalidSqlStatementName, error_from_result
from psycopg.pq import ExecStatus, TransactionStatus
from psycopg.pq.abc import PGconn, PGresult
from psycopg.waiting import Ready, Wait

_MARK = re.compile("%[sb%]")
_AUTO = PyFormat.AUTO

# Names are never used twice, so one that was refused is in nobody's way.
_number = count()
# A statement whose values have other types is another one.
_Key = tuple[str, tuple[int, ...]]


@dataclass(slots=True, eq=False)
class Said:
    """A statement with `%s` in place of its values, and what PostgreSQL answered once it was sent."""

    sql: str
    values: Sequence[Any] = field(repr=False, default=())
    binary: bool = False
    answer: PGresult | None = field(repr=False, default=None)
    refused: PGresult | None = field(repr=False, default=None)


class Wire:
    """Of one connection: what it has prepared, and what adapts its values."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self.connection = connection
        self._prepared: dict[_Key, bytes] = {}
        self._adapter = Transformer(connection)

    def rows(self, answer: PGresult) -> list[tuple[Any, ...]]:
        """What was answered."""
        self._adapter.set_pgresult(answer)
        return self._adapter.load_rows(0, answer.ntuples, tuple)

    def forget(self) -> None:
        """Prepare everything anew: psycopg may have had the database drop it all, as it does after a rollback."""
        self._prepared.clear()

    def send(self, statements: Sequence[Said]) -> None:
        """Send these in their order and take all answers. What failed first is raised; nothing behind it is done."""
        begins = self.connection.pgconn.transaction_status == TransactionStatus.IDLE
        if begins and not self.connection.autocommit:
            # psycopg begins a transaction at its first statement; so do we.
            statements = [Said("BEGIN"), *statements]
        self._exchange(statements)
        fault = _fault(statements)
        if begins and isinstance(fault, InvalidSqlStatementName):
            # Nothing was done yet.
            self.connection.rollback()
            self.forget()
            self._exchange(statements)
            fault = _fault(statements)
        if fault is not None:
            raise fault

    def _exchange(self, statements: Sequence[Said]) -> None:
        pgconn = self.connection.pgconn
        try:
            pgconn.enter_pipeline_mode()
            new = [self._sent(pgconn, said) for said in statements]
            pgconn.pipeline_sync()
            self.connection.wait(self._answered(pgconn, statements, new))
            pgconn.exit_pipeline_mode()
        except BaseException:
            # Nobody knows what it would say next.
            self.connection.close()
            raise

    def _sent(self, pgconn: PGconn, said: Said) -> tuple[_Key, bytes] | None:
        """Send one; its key and name, when it had to be prepared."""
        adapter = self._adapter
        values = adapter.dump_sequence(said.values, [_AUTO] * len(said.values))
        key = said.sql, adapter.types or ()
        name, new = self._prepared.get(key), None
        if name is None:
            name = b"wire_%x" % next(_number)
            pgconn.send_prepare(name, _numbered(said.sql), key[1])
            new = key, name
        pgconn.send_query_prepared(name, values, adapter.formats, result_format=int(said.binary))
        return new

    def _answered(
        self, pgconn: PGconn, statements: Sequence[Said], new: Sequence[tuple[_Key, bytes] | None]
    ) -> PQGen[None]:
        while pgconn.flush():
            if (yield Wait.RW) & Ready.R:
                pgconn.consume_input()
        for said, preparing in zip(statements, new, strict=True):
            said.refused = None
            if preparing is not None:
                prepared = yield from _next(pgconn)
                if prepared.status == ExecStatus.COMMAND_OK:
                    self._prepared[preparing[0]] = preparing[1]
                elif prepared.status == ExecStatus.FATAL_ERROR:
                    said.refused = prepared
            said.answer = yield from _next(pgconn)
            if said.answer.status == ExecStatus.FATAL_ERROR:
                said.refused = said.answer
        yield from _next(pgconn, last=True)


def _fault(statements: Sequence[Said]) -> psycopg.Error | None:
    refused = next((said.refused for said in statements if said.refused is not None), None)
    return None if refused is None else error_from_result(refused)


def _next(pgconn: PGconn, *, last: bool = False) -> PQGen[PGresult]:
    while pgconn.is_busy():
        yield Wait.R
        pgconn.consume_input()
    if (result := pgconn.get_result()) is None:
        raise psycopg.InternalError("PostgreSQL gave fewer answers than statements were sent.")
    if not last:
        # Behind the answer of each statement stands a None.
        pgconn.get_result()
    return result


@lru_cache(maxsize=256)
def _numbered(sql: str) -> bytes:
    """`$1` for the first `%s`, and so on; `%%` is a per cent sign."""
    number = count(1)
    return _MARK.sub(lambda mark: "%" if mark[0] == "%%" else f"${next(number)}", sql).encode()
