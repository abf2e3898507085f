"""JSON Schemas of rows (2020-12), as far as a package needs them: columns, and which kinds of value each may hold."""

from collections.abc import Mapping, Sequence
from typing import Any

from datasources.transfers.package.reasons import Reason, Refused
from datasources.transfers.package.shape import Row

DIALECT = "https://json-schema.org/draft/2020-12/schema"
# The `unit` of money: whole cents of a euro.
CENTS = "EUR-cents"
_MOST_COLUMNS, _LONGEST_NAME = 500, 200
# {column: types its values may have}, in their order.
Columns = Mapping[str, frozenset[type]]
_KINDS: Mapping[str, frozenset[type]] = {
    "string": frozenset({str}),
    "integer": frozenset({int}),
    "number": frozenset({int, float}),
    "boolean": frozenset({bool}),
    "array": frozenset({list}),
    "object": frozenset({dict}),
    "null": frozenset({type(None)}),
}
_ANY = frozenset[type]().union(*_KINDS.values())
# Would be looked for elsewhere, or can name itself without end: a schema stands alone.
_LOOKED_FOR = {"$ref", "$dynamicRef", "$recursiveRef"}


def columns_of(schema: Any) -> Columns:
    """Its columns. Refused unless it describes a row by named columns."""
    columns = schema.get("properties") if isinstance(schema, dict) else None
    if not isinstance(columns, dict) or schema.get("type") != "object" or not 1 <= len(columns) <= _MOST_COLUMNS:
        raise Refused(Reason.SCHEMA)
    if any(not 1 <= len(name) <= _LONGEST_NAME or not name.isprintable() for name in columns):
        raise Refused(Reason.SCHEMA)
    if _looks_elsewhere(schema, left=12):
        raise Refused(Reason.SCHEMA)
    return {name: _kinds(told) for name, told in columns.items()}


def _kinds(told: Any) -> frozenset[type]:
    if not isinstance(told, dict):
        raise Refused(Reason.SCHEMA)
    names = told.get("type")
    if names is None:
        return _ANY
    each = [names] if isinstance(names, str) else names
    if not isinstance(each, list) or not each or not all(isinstance(name, str) and name in _KINDS for name in each):
        raise Refused(Reason.SCHEMA)
    return frozenset[type]().union(*(_KINDS[name] for name in each))


def _looks_elsewhere(value: Any, *, left: int) -> bool:
    """Or is deeper than any schema of a row."""
    if isinstance(value, dict):
        return (
            not left
            or bool(_LOOKED_FOR & value.keys())
            or any(_looks_elsewhere(each, left=left - 1) for each in value.values())
        )
    if isinstance(value, list):
        return not left or any(_looks_elsewhere(each, left=left - 1) for each in value)
    return False


def look_at(rows: Sequence[Row], columns: Columns) -> None:
    """Each row has these columns only, and of their types. Refused."""
    if not set[str]().union(*rows) <= columns.keys():
        raise Refused(Reason.NOT_AS_SCHEMA)
    for name, kinds in columns.items():
        if not {type(row[name]) for row in rows if name in row} <= kinds:
            raise Refused(Reason.NOT_AS_SCHEMA)
