"""All that was measured on one day, each point once: what a second file is merged into, and figures are reckoned from.

A later file may hold the same points, or those of a watch where there were only a phone's. So what is kept of a day is
each source's points with their times; which of them count is reckoned anew.
"""

from datetime import date
from itertools import groupby, pairwise, starmap
from math import fsum

import numpy as np

from datasources.wearables.columns import Floats, Mask, Series, Whole
from datasources.wearables.points import DailyFigure, Measure
from datasources.wearables.rules.covering import Spans, covered, spans_of, union
from datasources.wearables.rules.day_state import DayState, bounds_of, rows_in, state_of
from datasources.wearables.rules.priority import DEFAULT, Priority, rank
from datasources.wearables.rules.rows import Rows, together

MEANS = frozenset({Measure.HEART_RATE, Measure.RESTING_HEART_RATE})
# Of these some devices tell one sum a day.
SUMS_OF_DAYS = frozenset({Measure.STEPS, Measure.DISTANCE, Measure.ACTIVE})
_A_DAY = 20 * 3600


class Daybook:
    """The points of one day, of what was kept of it and of what `came`, each once.

    `merged` of those that came were there before, `duplicates` came more than once.
    """

    def __init__(self, state: DayState, came: Rows | None = None) -> None:
        held = rows_in(state)
        rows = together([held] if came is None else [held, came])
        is_new = np.arange(len(rows)) >= len(held)
        order = np.lexsort((rows.values, rows.lasts, rows.begins, rows.number))
        rows, is_new = rows.chosen(order), is_new[order]
        # Where each point begins, and how many rows are that same point.
        places = np.flatnonzero(_firsts(rows))
        many = np.diff(places, append=len(rows))
        came_of_each = np.add.reduceat(is_new, places, dtype=np.int64) if len(places) else many
        was_there = came_of_each < many
        self.merged = int(came_of_each[was_there].sum())
        self.duplicates = int((came_of_each - 1)[~was_there].sum())
        # Of two sums of the same time the larger stands, which is the last: it was made later.
        self._rows, self._is_new = rows.chosen(places + many - 1), ~was_there
        self._parts = list(starmap(slice, pairwise(bounds_of(self._rows))))

    def state(self) -> DayState:
        """To be kept."""
        return state_of(self._rows)

    def figures(self, day: date, priority: Priority = DEFAULT) -> tuple[list[DailyFigure], int, int]:
        """(figures, how many of the added points count, how many do not for another source has their time)."""
        counts = np.ones(len(self._rows), np.bool_)
        figures = []
        for measure, group in groupby(range(len(self._parts)), lambda place: self._rows.series[place].measure):
            ranked = self._ranked(measure, list(group), priority)
            self._leave_out(measure, ranked, counts)
            figures += [self._figure(place, day, counts) for place in ranked if counts[self._parts[place]].any()]
        added = int(np.count_nonzero(counts & self._is_new))
        return figures, added, int(np.count_nonzero(self._is_new)) - added

    def _leave_out(self, measure: Measure, ranked: list[int], counts: Mask) -> None:
        """Of each series, the most believed first, what those before it have."""
        taken: list[Spans] = []
        for place in ranked if len(ranked) > 1 else ():
            part = self._parts[place]
            spans = spans_of(measure, self._rows.begins[part], self._rows.lasts[part])
            if taken:
                counts[part] = ~covered(spans, taken[0])
            counting = counts[part]
            if counting.any():
                taken = [union([*taken, Spans(spans.begins[counting], spans.ends[counting])])]

    def _ranked(self, measure: Measure, places: list[int], priority: Priority) -> list[int]:
        """The most believed first."""
        wholes = {place: self._largest_of_a_day(place) for place in places if measure in SUMS_OF_DAYS}
        most = max(wholes.values(), default=0.0)

        def key(place: int) -> tuple[bool, bool, tuple[bool, int, int, str], Series]:
            series = self._rows.series[place]
            # A watch that was worn for one run knows less of the day than a phone that was carried all day.
            is_part = most > 0 and not wholes[place] and _total(self._rows.values[self._parts[place]]) * 2 < most
            return series.by_hand, is_part, rank(series.source, series.device, priority, by_hand=series.by_hand), series

        return sorted(places, key=key)

    def _largest_of_a_day(self, place: int) -> float:
        """Nought when there is no sum of a whole day."""
        part = self._parts[place]
        return float(self._rows.values[part].max(where=self._rows.lasts[part] >= _A_DAY, initial=0.0))

    def _figure(self, place: int, day: date, counts: Mask) -> DailyFigure:
        series, part = self._rows.series[place], self._parts[place]
        values = self._rows.values[part][counts[part]]
        total = _total(values)
        value = total / len(values) if series.measure in MEANS else total
        return DailyFigure(series.measure, day, value, series.source, series.device, len(values), series.by_hand)


def figures_of(state: bytes, day: date, priority: Priority = DEFAULT) -> list[DailyFigure]:
    """Reckoned anew, for example after the resident chose another order of sources."""
    return Daybook(DayState.from_bytes(state)).figures(day, priority)[0]


def united(one: bytes, other: bytes) -> bytes:
    """What is kept of a day that was kept twice: every point of both, once."""
    return Daybook(DayState.from_bytes(one), rows_in(DayState.from_bytes(other))).state().to_bytes()


def without(state: bytes, source: str, device: str) -> bytes | None:
    """What is kept of the day when one source is taken away; None when nothing is left."""
    left = [held for held in DayState.from_bytes(state).held if (held.source, held.device) != (source, device)]
    return DayState(1, left).to_bytes() if left else None


def _firsts(rows: Rows) -> Mask:
    """Which rows are not the same point as the one before them: a sum of the same time is, whatever its value."""
    is_mean = np.array([series.measure in MEANS for series in rows.series], np.bool_)[rows.number]
    found = np.ones(len(rows), np.bool_)
    found[1:] = _differs(rows.number) | _differs(rows.begins) | _differs(rows.lasts)
    found[1:] |= is_mean[1:] & _differs(rows.values)
    return found


def _differs(column: Whole | Floats) -> Mask:
    """From the one before."""
    found: Mask = column[1:] != column[:-1]
    return found


def _total(values: Floats) -> float:
    """Rounded once, whatever the order."""
    return fsum(values.tolist())
