"""Points by the thousand: an array for each thing that they tell, so that a rule is asked once of all of them.

A point of its own costs a microsecond to make and some more in each rule; an export of some gigabytes holds millions.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import DTypeLike, NDArray

from datasources.wearables.points import Device, Measure, Point

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
# Of an offset that the file did not tell, or that no place on earth has.
NOT_TOLD = -(1 << 15)
FURTHEST = 14 * 60
Whole = NDArray[np.int64]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


class Series(NamedTuple):
    """What points have in common that differ in time and value alone."""

    measure: Measure
    source: str
    device: Device
    by_hand: bool


@dataclass(frozen=True, slots=True)
class Columns:
    """As many points as each array is long; see `Point` for what they tell.

    `number` is each point's place in `series`; times are microseconds since 1970, which is as fine as `datetime` is;
    `offsets` are minutes, or NOT_TOLD.
    """

    series: Sequence[Series]
    number: NDArray[np.int32]
    begins: Whole
    ends: Whole
    values: Floats
    offsets: NDArray[np.int16]

    def __len__(self) -> int:
        return len(self.number)

    def of_each(self, told: Callable[[Series], Any], kind: DTypeLike) -> NDArray[Any]:
        """What `told` says of each point's series."""
        return np.array([told(each) for each in self.series], kind)[self.number]

    def chosen(self, which: Mask) -> "Columns":
        """Those alone, in the same order."""
        return Columns(
            self.series, self.number[which], self.begins[which], self.ends[which], self.values[which],
            self.offsets[which],
        )  # fmt: skip


def columns_of(points: Sequence[Point]) -> Columns:
    """The same points in the same order."""
    places: dict[Series, int] = {}
    number = [
        places.setdefault(Series(each.measure, each.source, each.device, each.by_hand), len(places)) for each in points
    ]
    return Columns(
        tuple(places),
        np.array(number, np.int32),
        np.array([microseconds(each.begins_at) for each in points], np.int64),
        np.array([microseconds(each.ends_at) for each in points], np.int64),
        np.array([each.value for each in points], np.float64),
        np.array([offset_kept(each.offset) for each in points], np.int16),
    )


def microseconds(moment: datetime) -> int:
    """Since 1970 of a time that knows its zone."""
    return (moment - EPOCH) // _MICROSECOND


def moment_of(since_1970: int) -> datetime:
    """The same again, in UTC."""
    return EPOCH + since_1970 * _MICROSECOND


def offset_kept(minutes: int | None) -> int:
    """As `Columns.offsets` holds it."""
    return NOT_TOLD if minutes is None or abs(minutes) > FURTHEST else minutes


NOTHING = columns_of([])
