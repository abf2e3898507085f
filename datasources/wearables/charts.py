"""Where the marks of a chart stand: pure numbers, in the units of its picture. Gaps stay gaps; bars stand on zero."""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from math import ceil, floor, log10
from statistics import fmean

from datasources.wearables.days import MEANS, Days
from datasources.wearables.points import Measure

# Narrow enough for a phone to show it whole with letters that can be read.
WIDTH, HEIGHT = 400, 240
# Where the axis of values runs and the picture ends; the highest value, and the axis of days.
LEFT, RIGHT = 50, WIDTH - 10
_TOP, GROUND = 26, HEIGHT - 32
_MOST_TICKS = 5
_WEEK, MONTHS = 7, 12


class Span(StrEnum):
    """How long a period a chart shows."""

    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True)
class Period:
    """`first` and `last` day, both included."""

    span: Span
    first: date
    last: date

    @property
    def before(self) -> "Period":
        """The one of the same length before it."""
        return period_of(self.span, self.first - timedelta(days=1))

    @property
    def after(self) -> "Period":
        """The one that follows."""
        days = _WEEK if self.span is Span.WEEK else 1
        return period_of(self.span, self.last + timedelta(days=days))

    @property
    def days(self) -> int:
        """How many."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True)
class Mark:
    """One day, or one month of a year: `value` is None where nothing was measured, of a month the mean of its days."""

    day: date
    value: float | None
    measured: int = 1


@dataclass(frozen=True)
class Placed:
    """A mark in the picture; `top` is None where there is a gap. `left` is its left edge, `middle` its middle."""

    mark: Mark
    left: float
    middle: float
    width: float
    top: float | None


@dataclass(frozen=True)
class Chart:
    """`bars`, or points joined where no gap is; `ticks` are (height, value) of the axis, `mean` a height too."""

    bars: bool
    placed: tuple[Placed, ...]
    ticks: tuple[tuple[float, float], ...]
    mean: float | None


@dataclass(frozen=True)
class Scale:
    """Places in the picture: of values between the first and the last of `axis`, and across its `slots`."""

    axis: Sequence[float]
    slots: int

    def height(self, value: float) -> float:
        """Of a value; the highest stands at the top."""
        low, high = self.axis[0], self.axis[-1]
        return round(_TOP + (high - value) / (high - low) * (GROUND - _TOP), 1)

    def width(self, share: float) -> float:
        """Of a share of one slot."""
        return round((RIGHT - LEFT) / max(self.slots, 1) * share, 1)

    def across(self, slot: float) -> float:
        """Of a slot, or of a place within one, such as 2.5 for the middle of the third."""
        return round(LEFT + (RIGHT - LEFT) / max(self.slots, 1) * slot, 1)

    @property
    def ticks(self) -> tuple[tuple[float, float], ...]:
        """(height, value) of the axis."""
        return tuple((self.height(value), value) for value in self.axis)


def period_of(span: Span, until: date) -> Period:
    """The seven days until a day, or the calendar's month or year that it lies in."""
    if span is Span.WEEK:
        return Period(span, until - timedelta(days=_WEEK - 1), until)
    if span is Span.MONTH:
        last = calendar.monthrange(until.year, until.month)[1]
        return Period(span, until.replace(day=1), until.replace(day=last))
    return Period(span, date(until.year, 1, 1), date(until.year, 12, 31))


def measured_within(days: Days, period: Period) -> list[float]:
    """The values of a period's measured days."""
    return [value for day, value in days.items() if period.first <= day <= period.last]


def marks_of(days: Days, period: Period) -> list[Mark]:
    """One a day, or one a month of a year."""
    if period.span is not Span.YEAR:
        every = (period.first + timedelta(days=number) for number in range(period.days))
        return [Mark(day, days.get(day)) for day in every]
    marks = []
    for month in range(1, MONTHS + 1):
        values = measured_within(days, period_of(Span.MONTH, date(period.first.year, month, 1)))
        marks.append(Mark(date(period.first.year, month, 1), fmean(values) if values else None, len(values)))
    return marks


def chart_of(measure: Measure, marks: Sequence[Mark], *, unit: float = 1.0) -> Chart:
    """The marks in their places. `unit`: what one step of the axis counts, 60 for minutes told as hours."""
    values = [mark.value / unit for mark in marks if mark.value is not None]
    bars = measure not in MEANS
    low = 0.0 if bars else min(values, default=0.0)
    scale = Scale(round_values(low, max(values, default=1.0)), len(marks))
    placed = tuple(
        Placed(
            mark,
            left=scale.across(number + 0.15),
            middle=scale.across(number + 0.5),
            width=scale.width(0.7),
            top=None if mark.value is None else scale.height(mark.value / unit),
        )
        for number, mark in enumerate(marks)
    )
    return Chart(bars, placed, scale.ticks, mean=scale.height(fmean(values)) if values else None)


def round_values(low: float, high: float) -> list[float]:
    """At most six round values around all that is shown; the first is zero where bars stand on it."""
    high = high if high > low else low + 1
    rough = (high - low) / (_MOST_TICKS - 1)
    size = 10.0 ** floor(log10(rough))
    step = next(size * times for times in (1, 2, 5, 10) if size * times >= rough)
    first, last = floor(low / step), ceil(high / step)
    return [round(step * number, 6) for number in range(first, last + 1)]
