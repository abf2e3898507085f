"""Erasing a person's rows in a department's database by what the settings declare, and rehearsing it."""

from collections.abc import Collection, Iterator, Sequence
from typing import Annotated, Any

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, Field

from datasources.connectors.sql import mariadb

_Name = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,62}$")]
_Table = Annotated[str, Field(pattern=r"^([A-Za-z_][A-Za-z0-9_]{0,62}\.)?[A-Za-z_][A-Za-z0-9_]{0,62}$")]


class Through(BaseModel):
    """The rows of `table`, whose `key` is the identity code, tell by `column` whose rows they are."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    table: _Table
    key: _Name
    column: _Name


class Statement(BaseModel):
    """One step: the person's rows of `table` go; or, with `clear`, only these columns of them are emptied.

    `column` is the identity code, or with `through` what that table tells.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    table: _Table
    column: _Name
    through: Through | None = None
    clear: Annotated[list[_Name], Field(max_length=50)] = []

    def clause(self, code: str) -> sa.Delete | sa.Update:
        """As SQLAlchemy writes it, for this identity code. What is empty already is not emptied again."""
        table = _table(self.table, [self.column, *self.clear])
        theirs = self._theirs(table, code)
        if not self.clear:
            return sa.delete(table).where(theirs)
        filled = sa.or_(*(table.c[name].is_not(None) for name in self.clear))
        return sa.update(table).where(theirs, filled).values(dict.fromkeys(self.clear, sa.null()))

    def _theirs(self, table: sa.TableClause, asked: str) -> sa.ColumnElement[bool]:
        # Without a name of its own: an UPDATE of SQLAlchemy's takes none that is a column's, too.
        code = sa.bindparam(None, asked, type_=sa.String)
        if self.through is None:
            return table.c[self.column] == code
        whose = _table(self.through.table, [self.through.key, self.through.column])
        theirs = sa.select(whose.c[self.through.column]).where(whose.c[self.through.key] == code)
        return table.c[self.column].in_(theirs)


def _table(name: str, columns: Sequence[str]) -> sa.TableClause:
    schema, _, table = name.rpartition(".")
    return sa.table(table, *(sa.column(each) for each in dict.fromkeys(columns)), schema=schema or None)


def declared(erasing: dict[str, list[Statement]], datasets: Collection[str]) -> Iterator[Statement]:
    """The steps of these datasets in their order."""
    for dataset in sorted(datasets):
        yield from erasing[dataset]


def carried_out(engine: sa.Engine, steps: Sequence[Statement], code: str, *, rehearsal: bool) -> int:
    """How many rows the steps took, all in one transaction; a rehearsal is taken back. MisSet where it could not be."""
    with engine.connect() as connection, connection.begin() as transaction:
        if engine.dialect.name in mariadb.NAMES:
            mariadb.refuse_what_is_kept_at_once(connection, [step.table for step in steps])
        rows = sum(_count(connection.execute(step.clause(code))) for step in steps)
        if rehearsal:
            transaction.rollback()
    return rows


def _count(result: sa.CursorResult[Any]) -> int:
    return max(0, result.rowcount)
