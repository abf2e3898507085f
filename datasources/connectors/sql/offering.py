"""What a database offers: its tables and views by its own catalogue, and a few rows as text."""

from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine.interfaces import ReflectedColumn, ReflectedForeignKeyConstraint
from sqlalchemy.engine.reflection import Inspector, ObjectKind

from datasources.connectors.sql.shape import Shape, Statements, table_of
from datasources.errors import Drifted, MisSet
from datasources.glimpses import LONGEST_VALUE, MOST_PARTS, MOST_PLACES, MOST_RECORDS, Glimpse, Place, glimpse_of

# Of the server itself, by PostgreSQL, MariaDB and MySQL, and SQL Server.
_OF_THE_SERVER = {"information_schema", "pg_catalog", "mysql", "performance_schema", "sys", "guest"}
_READABLE = """
SELECT n.nspname, c.relname, a.attname FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  AND has_schema_privilege(n.oid, 'USAGE') AND has_column_privilege(c.oid, a.attnum, 'SELECT')
"""
_Readable = set[tuple[str, str, str]] | None


def places(connection: sa.Connection) -> Iterator[Place]:
    """Every table and view that the user may read, with the foreign keys of one column."""
    inspector = sa.inspect(connection)
    readable = _readable(connection)
    count = 0
    for schema in _schemas(inspector):
        columns = inspector.get_multi_columns(schema=schema, kind=ObjectKind.ANY)
        keys = inspector.get_multi_foreign_keys(schema=schema, kind=ObjectKind.TABLE)
        for whole_name, its_columns in sorted(columns.items(), key=lambda told: told[0][1]):
            here = schema or inspector.default_schema_name or ""
            seen = [each for each in its_columns if _may_read(readable, here, whole_name[1], each["name"])]
            if seen and count < MOST_PLACES:
                count += 1
                yield _place(connection, whole_name, seen, keys.get(whole_name, []))


def _readable(connection: sa.Connection) -> _Readable:
    """(schema, table, column) that PostgreSQL lets be read, whose catalogue tells everybody of everything; else all."""
    if connection.dialect.name != "postgresql":
        return None
    return {(schema, table, column) for schema, table, column in connection.exec_driver_sql(_READABLE)}


def _may_read(readable: _Readable, schema: str, table: str, column: str) -> bool:
    return readable is None or (schema, table, column) in readable


def _schemas(inspector: Inspector) -> list[str | None]:
    """The user's own first, which needs no name. Oracle has a schema for each user: there, only that one."""
    if inspector.dialect.name == "oracle":
        return [None]
    others = {name for name in inspector.get_schema_names() if not _is_of_the_server(name)}
    return [None, *sorted(others - {inspector.default_schema_name or ""})]


def _is_of_the_server(schema: str) -> bool:
    return schema.lower() in _OF_THE_SERVER or schema.startswith(("pg_", "db_"))


def _place(
    connection: sa.Connection,
    whole_name: tuple[str | None, str],
    columns: list[ReflectedColumn],
    keys: list[ReflectedForeignKeyConstraint],
) -> Place:
    table = _name(*whole_name)
    parts = tuple((f"{table}.{each['name']}", _type(connection, each)) for each in columns[:MOST_PARTS])
    links = tuple(
        (
            f"{table}.{key['constrained_columns'][0]}",
            f"{_name(key['referred_schema'], key['referred_table'])}.{key['referred_columns'][0]}",
        )
        for key in keys
        if len(key["constrained_columns"]) == len(key["referred_columns"]) == 1
    )
    return Place(table, parts, links)


def _name(schema: str | None, table: str) -> str:
    return f"{schema}.{table}" if schema else table


def _type(connection: sa.Connection, column: ReflectedColumn) -> str:
    try:
        return column["type"].compile(dialect=connection.dialect).lower()
    except sa.exc.CompileError:
        return ""


def glimpse(connection: sa.Connection, where: Mapping[str, Any]) -> Glimpse:
    """The first rows of the table and of what is joined to it. Drifted when one of them is not there."""
    if not where.get("table"):
        raise MisSet("No table is named to look at.")
    tables = list(dict.fromkeys([where["table"], *(join["table"] for join in where.get("joins", ()))]))
    types = _columns(connection, tables)
    known = [*types, *([where["key"]] if where.get("key") else [])]
    shape = Shape(
        table=where["table"],
        joins=where.get("joins", []),
        key=where.get("key") or known[0],
        columns={name: name for name in types},
    )
    if gone := sorted(shape.mentioned - types.keys()):
        raise Drifted("The database has no {names} any more. The mapping needs a look.", names=", ".join(gone))
    rows = connection.execution_options(stream_results=True, yield_per=50).execute(few(shape, connection.dialect))
    records = [dict(zip(shape.selected, row, strict=True)) for row in rows]
    return glimpse_of([{name: record[name] for name in types} for record in records], types=types)


def few(shape: Shape, dialect: sa.Dialect) -> "sa.Select[*tuple[Any, ...]]":
    """Up to 500 rows of whoever has a code, each value as a text that the database itself cuts."""
    statements = Statements(shape)
    short = [_as_text(value, dialect) for value in statements.values]
    return sa.select(*short).select_from(statements.source).where(statements.whose(None)).limit(MOST_RECORDS)


def _as_text(value: sa.ColumnElement[Any], dialect: sa.Dialect) -> sa.ColumnElement[str]:
    text: sa.ColumnElement[str] = sa.cast(value, sa.String(LONGEST_VALUE))
    # SQLite's texts have no length.
    return sa.func.substr(text, 1, LONGEST_VALUE) if dialect.name == "sqlite" else text


def _columns(connection: sa.Connection, tables: list[str]) -> dict[str, str]:
    """{table.column: type} of what these tables have and the user may read, without what is no text at all."""
    inspector = sa.inspect(connection)
    readable = _readable(connection)
    found: dict[str, str] = {}
    for name in tables:
        schema, _, table = name.rpartition(".")
        if not inspector.has_table(table, schema=schema or None):
            raise Drifted("The database has no {names} any more. The mapping needs a look.", names=name)
        here = schema or inspector.default_schema_name or ""
        for column in inspector.get_columns(table, schema=schema or None):
            binary = isinstance(column["type"], sa.LargeBinary)
            if not binary and _may_read(readable, here, table, column["name"]) and len(found) < MOST_PARTS:
                found[f"{name}.{column['name']}"] = _type(connection, column)
    if not found:
        raise Drifted("The database has no {names} any more. The mapping needs a look.", names=", ".join(tables))
    return found


__all__ = ["few", "glimpse", "places", "table_of"]
