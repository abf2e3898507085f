"""All that was measured on one day, each point once: what a second file is merged into, and figures are reckoned from.

A later file may hold the same points, or those of a watch where there were only a phone's. So what is kept of a day is
each source's points with their times; which of them count is reckoned anew.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import pairwise
from math import fsum

import msgspec

from datasources.wearables.points import DailyFigure, Device, Measure
from datasources.wearables.rules.covering import Span, is_covered, span_of, union
from datasources.wearables.rules.priority import DEFAULT, Priority, rank

MEANS = frozenset({Measure.HEART_RATE, Measure.RESTING_HEART_RATE})
# Of these some devices tell one sum a day.
SUMS_OF_DAYS = frozenset({Measure.STEPS, Measure.DISTANCE, Measure.ACTIVE})
_A_DAY = 20 * 3600
Series = tuple[str, str, str, bool]  # measure, source, device, by hand
# (begin, seconds, value of a mean): a sum of the same time is the same point, whatever its value.
Key = tuple[int, int, float]


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


class Daybook:
    """One day while points are added to it."""

    def __init__(self, state: DayState | None = None) -> None:
        self._series: dict[Series, dict[Key, float]] = {}
        for held in state.held if state else ():
            self._series[held.measure, held.source, held.device, held.by_hand] = dict(_unpacked(held))
        self._new: dict[Series, set[Key]] = {}
        self._before = {series: frozenset(points) for series, points in self._series.items()}
        self.merged = self.duplicates = 0

    def add(self, series: Series, begin: int, last: int, value: float) -> None:
        """A point that was there is not added. Of two sums of the same time the larger stands: it was made later."""
        key = (begin, last, value if series[0] in MEANS else 0.0)
        points = self._series.setdefault(series, {})
        before = points.get(key)
        points[key] = value if before is None else max(before, value)
        if before is None:
            self._new.setdefault(series, set()).add(key)
        elif key in self._before.get(series, ()):
            self.merged += 1
        else:
            self.duplicates += 1

    def state(self) -> DayState:
        """To be kept."""
        return DayState(1, [_packed(series, points) for series, points in sorted(self._series.items()) if points])

    def counted(self, priority: Priority = DEFAULT) -> Iterator[tuple[Series, dict[Key, float]]]:
        """Each series with the points of it that count."""
        for measure in sorted({series[0] for series in self._series}):
            ranked = self._ranked(measure, priority)
            taken: list[Span] = []
            for place, series in enumerate(ranked):
                points = self._series[series]
                if taken:
                    points = {
                        key: value
                        for key, value in points.items()
                        if not is_covered(span_of(measure, key[0], key[1]), taken)
                    }
                if place + 1 < len(ranked):
                    taken = union([*taken, *(span_of(measure, begin, last) for begin, last, _ in points)])
                yield series, points

    def _ranked(self, measure: str, priority: Priority) -> list[Series]:
        """The most believed first."""
        mine = [series for series in self._series if series[0] == measure]
        wholes = {series: _largest_of_a_day(self._series[series]) for series in mine if measure in SUMS_OF_DAYS}
        most = max(wholes.values(), default=0.0)

        def key(series: Series) -> tuple[bool, bool, tuple[bool, int, int, str], Series]:
            # A watch that was worn for one run knows less of the day than a phone that was carried all day.
            is_part = series in wholes and not wholes[series] and fsum(self._series[series].values()) * 2 < most
            return series[3], is_part, rank(series[1], series[2], priority, by_hand=series[3]), series

        return sorted(mine, key=key)

    def figures(self, day: date, priority: Priority = DEFAULT) -> tuple[list[DailyFigure], int, int]:
        """(figures, how many of the added points count, how many do not for another source has their time)."""
        figures, added = [], 0
        for series, points in self.counted(priority):
            added += len(points.keys() & self._new.get(series, set()))
            if points:
                figures.append(_figure(series, day, points.values()))
        return figures, added, sum(map(len, self._new.values())) - added


def figures_of(state: bytes, day: date, priority: Priority = DEFAULT) -> list[DailyFigure]:
    """Reckoned anew, for example after the resident chose another order of sources."""
    return Daybook(DayState.from_bytes(state)).figures(day, priority)[0]


def united(one: bytes, other: bytes) -> bytes:
    """What is kept of a day that was kept twice: every point of both, once."""
    book = Daybook(DayState.from_bytes(one))
    for held in DayState.from_bytes(other).held:
        for (begin, last, _), value in _unpacked(held):
            book.add((held.measure, held.source, held.device, held.by_hand), begin, last, value)
    return book.state().to_bytes()


def without(state: bytes, source: str, device: str) -> bytes | None:
    """What is kept of the day when one source is taken away; None when nothing is left."""
    left = [held for held in DayState.from_bytes(state).held if (held.source, held.device) != (source, device)]
    return DayState(1, left).to_bytes() if left else None


def _figure(series: Series, day: date, values: Iterable[float]) -> DailyFigure:
    measure, source, device, by_hand = series
    numbers = list(values)
    total = fsum(numbers)
    value = total / len(numbers) if measure in MEANS else total
    return DailyFigure(Measure(measure), day, value, source, Device(device), len(numbers), by_hand)


def _largest_of_a_day(points: dict[Key, float]) -> float:
    """Nought when there is no sum of a whole day."""
    return max((value for (_, last, _), value in points.items() if last >= _A_DAY), default=0.0)


def _packed(series: Series, points: dict[Key, float]) -> Held:
    rows = sorted((begin, last, value) for (begin, last, _), value in points.items())
    begins = [row[0] for row in rows]
    steps = [begins[0], *(later - earlier for earlier, later in pairwise(begins))]
    # Whole numbers take a byte or two, floats nine.
    values = [int(value) if value.is_integer() else value for _, _, value in rows]
    return Held(*series, steps, [row[1] for row in rows], values)


def _unpacked(held: Held) -> Iterator[tuple[Key, float]]:
    begin, mean = 0, held.measure in MEANS
    for step, last, value in zip(held.begins, held.lasts, held.values, strict=True):
        begin += step
        yield (begin, last, float(value) if mean else 0.0), float(value)
