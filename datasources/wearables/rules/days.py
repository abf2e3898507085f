"""The day that a point counts on."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta, timezone, tzinfo

import numpy as np
from numpy.typing import NDArray

from datasources.wearables.collecting import Collector
from datasources.wearables.columns import NOT_TOLD, Columns, Mask, Whole, microseconds, moment_of
from datasources.wearables.points import Measure

# A night's sleep, in pieces or whole, counts on the day of waking up: what ends after 18 belongs to the next day.
_TURNS = 6 * 3600 * 1_000_000
# Means are not divided, and a night is one.
_DIVIDED = frozenset({Measure.STEPS, Measure.DISTANCE, Measure.ACTIVE, Measure.WORKOUT})
_DAY = timedelta(days=1)
_A_MINUTE, _AN_HOUR, _A_DAY = (seconds * 1_000_000 for seconds in (60, 3600, 86400))
_DAYS_BEFORE_1970 = datetime(1970, 1, 1, tzinfo=UTC).toordinal()
# (place, begin, end, value, day) of a part of the point at that place.
_Part = tuple[int, int, int, float, int]


def days_of(points: Columns, zone: tzinfo) -> Whole:
    """Ordinals of dates in the points' own local time, in `zone` where they tell none.

    Where a point begins, of a night where it ends.
    """
    is_sleep = points.of_each(lambda series: series.measure is Measure.SLEEP, np.bool_)
    moments = np.where(is_sleep, points.ends + _TURNS, points.begins)
    distances = _distances(np.where(is_sleep, points.ends, points.begins), points.offsets, zone)
    return (moments + distances) // _A_DAY + _DAYS_BEFORE_1970


def by_day(points: Columns, collector: Collector) -> tuple[Whole, Columns]:
    """(days, points): a sum that crosses midnight is a point of each day, by how long it is in each.

    Only so is it seen on both days which source is believed: a watch's minutes after midnight would hide none of a
    phone's otherwise. Each part is a measurement of its own from here on: it counts as read, and of two that have the
    very same time, as when two sums of one source end together, the larger stands.
    """
    days = days_of(points, collector.zone)
    crosses = _may_cross_midnight(points, days, collector.zone)
    if not crosses.any():
        return days, points
    parts = [part for place in np.flatnonzero(crosses).tolist() for part in _parts(points, place, collector.zone)]
    collector.read += len(parts) - int(np.count_nonzero(crosses))
    return _with_parts(days, points, ~crosses, parts)


def _may_cross_midnight(points: Columns, days: Whole, zone: tzinfo) -> Mask:
    """Which sums do; also those before whose midnight the clock is turned, for these are to be looked at one by one."""
    is_divided = points.of_each(lambda series: series.measure in _DIVIDED, np.bool_) & (points.ends > points.begins)
    if not is_divided.any():
        return is_divided
    distances = _distances(points.begins, points.offsets, zone)
    midnights = (days + 1 - _DAYS_BEFORE_1970) * _A_DAY - distances
    crosses = points.ends > midnights
    if (points.offsets == NOT_TOLD).any():
        crosses |= _distances(midnights, points.offsets, zone) != distances
    found: Mask = is_divided & crosses
    return found


def _with_parts(days: Whole, points: Columns, stays: Mask, parts: list[_Part]) -> tuple[Whole, Columns]:
    whole = points.chosen(stays)
    places, begins, ends, values, new_days = zip(*parts, strict=True)
    at = np.array(places)
    return np.concatenate([days[stays], np.array(new_days)]), Columns(
        points.series,
        np.concatenate([whole.number, points.number[at]]),
        np.concatenate([whole.begins, np.array(begins)]),
        np.concatenate([whole.ends, np.array(ends)]),
        np.concatenate([whole.values, np.array(values)]),
        np.concatenate([whole.offsets, points.offsets[at]]),
    )


def _parts(points: Columns, place: int, zone: tzinfo) -> Iterator[_Part]:
    """Cut at each midnight. Whole numbers stay whole, and the parts come to what was divided."""
    first, last, value = int(points.begins[place]), int(points.ends[place]), float(points.values[place])
    offset = int(points.offsets[place])
    local = zone if offset == NOT_TOLD else timezone(timedelta(minutes=offset))
    begin, told = first, 0.0
    while (midnight := _midnight_after(begin, local)) < last:
        until = value * (_seconds(midnight - first) / _seconds(last - first))
        until = float(round(until)) if value.is_integer() else until
        yield place, begin, midnight, until - told, _day_at(begin, local)
        begin, told = midnight, until
    yield place, begin, last, value - told, _day_at(begin, local)


def _seconds(microseconds_long: int) -> float:
    return microseconds_long / 1_000_000


def _midnight_after(moment: int, local: tzinfo) -> int:
    day = moment_of(moment).astimezone(local).date() + _DAY
    return microseconds(datetime.combine(day, time(), local).astimezone(UTC))


def _day_at(moment: int, local: tzinfo) -> int:
    return moment_of(moment).astimezone(local).toordinal()


def _distances(moments: Whole, offsets: NDArray[np.int16], zone: tzinfo) -> Whole:
    """How far the local time of each moment is from UTC, in microseconds."""
    found = offsets.astype(np.int64) * _A_MINUTE
    untold = offsets == NOT_TOLD
    if untold.any():
        found[untold] = _in_zone(moments[untold], zone)
    return found


def _in_zone(moments: Whole, zone: tzinfo) -> Whole:
    """The same of the zone's own time: asked at each hour, and of each moment in an hour in which the clock turns."""
    hours, places = np.unique(moments // _AN_HOUR, return_inverse=True)
    first = np.array([_distance_at(hour * _AN_HOUR, zone) for hour in hours.tolist()], np.int64)
    then = np.array([_distance_at((hour + 1) * _AN_HOUR, zone) for hour in hours.tolist()], np.int64)
    found: Whole = first[places]
    for place in np.flatnonzero((first != then)[places]).tolist():
        found[place] = _distance_at(int(moments[place]), zone)
    return found


def _distance_at(moment: int, zone: tzinfo) -> int:
    return (moment_of(moment).astimezone(zone).utcoffset() or timedelta()) // timedelta(microseconds=1)
