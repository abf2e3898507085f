"""One day as it is kept: each source's points, from which the day is reckoned anew."""

from collections.abc import Iterator
from itertools import pairwise

import msgspec
import numpy as np

from datasources.wearables.columns import Floats, Series
from datasources.wearables.points import Device, Measure
from datasources.wearables.rules.rows import Rows


class Held(msgspec.Struct, array_like=True, frozen=True):
    """One series of one day: seconds since 1970, each after the first as the distance from the one before."""

    measure: str
    source: str
    device: str
    by_hand: bool
    begins: list[int]
    lasts: list[int]
    values: list[int | float]


class DayState(msgspec.Struct, array_like=True, frozen=True):
    """One day as it is kept. `to_bytes` gives the same bytes for the same points, in whatever order they came."""

    version: int
    held: list[Held]

    def to_bytes(self) -> bytes:
        """MessagePack, to be sealed by whoever keeps it."""
        return msgspec.msgpack.encode(self)

    @classmethod
    def from_bytes(cls, kept: bytes) -> "DayState":
        """ValueError (msgspec.ValidationError) when it is not what `to_bytes` gave."""
        return msgspec.msgpack.decode(kept, type=cls)


def state_of(rows: Rows) -> DayState:
    """Of rows that stand in the order of their series, and within each in that of time, length and value."""
    return DayState(1, list(_held(rows)))


def _held(rows: Rows) -> Iterator[Held]:
    for series, (first, until) in zip(rows.series, pairwise(bounds_of(rows)), strict=True):
        begins = rows.begins[first:until].copy()
        begins[1:] -= rows.begins[first : until - 1]
        lasts, values = rows.lasts[first:until].tolist(), _shortest(rows.values[first:until])
        yield Held(
            series.measure.value, series.source, series.device.value, series.by_hand, begins.tolist(), lasts, values
        )


def bounds_of(rows: Rows) -> list[int]:
    """Where each series begins in rows that stand in the order of their series, and where the last ends."""
    found: list[int] = np.searchsorted(rows.number, np.arange(len(rows.series) + 1)).tolist()
    return found


def _shortest(values: Floats) -> list[int | float]:
    """Whole numbers take a byte or two, floats nine."""
    told: list[int | float] = values.tolist()
    is_whole = values == np.rint(values)
    if is_whole.all():
        return list(map(int, told))
    for place in np.flatnonzero(is_whole).tolist():
        told[place] = int(told[place])
    return told


def rows_in(state: DayState) -> Rows:
    """What `state_of` was given."""
    held = state.held
    return Rows(
        [Series(Measure(each.measure), each.source, Device(each.device), each.by_hand) for each in held],
        np.repeat(np.arange(len(held)), [len(each.begins) for each in held]),
        np.array([begin for each in held for begin in np.cumsum(each.begins).tolist()], np.int64),
        np.array([last for each in held for last in each.lasts], np.int64),
        np.array([value for each in held for value in each.values], np.float64),
    )
