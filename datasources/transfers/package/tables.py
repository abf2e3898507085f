"""Rows as JSON and as a table: each has one spelling, so that the table can be held against the rows."""

import csv
import re
from collections.abc import Callable, Iterable, Sequence
from io import StringIO
from operator import itemgetter
from typing import Any

import msgspec

from datasources.transfers.package.reasons import Reason, Refused
from datasources.transfers.package.schemas import Columns, look_at
from datasources.transfers.package.shape import Row

MOST_DEEP = 16
_MARK = b"\xef\xbb\xbf"
# What a program takes for the beginning of a formula, or skips before one (CWE-1236).
_FORMULA = re.compile(r"\s*[=+\-@\t\r\n＝＋－＠]")
_BEGINS = re.compile(r"\0\s*[=+\-@\t\r\n＝＋－＠]")
# A line of JSON values as a line of the table, where no text of it has a comma, a semicolon or anything escaped.
_COMMA_TO_SEMICOLON = bytes.maketrans(b",", b";")
_SPELLED_ALIKE = {str, int, float, bool, type(None)}
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(list).decode


def json_of(rows: Sequence[Row]) -> bytes:
    """A JSON array of the rows (RFC 8259), without a space, names and rows in the order they came in."""
    return _encode(rows)


def rows_of(data: bytes) -> list[dict[str, Any]]:
    """The rows of such an array, each an object, no name twice in one, none too deep. Refused."""
    try:
        rows = _decode(data)
        spelled_once = _encode(rows) == data
    except RecursionError:
        raise Refused(Reason.TOO_DEEP) from None
    except (msgspec.MsgspecError, ValueError, OverflowError):
        raise Refused(Reason.NOT_JSON) from None
    # Another spelling of the same is none of ours: a name that stands twice would be one of them.
    if not spelled_once or not set(map(type, rows)) <= {dict}:
        raise Refused(Reason.NOT_JSON)
    return rows


def table_of(rows: Sequence[Row], columns: Columns) -> bytes:
    """`csv_of` rows that have these columns only, and of these types. Refused: NOT_AS_SCHEMA. TooDeep."""
    names = list(columns)
    lines = _lines(rows, names)
    if lines is None:
        look_at(rows, columns)
        return csv_of(rows, names)
    kinds = [set(map(type, cells)) for cells in zip(*lines, strict=True)]
    if not all(found <= kind for found, kind in zip(kinds, columns.values(), strict=True)):
        raise Refused(Reason.NOT_AS_SCHEMA)
    told = _spelled_alike(lines, kinds)
    return csv_of(rows, names) if told is None else csv_of([], names) + told


def _lines(rows: Sequence[Row], names: list[str]) -> list[tuple[Any, ...]] | None:
    """The rows' values; None where one leaves a column out or has another (and for a single column, or no row)."""
    if not rows or len(names) == 1 or set(map(len, rows)) != {len(names)}:
        return None
    try:
        return list(map(itemgetter(*names), rows))
    except KeyError:
        return None


def _spelled_alike(lines: list[tuple[Any, ...]], kinds: list[set[type]]) -> bytes | None:
    """The lines of the table, made of their JSON as a whole; None where both are not spelled alike but for the signs.

    Six times as fast as the writer of tables, which goes from value to value.
    """
    if not set[type]().union(*kinds) <= _SPELLED_ALIKE:
        return None
    told = _encode(lines)
    if told.count(b",") != len(lines) * len(kinds) - 1 or b";" in told or b"\\" in told:
        return None
    if any(map(_may_begin_a_formula, zip(*lines, strict=True), kinds)):
        return None
    if any(type(None) in kind for kind in kinds):
        # A comma stands between values only: what follows it is no text that happens to begin so.
        told = told.replace(b",null", b",").replace(b"[null,", b"[,")
    # Lines are told apart while texts have their quotation marks: behind one, a bracket is a text's own.
    return told[2:-2].replace(b"],[", b"\r\n").translate(_COMMA_TO_SEMICOLON, b'"') + b"\r\n"


def _may_begin_a_formula(cells: Iterable[Any], kind: set[type]) -> bool:
    if str not in kind:
        return False
    return not kind <= {str, type(None)} or _BEGINS.search("\0" + "\0".join(filter(None, cells))) is not None


def csv_of(rows: Sequence[Row], columns: Sequence[str]) -> bytes:
    """The rows as a table: UTF-8 with its mark, semicolons, CRLF (RFC 4180 but for the sign between).

    A number stands as in JSON, yes and no as `true` and `false`, nothing as an empty cell, what is deeper as JSON, and
    text behind an apostrophe where a spreadsheet program would take it for a formula. TooDeep.
    """
    written = StringIO()
    writer = csv.writer(written, delimiter=";")
    writer.writerow(map(_text, columns))
    writer.writerows(zip(*(_cells([row.get(name) for row in rows]) for name in columns), strict=True))
    return _MARK + written.getvalue().encode()


class TooDeep(ValueError):
    """A value has more levels than sixteen."""


def _cells(values: list[Any]) -> Iterable[Any]:
    """As the table's writer takes them: it leaves what is nothing empty, and writes numbers and text itself."""
    kinds = set(map(type, values)) - {type(None)}
    if kinds <= {int} or (kinds <= {str} and not _BEGINS.search("\0" + "\0".join(filter(None, values)))):
        return values
    if kinds <= {float, int} and _is_plain([abs(value) for value in values if value]):
        return values
    return [value if value is None else _WRITTEN.get(type(value), _json)(value) for value in values]


def _is_plain(sizes: list[float]) -> bool:
    """Python and JSON spell these numbers alike: neither with an exponent."""
    return not sizes or (min(sizes) >= 1e-4 and max(sizes) < 1e15)  # noqa: PLR2004 - where exponents begin


def _text(text: str) -> str:
    return f"'{text}" if _FORMULA.match(text) else text


def _json(value: Any) -> str:
    if not _is_flat_enough(value, MOST_DEEP):
        raise TooDeep
    return _encode(value).decode()


_WRITTEN: dict[type, Callable[[Any], str]] = {str: _text, bool: {True: "true", False: "false"}.__getitem__}


def _is_flat_enough(value: Any, left: int) -> bool:
    if isinstance(value, dict):
        return left > 0 and all(_is_flat_enough(each, left - 1) for each in value.values())
    if isinstance(value, list):
        return left > 0 and all(_is_flat_enough(each, left - 1) for each in value)
    return True
