"""Days, weeks and months of what was measured: pure, by the fixed calendar (weeks from Monday, ISO 8601)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from datasources.wearables.points import DailyFigure, Measure

MEANS = frozenset({Measure.HEART_RATE, Measure.RESTING_HEART_RATE})
# A night is told as a night, also of a week.
TOLD_AS_MEAN = MEANS | {Measure.SLEEP}
# Recommendation for adults: 2 h 30 min of moderate movement a week (UKK Institute, 2019; WHO guidelines, 2020).
RECOMMENDED_MINUTES = 150
_WEEK = 7

Days = Mapping[date, float]
Value = int | float | bool | str | None


def by_day(figures: Iterable[DailyFigure]) -> dict[date, float]:
    """{day: value} in the order of days. Of several sources sums add up, and means weigh as many points as they have.

    What several sources measured at the same time was set apart before: here it stands once.
    """
    held: dict[date, list[DailyFigure]] = {}
    for each in figures:
        held.setdefault(each.day, []).append(each)
    return {day: _together(held[day]) for day in sorted(held)}


def _together(figures: Sequence[DailyFigure]) -> float:
    if figures[0].measure not in MEANS:
        return sum(each.value for each in figures)
    points = sum(max(each.points, 1) for each in figures)
    return sum(each.value * max(each.points, 1) for each in figures) / points


def monday_of(day: date) -> date:
    """The Monday of its week."""
    return day - timedelta(days=day.weekday())


def whole_weeks(since: date, until: date) -> list[date]:
    """Mondays of the weeks that lie wholly within `since` and `until`, both included."""
    monday = monday_of(since + timedelta(days=_WEEK - 1))
    found = []
    while monday + timedelta(days=_WEEK - 1) <= until:
        found.append(monday)
        monday += timedelta(days=_WEEK)
    return found


def measured_in(days: Days, monday: date) -> list[float]:
    """The values of the measured days of a week."""
    wanted = (monday + timedelta(days=number) for number in range(_WEEK))
    return [days[day] for day in wanted if day in days]


def daily_columns(held: Mapping[Measure, Days], *, since: date, until: date) -> dict[str, list[Value]]:
    """{column: values}, one row a day on which anything was measured, the newest first; None where it was not."""
    days = sorted({day for values in held.values() for day in values if since <= day <= until}, reverse=True)
    columns: dict[str, list[Value]] = {"day": [day.isoformat() for day in days]}
    for measure in Measure:
        values = held.get(measure, {})
        columns[measure.value] = [rounded(values[day]) if day in values else None for day in days]
    return columns


def weekly_columns(held: Mapping[Measure, Days], *, since: date, until: date) -> dict[str, list[Value]]:
    """The same a whole week: sums, and means of what is told as a mean; `days`: on how many anything was measured."""
    mondays = [each for each in reversed(whole_weeks(since, until)) if _days_with_any(held, each)]
    columns: dict[str, list[Value]] = {
        "week": [each.isoformat() for each in mondays],
        "days": [_days_with_any(held, each) for each in mondays],
    }
    for measure in Measure:
        weeks = [measured_in(held.get(measure, {}), each) for each in mondays]
        columns[measure.value] = [_of_week(measure, values) for values in weeks]
    return columns


def recommendation_columns(held: Mapping[Measure, Days], *, since: date, until: date) -> dict[str, list[Value]]:
    """A whole week and whether movement reached the recommendation; None where, for missing days, nobody knows."""
    active = held.get(Measure.ACTIVE, {})
    mondays = [each for each in reversed(whole_weeks(since, until)) if measured_in(active, each)]
    return {
        "week": [each.isoformat() for each in mondays],
        "reaches": [reaches(measured_in(active, each)) for each in mondays],
    }


def reaches(minutes: Sequence[float]) -> bool | None:
    """Whether a week's minutes of movement, of the days that were measured, reach the recommendation."""
    if sum(minutes) >= RECOMMENDED_MINUTES:
        return True
    return False if len(minutes) == _WEEK else None


def rounded(value: float) -> int:
    """Whole steps, metres, minutes and beats: more is not known."""
    return round(value)


def _of_week(measure: Measure, values: Sequence[float]) -> Value:
    if not values:
        return None
    return rounded(sum(values) / len(values) if measure in TOLD_AS_MEAN else sum(values))


def _days_with_any(held: Mapping[Measure, Days], monday: date) -> int:
    days = (monday + timedelta(days=number) for number in range(_WEEK))
    return sum(any(day in values for values in held.values()) for day in days)
