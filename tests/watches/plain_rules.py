"""The rules of a day asked of one point after another: slow, short, and what those of the portal must come to.

Of one import into nothing; times are whole seconds from the day's book on.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from itertools import pairwise
from math import fsum
from typing import NamedTuple

import msgspec

from datasources.wearables.points import Apart, DailyFigure, Device, Measure, Point
from datasources.wearables.rules.priority import DEFAULT, Priority, rank

_MEANS = {Measure.HEART_RATE, Measure.RESTING_HEART_RATE}
_OF_DAYS = {Measure.STEPS, Measure.DISTANCE, Measure.ACTIVE}
_DIVIDED = _OF_DAYS | {Measure.WORKOUT}
_DAY, _TURNS = timedelta(days=1), timedelta(hours=6)
_Series = tuple[Measure, str, Device, bool]
_Key = tuple[int, int, float]
_Rank = tuple[bool, bool, tuple[bool, int, int, str], _Series]


class Reckoned(NamedTuple):
    """Figures and kept bytes by day; `apart` without what is set apart before days are looked at."""

    figures: dict[date, list[DailyFigure]]
    states: dict[date, bytes]
    added: int
    apart: Counter[Apart]


def reckon(points: Sequence[Point], zone: tzinfo, priority: Priority = DEFAULT) -> Reckoned:
    """Of points that count."""
    days: dict[date, dict[_Series, dict[_Key, float]]] = {}
    apart: Counter[Apart] = Counter()
    for point in points:
        for day, part in _by_day(point, zone):
            begin, until = int(part.begins_at.timestamp()), int(part.ends_at.timestamp())
            key = begin, until - begin, part.value if part.measure in _MEANS else 0.0
            series = part.measure, part.source, part.device, part.by_hand
            held = days.setdefault(day, {}).setdefault(series, {})
            apart[Apart.DUPLICATE] += key in held
            held[key] = max(held.get(key, 0.0), part.value)
    figures = {}
    for day in sorted(days):
        counted = list(_counted(days[day], priority))
        apart[Apart.OVERLAP] += sum(map(len, days[day].values())) - sum(len(values) for _, values in counted)
        figures[day] = [_figure(series, day, values) for series, values in counted if values]
    added = sum(each.points for day in figures.values() for each in day)
    return Reckoned(figures, {day: _state(days[day]) for day in sorted(days)}, added, +apart)


def _by_day(point: Point, zone: tzinfo) -> Iterator[tuple[date, Point]]:
    local = zone if point.offset is None else timezone(timedelta(minutes=point.offset))
    if point.measure is Measure.SLEEP:
        yield (point.ends_at.astimezone(local) + _TURNS).date(), point
        return
    begins_at, told = point.begins_at, 0.0
    long = (point.ends_at - point.begins_at).total_seconds()
    while point.measure in _DIVIDED and (midnight := _midnight_after(begins_at, local)) < point.ends_at:
        until = point.value * ((midnight - point.begins_at).total_seconds() / long)
        until = float(round(until)) if point.value.is_integer() else until
        part = msgspec.structs.replace(point, begins_at=begins_at, ends_at=midnight, value=until - told)
        yield begins_at.astimezone(local).date(), part
        begins_at, told = midnight, until
    part = msgspec.structs.replace(point, begins_at=begins_at, value=point.value - told)
    yield begins_at.astimezone(local).date(), part


def _midnight_after(moment: datetime, local: tzinfo) -> datetime:
    return datetime.combine(moment.astimezone(local).date() + _DAY, time(), local).astimezone(UTC)


def _counted(day: dict[_Series, dict[_Key, float]], priority: Priority) -> Iterator[tuple[_Series, list[float]]]:
    for measure in sorted({series[0] for series in day}):
        mine = {series: held for series, held in day.items() if series[0] is measure}
        taken: set[int] = set()
        for series in sorted(mine, key=lambda series: _rank(series, mine, priority)):
            values = []
            mine_now: set[int] = set()
            for (begin, last, _), value in mine[series].items():
                span = _span(measure, begin, last)
                both = len(taken.intersection(span))
                if both * 2 < len(span) and not (both and len(span) > 3600):
                    values.append(value)
                    mine_now.update(span)
            taken |= mine_now
            yield series, values


def _span(measure: Measure, begin: int, last: int) -> range:
    if measure is Measure.RESTING_HEART_RATE:
        return range(1)
    if measure is Measure.HEART_RATE and last < 60:
        return range(begin - begin % 60, begin - begin % 60 + 60)
    return range(begin, begin + max(last, 1))


def _rank(series: _Series, mine: dict[_Series, dict[_Key, float]], priority: Priority) -> _Rank:
    measure, source, device, by_hand = series
    largest = {
        each: max((value for (_, last, _), value in held.items() if last >= 20 * 3600), default=0.0)
        for each, held in mine.items()
    }
    is_part = measure in _OF_DAYS and not largest[series] and fsum(mine[series].values()) * 2 < max(largest.values())
    return by_hand, is_part, rank(source, device, priority, by_hand=by_hand), series


def _figure(series: _Series, day: date, values: list[float]) -> DailyFigure:
    measure, source, device, by_hand = series
    value = fsum(values) / len(values) if measure in _MEANS else fsum(values)
    return DailyFigure(measure, day, value, source, device, len(values), by_hand)


def _state(day: dict[_Series, dict[_Key, float]]) -> bytes:
    """As it has been kept since the first version."""
    held = []
    for (measure, source, device, by_hand), points in sorted(day.items()):
        rows = sorted((begin, last, value) for (begin, last, _), value in points.items())
        begins = [0, *(begin for begin, _, _ in rows)]
        steps = [later - earlier for earlier, later in pairwise(begins)]
        values = [int(value) if value.is_integer() else value for _, _, value in rows]
        held.append([measure.value, source, device.value, by_hand, steps, [last for _, last, _ in rows], values])
    return msgspec.msgpack.encode([1, held])
