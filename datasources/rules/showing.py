"""What a sheet means: the mapping, the types and the code lists are applied when it is shown, not when it is pulled."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from datasources.enums import Disclosure, FieldType
from datasources.rules.wording import Scalar, text_of

HERE = ZoneInfo("Europe/Helsinki")
_DAY, _MOMENT, _MOMENT_TO_SECONDS = "%d.%m.%Y", "%d.%m.%Y %H.%M", "%d.%m.%Y %H.%M.%S"
_BLANKS = dict.fromkeys(" \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}")
_PLAIN = str.maketrans(_BLANKS | {",": ".", "\N{MINUS SIGN}": "-"})
_UNREADABLE = (ValueError, TypeError, KeyError, AttributeError, ArithmeticError, msgspec.MsgspecError)
_YES, _NO = {"true", "1", "t", "k", "kyllä", "y", "yes"}, {"false", "0", "f", "e", "ei", "n", "no"}


def _float(written: str) -> float | str:
    number = float(written)
    return number if math.isfinite(number) else written


# A database's number may be larger than any float: it stays the text it is.
_decode = msgspec.json.Decoder(float_hook=_float).decode


@dataclass(frozen=True)
class FieldSpec:
    """How the catalogue describes a field, in the reader's language; `codes` is `{code: text}`."""

    slug: str
    label: str
    type: FieldType
    codes: Mapping[str, str] = field(default_factory=dict)
    disclosure: Disclosure = Disclosure.AT_ONCE
    about_others: bool = False
    copied: bool = False

    @property
    def shown(self) -> bool:
        """What is about others or waits for a person's reading is not shown at once; without a label, never."""
        return bool(self.label) and self.disclosure == Disclosure.AT_ONCE and not self.about_others


@dataclass(frozen=True)
class Value:
    """One value beside its label. `value`: str, int (money in cents), Decimal, date, aware datetime, bool or None."""

    slug: str
    label: str
    type: FieldType
    value: Scalar = field(repr=False)
    text: str = field(repr=False)


@dataclass(frozen=True)
class Record:
    """One row as a person may see it; `held_back` fields are there and not shown."""

    values: tuple[Value, ...]
    held_back: int = 0


def records_of(
    body: bytes, mapping: Mapping[str, Any], fields: Sequence[FieldSpec], *, language: str
) -> tuple[Record, ...]:
    """The records of a sheet's body, newest first, with the fields in the catalogue's order."""
    sheet = _decode(body)
    columns = dict(zip(sheet["columns"], sheet["values"], strict=True))
    wanted = [(spec, columns.get(mapping["columns"].get(spec.slug, ""))) for spec in fields]
    held = [(spec, column) for spec, column in wanted if column is not None]
    formats = mapping.get("formats", {})
    rows = range(len(sheet["values"][0]) if sheet["values"] else 0)
    records = [_record(held, row, formats, language) for row in rows]
    return tuple(sorted(records, key=_age))


def columns_of(body: bytes, mapping: Mapping[str, Any], types: Mapping[str, FieldType]) -> dict[str, list[Scalar]]:
    """{field: its value in each row, as the source orders them}, typed; None where the source has no such column."""
    sheet = _decode(body)
    columns = dict(zip(sheet["columns"], sheet["values"], strict=True))
    formats = mapping.get("formats", {})
    rows = len(sheet["values"][0]) if sheet["values"] else 0
    nothing = [None] * rows
    return {
        slug: [
            typed(raw, kind, formats.get(slug, "")) for raw in columns.get(mapping["columns"].get(slug, ""), nothing)
        ]
        for slug, kind in types.items()
    }


def _record(
    held: Sequence[tuple[FieldSpec, Sequence[Any]]], row: int, formats: Mapping[str, str], language: str
) -> Record:
    values, held_back = [], 0
    for spec, column in held:
        if spec.shown:
            value = typed(column[row], spec.type, formats.get(spec.slug, ""))
            values.append(Value(spec.slug, spec.label, spec.type, value, text_of(value, spec, language)))
        elif column[row] is not None:
            held_back += 1
    return Record(tuple(values), held_back)


def _age(record: Record) -> float:
    """For sorting: newest first by the first date or time; records without one keep their order at the end."""
    for value in record.values:
        if isinstance(value.value, datetime):
            return -value.value.timestamp()
        if isinstance(value.value, date):
            return -datetime(value.value.year, value.value.month, value.value.day, tzinfo=HERE).timestamp()
    return float("inf")


def typed(raw: Any, kind: FieldType, form: str = "") -> Scalar:
    """What the source wrote, as a value; what cannot be read as its type stays the text it is."""
    if raw is None or raw == "":
        return None
    try:
        value: Scalar = (_FORMS[form] if form else _READERS[kind])(raw)
    except _UNREADABLE:
        return _text(raw)
    return value


def readable(raw: Any, kind: FieldType, form: str = "") -> bool:
    """Whether what a system sends can be read as the field that it is meant for; several values are text only."""
    if raw == "":
        return True
    if isinstance(raw, list) and kind is not FieldType.TEXT:
        return False
    try:
        (_FORMS[form] if form else _READERS[kind])(raw)
    except _UNREADABLE:
        return False
    return True


def _text(raw: Any) -> str:
    if isinstance(raw, str):
        return raw
    if isinstance(raw, list):
        return ", ".join(_text(part) for part in raw)
    return msgspec.json.encode(raw).decode()


def _moment(raw: str) -> datetime:
    moment = datetime.fromisoformat(raw)
    # A clock without a zone is the wall's clock here.
    return (moment if moment.tzinfo else moment.replace(tzinfo=HERE)).astimezone(HERE)


def _plain(number: str) -> str:
    """A number as Finns write it, with a point and without blanks."""
    return number.translate(_PLAIN)


def _euros(raw: Any) -> int:
    cents = Decimal(str(raw) if isinstance(raw, int | float) else _plain(raw)) * 100
    if cents != int(cents):
        raise ValueError("not whole cents")
    return int(cents)


def _day(raw: str) -> date:
    return datetime.strptime(raw, _DAY).date() if "." in raw else date.fromisoformat(raw)  # noqa: DTZ007 - has no zone


def _clock(raw: str) -> datetime:
    written = raw.replace("klo ", "").replace(":", ".")
    form = _MOMENT if written.count(".") <= _MOMENT.count(".") else _MOMENT_TO_SECONDS
    return datetime.strptime(written, form).replace(tzinfo=HERE)


def _boolean(raw: Any) -> bool:
    word = str(raw).strip().lower()
    if word not in _YES | _NO:
        raise ValueError("neither yes nor no")
    return word in _YES


def _number(raw: Any) -> Scalar:
    number = msgspec.json.decode(_plain(raw)) if isinstance(raw, str) else raw
    if isinstance(number, bool) or not isinstance(number, int | float):
        raise ValueError("not a number")
    return number


_READERS: Mapping[str, Any] = {
    FieldType.TEXT: _text,
    FieldType.CODE: str,
    FieldType.DATE: lambda raw: date.fromisoformat(raw[:10]),
    FieldType.MOMENT: _moment,
    FieldType.MONEY: int,
    FieldType.NUMBER: _number,
    FieldType.BOOLEAN: _boolean,
}
# How files write what databases have types for.
_FORMS: Mapping[str, Any] = {
    "euros": _euros,
    "date": _day,
    "moment": _clock,
}
