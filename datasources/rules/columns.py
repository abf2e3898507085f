"""A sheet by columns, for copies of everything: the same values in the same order as on its page, thousands at once."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from datasources.enums import FieldType
from datasources.rules.showing import HERE, FieldSpec, columns_of
from datasources.rules.wording import Scalar, text_of

Columns = tuple[Sequence[Scalar], ...]


def shown_columns(
    body: bytes, mapping: Mapping[str, Any], fields: Sequence[FieldSpec]
) -> tuple[tuple[FieldSpec, ...], Columns, int]:
    """(the fields that are shown, their values, how many values are there and not shown)."""
    # What is not shown is only counted: whatever it is, it is read as the text that it is.
    types = {spec.slug: spec.type if spec.shown else FieldType.TEXT for spec in fields}
    found = columns_of(body, mapping, types)
    shown = tuple(spec for spec in fields if spec.shown)
    hidden = [found[spec.slug] for spec in fields if not spec.shown]
    held_back = sum(value is not None for column in hidden for value in column)
    return shown, _newest_first([found[spec.slug] for spec in shown]), held_back


def texts_of(spec: FieldSpec, column: Sequence[Scalar], language: str) -> list[str]:
    """Each value as it is read in `language`. Values that come again and again are put into words once."""
    known: dict[tuple[type, Scalar], str] = {}
    told = []
    for value in column:
        # 1, 1.0 and True are equal, and not read alike.
        key = (type(value), value)
        text = known.get(key)
        if text is None:
            text = known[key] = text_of(value, spec, language)
        told.append(text)
    return told


def _newest_first(columns: Sequence[Sequence[Scalar]]) -> Columns:
    """By the first date or time of each row; rows without one keep their order at the end."""
    ages = list(map(_age, zip(*columns, strict=True)))
    order = sorted(range(len(ages)), key=ages.__getitem__)
    return tuple([column[row] for row in order] for column in columns)


def _age(row: Sequence[Scalar]) -> float:
    for value in row:
        if isinstance(value, datetime):
            return -value.timestamp()
        if isinstance(value, date):
            return -datetime(value.year, value.month, value.day, tzinfo=HERE).timestamp()
    return float("inf")
