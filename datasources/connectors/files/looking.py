"""The first rows of a file, of which no more than the beginning is fetched."""

from collections.abc import Iterator
from contextlib import suppress

from datasources.connectors.files.drops import Drop
from datasources.connectors.files.pickup import GLANCE, Spooled, glance, looked_into
from datasources.connectors.files.reading import rows_of
from datasources.connectors.files.reading.beginning import beginning_of_workbook
from datasources.connectors.files.reading.rows import Row
from datasources.connectors.files.shape import Settings, Shape
from datasources.errors import Garbled
from datasources.protocol import Limits

# What stands before the list may be long; then once more is fetched, and no more than that.
_GLANCES = (GLANCE, GLANCE << 4)


def first_rows(drop: Drop, shape: Shape, settings: Settings, limits: Limits) -> Iterator[Row]:
    """Rows from the top, as far as they are right: what goes wrong behind the first may come of not having the rest."""
    if shape.kind == "xlsx":
        with looked_into(drop, shape.file, settings, limits) as whole:
            small = beginning_of_workbook(whole, shape.file)
        yield from _as_far(rows_of(small, shape))
        return
    for most in _GLANCES:
        head, is_all = glance(drop, shape.file, settings, limits, most=most)
        with head:
            rows = _as_far(_rows(head, shape, is_all=is_all))
            first = next(rows, None)
            if first is not None:
                yield first
                yield from rows
            if first is not None or is_all:
                return
    raise Garbled("The beginning of {file} holds no whole row.", file=shape.file)


def _rows(head: Spooled, shape: Shape, *, is_all: bool) -> Iterator[Row]:
    return rows_of(head, shape, cut=not is_all)


def _as_far(rows: Iterator[Row]) -> Iterator[Row]:
    first = next(rows, None)
    if first is not None:
        yield first
        with suppress(Garbled):
            yield from rows
