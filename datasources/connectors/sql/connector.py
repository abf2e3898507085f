"""A database, open for reading only."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from functools import partial
from itertools import chain, groupby, islice
from operator import itemgetter
from typing import Any

import psycopg
import sqlalchemy as sa
from pydantic import ValidationError
from sqlalchemy.dialects import mysql
from sqlalchemy.exc import SQLAlchemyError

from datasources.connectors.sql import copying, erasing, manners, offering
from datasources.connectors.sql.shape import Column, Settings, Shape, Statements, shape_of, table_of
from datasources.errors import Drifted, MisSet
from datasources.glimpses import Glimpse, Place
from datasources.protocol import Connector, Holding, Limits, Mark, held_by_columns

_ROWS_AT_ONCE = 2000
# From so many rows on, another process takes less time than it costs.
_MANY_ROWS = 20_000


class SqlConnector:
    """`mapping` is `{dataset: {table, joins, key, order, columns}}` with `table.column` names."""

    def __init__(
        self, settings: dict[str, Any], secrets: dict[str, str], mapping: dict[str, Any], limits: Limits
    ) -> None:
        try:
            told = Settings.model_validate(settings | secrets)
            url = sa.make_url(told.url)
            if told.password:
                url = url.set(password=told.password)
            self._side_by_side = told.side_by_side
            self._postgres = url.get_backend_name() == "postgresql"
            self._groups = self._postgres and not told.plain_rows
            self._engine = manners.engine_of(url, limits)
            self._erasing, self._writing = told.erasing or {}, partial(manners.engine_of, url, limits, writes=True)
        except (ValidationError, SQLAlchemyError, ImportError, ValueError):
            raise MisSet("The address of the database cannot be used.") from None
        self._mapping = mapping
        self._again = partial(SqlConnector, settings, secrets, mapping, limits)
        self._connection: sa.Connection | None = None

    def everyone(self, dataset: str) -> Iterator[Holding]:
        """Ordered by person; PostgreSQL groups them itself."""
        return self._read(dataset, since=None)

    def look(self, dataset: str, *, people: int) -> Iterator[Holding]:
        """The first of everyone: the database sends no more than is taken."""
        return islice(self.everyone(dataset), people)

    def _read(self, dataset: str, *, since: str | None) -> Iterator[Holding]:
        shape = shape_of(dataset, self._mapping[dataset])
        with self._reading() as connection:
            known = self._known(connection, shape)
            statements = Statements(shape)
            whose = statements.whose(None) if since is None else statements.changed(since)
            yield from self._handed_on(connection, statements, known, whose)

    def _handed_on(
        self, connection: sa.Connection, statements: Statements, known: dict[str, Column], whose: sa.ColumnElement[bool]
    ) -> Iterator[Holding]:
        if self._groups:
            yield from _copied(connection, statements, known, whose)
            return
        with _told_in_sentences():
            rows = connection.execution_options(stream_results=True).execute(self._rows(statements, whose))
            yield from _grouped(_streamed(rows), statements.shape, known)

    def _rows(self, statements: Statements, whose: sa.ColumnElement[bool]) -> sa.Select[Any]:
        return statements.rows(whose, collation="C" if self._postgres else "")

    @contextmanager
    def parts(self, dataset: str, *, since: str | None = None, seen: str = "") -> Iterator[Sequence[Iterator[Holding]]]:
        """PostgreSQL works with one process a connection: two halves take little more than half the time."""
        if since is not None:
            yield [self._read(dataset, since=since)]
            return
        if not (self._postgres and self._side_by_side):
            yield [self.everyone(dataset)]
            return
        shape = shape_of(dataset, self._mapping[dataset])
        statements = Statements(shape)
        with ExitStack() as open_ones:
            with _told_in_sentences():
                connections = open_ones.enter_context(copying.same_moment(self._engine, 2))
                known = self._known(connections[0], shape)
            # What goes wrong with whoever reads is none of this database's faults: it passes as it is.
            halves = zip(connections, statements.halves, strict=True)
            yield [self._handed_on(connection, statements, known, whose) for connection, whose in halves]

    def elsewhere(self, dataset: str) -> Callable[[], Connector] | None:
        """Where rows are put together here, and they are many."""
        if self._groups:
            return None
        statements = Statements(shape_of(dataset, self._mapping[dataset]))
        try:
            with self._reading() as connection:
                count = connection.execute(statements.count(_MANY_ROWS)).scalar_one()
        except Drifted:
            # Whoever reads tells by name what is gone.
            return None
        return self._again if count >= _MANY_ROWS else None

    def mark(self, dataset: str) -> Mark:
        """A database says before the reading how far it is (`newest`), and cannot tell that all is the same."""
        return Mark()

    def finds_one(self, dataset: str) -> bool:
        """By its key."""
        return True

    def newest(self, dataset: str) -> str:
        """As the database writes it."""
        shape = shape_of(dataset, self._mapping[dataset])
        with self._reading() as connection:
            self._known(connection, shape)
            return str(connection.execute(Statements(shape).newest).scalar() or "")

    def one(self, dataset: str, identity_code: str) -> Sequence[Holding]:
        """What the database holds under this code."""
        shape = shape_of(dataset, self._mapping[dataset])
        with self._reading() as connection:
            known = self._known(connection, shape)
            statements = Statements(shape)
            whose = statements.whose(identity_code)
            if self._groups:
                query = copying.grouped(statements, known, whose)
                return [copying.holding_of(row, shape.selected) for row in connection.execute(query)]
            rows = connection.execute(self._rows(statements, whose)).fetchall()
            return list(_grouped([rows], shape, known))

    def can_erase(self, datasets: Collection[str]) -> bool:
        """What the settings declare."""
        return bool(datasets) and set(datasets) <= self._erasing.keys()

    def rehearse_erasure(self, datasets: Collection[str], identity_code: str) -> int | None:
        """All steps, taken back."""
        return self._erase(datasets, identity_code, rehearsal=True)

    def erase_records(self, datasets: Collection[str], identity_code: str, *, reference: str) -> int | None:
        """All steps in one transaction; a second time there is nothing left."""
        return self._erase(datasets, identity_code, rehearsal=False)

    def _erase(self, datasets: Collection[str], code: str, *, rehearsal: bool) -> int:
        with _told_in_sentences():
            engine = self._writing()
            try:
                steps = list(erasing.declared(self._erasing, datasets))
                return erasing.carried_out(engine, steps, code, rehearsal=rehearsal)
            finally:
                engine.dispose()

    def places(self) -> Iterator[Place]:
        """Tables and views, by the database's own catalogue."""
        with self._reading() as connection:
            yield from offering.places(connection)

    def glimpse(self, where: Mapping[str, Any]) -> Glimpse:
        """The first rows, each value as text."""
        with self._reading() as connection:
            return offering.glimpse(connection, where)

    def close(self) -> None:
        """Give the connection back to the server."""
        if self._connection is not None:
            self._connection.close()
        self._engine.dispose()

    def _known(self, connection: sa.Connection, shape: Shape) -> dict[str, Column]:
        tables = sorted({table_of(name) for name in shape.mentioned} | {shape.table})
        known = copying.columns_of(_raw(connection), tables) if self._groups else _inspected(connection, tables)
        if gone := sorted(shape.mentioned - known.keys()):
            raise Drifted("The database has no {names} any more. The mapping needs a look.", names=", ".join(gone))
        return known

    @contextmanager
    def _reading(self) -> Iterator[sa.Connection]:
        """One read-only transaction; the driver's errors become sentences without their values."""
        with _told_in_sentences():
            if self._connection is None:
                self._connection = self._engine.connect()
            with self._connection.begin():
                yield self._connection


@contextmanager
def _told_in_sentences() -> Iterator[None]:
    try:
        yield
    except (SQLAlchemyError, psycopg.Error) as fault:
        raise manners.told(fault) from None


def _copied(
    connection: sa.Connection, statements: Statements, known: dict[str, Column], whose: sa.ColumnElement[bool]
) -> Iterator[Holding]:
    query = copying.grouped(statements, known, whose)
    with _told_in_sentences():
        yield from copying.holdings(_raw(connection), query, statements.shape.selected)


def _raw(connection: sa.Connection) -> psycopg.Connection[Any]:
    raw: psycopg.Connection[Any] = connection.connection.driver_connection  # type: ignore[assignment]
    return raw


def _inspected(connection: sa.Connection, tables: list[str]) -> dict[str, Column]:
    """{table.column: what it is} of these tables; MariaDB's `timestamp` comes in the session's zone."""
    inspector = sa.inspect(connection)
    known: dict[str, Column] = {}
    for name in tables:
        schema, _, table = name.rpartition(".")
        if inspector.has_table(table, schema=schema or None):
            columns = inspector.get_columns(table, schema=schema or None)
            told = {column["name"]: isinstance(column["type"], mysql.TIMESTAMP) for column in columns}
            known |= {f"{name}.{column}": Column(comes_in_utc=in_utc) for column, in_utc in told.items()}
    return known


def _streamed(rows: sa.CursorResult[Any]) -> Iterator[Sequence[tuple[Any, ...]]]:
    """Blocks of rows as the driver hands them on: SQLAlchemy would make each again, at twice the time of all else."""
    # It has one row already, for a cursor that tells what its columns are only then.
    if (first := rows.fetchone()) is None:
        return
    yield [tuple(first)]
    driver: Any = rows.cursor
    try:
        while block := driver.fetchmany(_ROWS_AT_ONCE):
            yield block
    except rows.dialect.loaded_dbapi.Error as fault:
        raise manners.told(fault) from None


def _grouped(blocks: Iterable[Sequence[Sequence[Any]]], shape: Shape, known: dict[str, Column]) -> Iterator[Holding]:
    in_utc = {place for place, name in enumerate(shape.selected) if known[name].comes_in_utc}
    for key, group in groupby(chain.from_iterable(blocks), key=itemgetter(0)):
        # Column by column, as a body is: a row is never taken apart on its own.
        columns = list(zip(*group, strict=True))[1:]
        for place in in_utc:
            columns[place] = tuple(map(_zoned, columns[place]))
        yield held_by_columns(str(key), shape.selected, columns)


def _zoned(value: Any) -> Any:
    """A moment with the zone it came in: without one it would be the wall's clock here."""
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) else value
