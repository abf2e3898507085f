"""Settings and mapping of a database, checked; and the statements they make."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, Field, Json
from sqlalchemy.sql.elements import ColumnClause

from datasources.connectors.sql.erasing import Statement
from datasources.connectors.sql.exactly import Exactly
from datasources.protocol import SECRET, shape_as, words

# Identity codes begin with the day of birth: about as many people are born before the 16th as after the 15th.
HALVES = "16"
_LONGEST_WATERMARK = 60


class Settings(BaseModel):
    """`url` is SQLAlchemy's, without the password when `password` is among the secrets.

    `side_by_side`: PostgreSQL is read over two connections, each half of the people; one is kinder to a busy server.
    `plain_rows`: even PostgreSQL only hands on rows, as any other database does, and they are put together here.
    """

    model_config = ConfigDict(frozen=True)
    url: str = Field(
        title=words("Address"),
        description=words("As SQLAlchemy writes it: postgresql+psycopg://user@host/database. Without the password."),
    )
    password: str | None = Field(
        None, title=words("Password"), description=words("Of the user."), json_schema_extra=SECRET
    )
    side_by_side: bool = Field(
        True,  # noqa: FBT003 - a default
        title=words("Two connections"),
        description=words(
            "PostgreSQL only: each connection reads half of the people, in little more than half the time."
        ),
    )
    plain_rows: bool = Field(
        False,  # noqa: FBT003 - a default
        title=words("Plain rows"),
        description=words("PostgreSQL only: spares its processor. Rows are put together here, which takes longer."),
    )
    erasing: Json[dict[str, list[Statement]]] | None = Field(
        None,
        title=words("What an erasure takes"),
        description=words(
            "Left empty, nothing is ever erased there. By dataset, as JSON: which rows of which tables go when a "
            "person has their data erased, or which columns are emptied. The user must be let to do that."
        ),
    )


class Join(BaseModel):
    """`left` and `right` are `table.column`; `table` is the one joined in."""

    model_config = ConfigDict(frozen=True)
    table: str
    left: str
    right: str


class Shape(BaseModel):
    """Where a dataset lies: `columns` is `{field: table.column}`, `key` the identity code's `table.column`.

    `watermark`, if there is one, is a `table.column` that grows whenever a row is written: a moment or a number.
    """

    model_config = ConfigDict(frozen=True)
    table: str
    joins: list[Join] = []
    key: str = Field(min_length=1)
    order: list[str] = []
    columns: dict[str, str]
    watermark: str = ""

    @property
    def selected(self) -> list[str]:
        """The source columns to read, each once; nothing else is ever selected."""
        return sorted(set(self.columns.values()))

    @property
    def mentioned(self) -> set[str]:
        """Every `table.column` the statement names."""
        ends = {end for join in self.joins for end in (join.left, join.right)}
        return {self.key, *self.order, *self.columns.values(), *ends, *filter(None, [self.watermark])}


@dataclass(frozen=True)
class Column:
    """What a database tells of a column. `type`: as it calls it, where it is asked.

    `is_unique`: no two rows of the table have the same. `comes_in_utc`: a moment that is written without its zone.
    """

    is_unique: bool = False
    comes_in_utc: bool = False
    type: int = 0


def shape_of(dataset: str, mapping: dict[str, Any]) -> Shape:
    """The mapping of one dataset, checked; MisSet names what is missing."""
    return shape_as(Shape, dataset, mapping)


def table_of(name: str) -> str:
    """The table part of `table.column` or `schema.table.column`."""
    return name.rpartition(".")[0]


def _table(name: str) -> sa.TableClause:
    schema, _, table = name.rpartition(".")
    return sa.table(table, schema=schema or None)


class Statements:
    """The clauses of one dataset; tables keep their names, so several datasets never collide."""

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        names = {table_of(name) for name in shape.mentioned} | {shape.table}
        self._tables = {name: _table(name) for name in sorted(names)}
        self.key = self.column(shape.key)
        self.values = [self.column(name) for name in shape.selected]
        self.order = [self.column(name) for name in shape.order] or self.values

    def column(self, name: str) -> ColumnClause[Any]:
        """`table.column` as a clause."""
        table = self._tables[table_of(name)]
        short = name.rpartition(".")[2]
        if short not in table.c:
            table.append_column(sa.column(short))
        return table.c[short]

    @property
    def source(self) -> sa.FromClause:
        """The table and what is joined in. Outer joins: a row with a broken reference is still held on the person."""
        return self.joined(self.shape.joins)

    def joined(self, joins: Iterable[Join]) -> sa.FromClause:
        """The table with these of its joins."""
        clause: sa.FromClause = self._tables[self.shape.table]
        for join in joins:
            condition = self.column(join.left) == self.column(join.right)
            clause = clause.outerjoin(self._tables[join.table], condition)
        return clause

    def rows(self, whose: sa.ColumnElement[bool], *, collation: str = "") -> sa.Select[Any]:
        """Key and values row by row, ordered by person. `collation`: by name, the one that orders by bytes."""
        statement = sa.select(self.key, *self.values).select_from(self.source)
        exactly = self.key.collate(collation) if collation else Exactly(self.key)
        return statement.where(whose).order_by(exactly, *self.order)

    def stands_for_key(self, known: Mapping[str, Column]) -> Join | None:
        """The join by which the key is reached and nothing else is, one row of the key's table to each key.

        Rows with the same `left` are then the rows of one person: they are put together before the key is joined in.
        """
        table, told = table_of(self.shape.key), self.shape
        reaching = [join for join in told.joins if join.table == table]
        if len(reaching) != 1 or table == told.table or not known[told.key].is_unique:
            return None
        (join,) = reaching
        others = {name for other in told.joins if other != join for name in (other.left, other.right)}
        taken = {*others, *told.order, *told.columns.values(), join.left}
        if table in map(table_of, taken) or table_of(join.right) != table:
            return None
        return join if known[join.right].is_unique and known[join.left].type == known[join.right].type else None

    def whose(self, code: str | None) -> sa.ColumnElement[bool]:
        """Everyone who has an identity code, or the one who has this code."""
        return self.key.is_not(None) if code is None else self.key == sa.bindparam("code", code, sa.String)

    def changed(self, since: str) -> sa.ColumnElement[bool]:
        """Whoever has a row that was written at this watermark or later."""
        recent = sa.select(self.key).select_from(self.source)
        return self.key.in_(recent.where(self._watermark >= sa.literal(since, sa.String)))

    @property
    def newest(self) -> sa.Select[Any]:
        """The newest watermark."""
        return sa.select(sa.cast(sa.func.max(self._watermark), sa.String(_LONGEST_WATERMARK))).select_from(self.source)

    def count(self, most: int) -> sa.Select[int]:
        """How many rows there are, counted no further than `most`."""
        some = sa.select(self.key).select_from(self.source).where(self.whose(None)).limit(most).subquery()
        return sa.select(sa.func.count()).select_from(some)

    @property
    def _watermark(self) -> ColumnClause[Any]:
        return self.column(self.shape.watermark)

    @property
    def halves(self) -> list[sa.ColumnElement[bool]]:
        """Two conditions, of which everyone who has an identity code meets exactly one."""
        middle = sa.literal(HALVES, sa.String)
        return [self.key < middle, self.key >= middle]
