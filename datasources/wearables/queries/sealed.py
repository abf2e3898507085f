"""Bodies of this room, in and out of their seals."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
import zstandard

from datasources.wearables.mhealth import data_point, figure_of
from datasources.wearables.points import DailyFigure, Measure
from portal.keys.seals import place, seal, unseal

# As a column gives it.
Sealed = bytes | memoryview
# A year of a measure from a dozen sources is a tenth of this.
_LARGEST = 64 << 20
# Beats of a month, one a second, from two devices.
_LARGEST_MONTH = 512 << 20


def _place(column: str, person: UUID, *parts: object) -> bytes:
    return place("wearables", column, person, *parts)


def sealed_figures(figures: Iterable[DailyFigure], *, person: UUID, measure: Measure, year: int, key: bytes) -> bytes:
    """A year of a measure, by day and source."""
    points = [data_point(each) for each in sorted(figures, key=lambda each: (each.day, each.source))]
    body = zstandard.ZstdCompressor().compress(msgspec.json.encode(points))
    return seal(key, body, aad=_place("figures", person, measure.value, year))


def opened_figures(sealed: Sealed, *, person: UUID, measure: Measure, year: int, key: bytes) -> list[DailyFigure]:
    """The same again."""
    body = unseal(key, bytes(sealed), aad=_place("figures", person, measure.value, year))
    points = msgspec.json.decode(zstandard.ZstdDecompressor().decompress(body, max_output_size=_LARGEST))
    return [figure_of(measure, point) for point in points]


def sealed_thing(told: Any, column: str, *, of: UUID, person: UUID, key: bytes) -> bytes:
    """Anything that JSON can say, in a row `of` this id."""
    return seal(key, zstandard.ZstdCompressor().compress(msgspec.json.encode(told)), aad=_place(column, person, of))


def opened_thing(sealed: Sealed, column: str, *, of: UUID, person: UUID, key: bytes) -> Any:
    """The same again."""
    body = unseal(key, bytes(sealed), aad=_place(column, person, of))
    return msgspec.json.decode(zstandard.ZstdDecompressor().decompress(body, max_output_size=_LARGEST))


def sealed_books(books: Mapping[date, bytes], *, person: UUID, month: date, key: bytes) -> bytes:
    """The day books of a month."""
    told = {day.isoformat(): books[day] for day in sorted(books)}
    body = zstandard.ZstdCompressor().compress(msgspec.msgpack.encode(told))
    return seal(key, body, aad=_place("books", person, month))


def opened_books(sealed: Sealed, *, person: UUID, month: date, key: bytes) -> dict[date, bytes]:
    """The same again."""
    body = unseal(key, bytes(sealed), aad=_place("books", person, month))
    plain = zstandard.ZstdDecompressor().decompress(body, max_output_size=_LARGEST_MONTH)
    told = msgspec.msgpack.decode(plain, type=dict[str, bytes])
    return {date.fromisoformat(day): book for day, book in told.items()}
