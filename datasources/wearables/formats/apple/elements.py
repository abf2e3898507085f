"""Elements of an export, hundreds at a time, become points."""

from collections.abc import Callable

import numpy as np

from datasources.wearables.collecting import Collector
from datasources.wearables.columns import NOTHING, Columns, Series
from datasources.wearables.formats.apple.kinds import KINDS, LASTING
from datasources.wearables.formats.apple.sources import named
from datasources.wearables.points import Apart
from datasources.wearables.reading.moments import moments
from datasources.wearables.reading.numbers import numbers

# What is the same of thousands of elements, as it is written: kind, unit, source, device.
_Key = tuple[str, str, str, str]
# Bytes or so: a name may be as long as a tag.
_MOST_KNOWN, _AT_LEAST = 1 << 20, 200
_A_MINUTE = 60_000_000
_NO_SUCH_UNIT = float("nan")


class Elements:
    """What waits to become points: of each only what is asked for, so that what lxml made is free again at once."""

    def __init__(self, collector: Collector) -> None:
        self._collector = collector
        self._number: list[int] = []
        self._begins: list[str] = []
        self._ends: list[str] = []
        self._values: list[str] = []
        self._forget()

    def _forget(self) -> None:
        self._known: dict[_Key, int] = {}
        self._size = 0
        self._series: list[Series] = []
        self._factors: list[float] = []

    def add(self, kind: str, get: Callable[[str, str], str]) -> None:
        """One whose attributes `get` gives, of a kind that KINDS names."""
        key = (kind, get("unit", ""), get("sourceName", ""), get("device", ""))
        number = self._known.get(key)
        self._number.append(self._met(key) if number is None else number)
        self._begins.append(get("startDate", ""))
        self._ends.append(get("endDate", ""))
        self._values.append(get("value", ""))

    def _met(self, key: _Key) -> int:
        """The number of what was not met before."""
        kind, unit, source, device = key
        measure, units = KINDS[kind]
        self._size += len(unit) + len(source) + len(device)
        self._known[key] = len(self._series)
        return self._numbered(Series(measure, *named(source, device), by_hand=False), units.get(unit, _NO_SUCH_UNIT))

    def _numbered(self, series: Series, factor: float) -> int:
        self._size += _AT_LEAST
        self._series.append(series)
        self._factors.append(factor)
        return len(self._series) - 1

    def mark_last(self) -> None:
        """Somebody wrote the last one in by hand."""
        number = self._number[-1]
        measure, source, device, _ = self._series[number]
        self._number[-1] = self._numbered(Series(measure, source, device, by_hand=True), self._factors[number])

    def points(self, *, but_last: bool) -> Columns:
        """A point of each that can be read, in their order; those wait no more. The last may be left to wait."""
        count = len(self._number) - but_last
        if count <= 0:
            return NOTHING
        # Beginnings and ends in one go.
        since_1970, offsets, is_told = moments(self._begins[:count] + self._ends[:count])
        begins, ends = np.split(since_1970, 2)
        values, is_number = numbers(self._values[:count])
        number = np.array(self._number[:count], np.int32)
        factors = np.array(self._factors)[number]
        # More than there are numbers for is no number, and set apart as such.
        with np.errstate(over="ignore"):
            values = np.where(factors == LASTING, (ends - begins) / _A_MINUTE, values * factors)
        found = Columns(tuple(self._series), number, begins, ends, values, offsets[:count])
        is_read = np.logical_and(*np.split(is_told, 2)) & is_number & ~np.isnan(factors)
        for place in np.flatnonzero(~is_read).tolist():
            self._collector.refuse(Apart.UNREADABLE if self._begins[place] and self._ends[place] else Apart.NO_TIME)
        self._leave(count)
        return found if is_read.all() else found.chosen(is_read)

    def _leave(self, count: int) -> None:
        for each in (self._number, self._begins, self._ends, self._values):
            del each[:count]
        if self._size > _MOST_KNOWN:
            left = [(self._series[number], self._factors[number]) for number in self._number]
            self._forget()
            self._number = [self._numbered(*each) for each in left]
