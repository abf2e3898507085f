"""Points of days without what a day's book does not ask."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from datasources.wearables.columns import Columns, Floats, Mask, Series, Whole

_A_SECOND = 1_000_000


@dataclass(frozen=True, slots=True)
class Rows:
    """As many as each array is long: `number` is the place in `series`; `begins` since 1970 and `lasts` in seconds."""

    series: Sequence[Series]
    number: NDArray[np.int64]
    begins: Whole
    lasts: Whole
    values: Floats

    def __len__(self) -> int:
        return len(self.number)

    def chosen(self, which: Mask | Whole) -> "Rows":
        """Those alone: where a mask is true, or at these places in their order."""
        return Rows(self.series, self.number[which], self.begins[which], self.lasts[which], self.values[which])

    def occurring(self) -> list[int]:
        """Places in `series` of which there is a row."""
        found: list[int] = np.flatnonzero(np.bincount(self.number)).tolist()
        return found

    def numbered(self, number_of: Callable[[Series], int]) -> Whole:
        """Each row's series by another count; asked once for each that occurs."""
        numbers = np.zeros(len(self.series), np.int64)
        for place in self.occurring():
            numbers[place] = number_of(self.series[place])
        found: Whole = numbers[self.number]
        return found


def rows_of(points: Columns) -> Rows:
    """Whole seconds: no device tells a finer time of what is kept."""
    begins = points.begins // _A_SECOND
    return Rows(points.series, points.number.astype(np.int64), begins, points.ends // _A_SECOND - begins, points.values)


def together(parts: Iterable[Rows]) -> Rows:
    """All of them, by one list of series that is in order and holds each that occurs once."""
    found = list(parts)
    series = sorted({each.series[place] for each in found for place in each.occurring()})
    places = {each: place for place, each in enumerate(series)}
    return Rows(
        series,
        np.concatenate([each.numbered(places.__getitem__) for each in found]),
        np.concatenate([each.begins for each in found]),
        np.concatenate([each.lasts for each in found]),
        np.concatenate([each.values for each in found]),
    )
