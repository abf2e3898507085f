"""Points of days without what a day's book does not ask."""

from collections.abc import Iterable, Sequence
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


def rows_of(points: Columns) -> Rows:
    """Whole seconds: no device tells a finer time of what is kept."""
    begins = points.begins // _A_SECOND
    return Rows(points.series, points.number.astype(np.int64), begins, points.ends // _A_SECOND - begins, points.values)


def together(parts: Iterable[Rows]) -> Rows:
    """All of them, by one list of series that is in order and holds each that occurs once."""
    found = list(parts)
    occurring = {each.series[place] for each in found for place in np.unique(each.number).tolist()}
    series = sorted(occurring)
    places = {each: place for place, each in enumerate(series)}
    return Rows(
        series,
        np.concatenate([_numbered(each, places) for each in found]),
        np.concatenate([each.begins for each in found]),
        np.concatenate([each.lasts for each in found]),
        np.concatenate([each.values for each in found]),
    )


def _numbered(rows: Rows, places: dict[Series, int]) -> Whole:
    return np.array([places.get(each, -1) for each in rows.series], np.int64)[rows.number]
