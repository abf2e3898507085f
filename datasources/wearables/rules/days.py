"""The day that a point counts on."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache

import msgspec

from datasources.wearables.collecting import Collector
from datasources.wearables.points import Measure, Point

# A night's sleep, in pieces or whole, counts on the day of waking up: what ends after 18 belongs to the next day.
_TURNS = timedelta(hours=6)
# Means are not divided, and a night is one.
_DIVIDED = frozenset({Measure.STEPS, Measure.DISTANCE, Measure.ACTIVE, Measure.WORKOUT})
_FURTHEST = 14 * 60
_DAY = timedelta(days=1)
# How far midnight is at least in each hour, an hour less where the clock is turned: of most points that is enough.
_LEAST_LEFT = [timedelta(hours=22 - hour) for hour in range(24)]


def day_of(point: Point, zone: tzinfo) -> date:
    """In the point's own local time, in `zone` where it tells none: where it begins, of a night where it ends."""
    local = _local(point, zone)
    if point.measure is Measure.SLEEP:
        return (point.ends_at.astimezone(local) + _TURNS).date()
    return point.begins_at.astimezone(local).date()


def by_day(point: Point, collector: Collector) -> Iterator[tuple[date, Point]]:
    """The point with its day; a sum that crosses midnight as a point of each day, by how long it is in each.

    Only so is it seen on both days which source is believed: a watch's minutes after midnight would hide none of a
    phone's otherwise. Each part is a measurement of its own from here on: it counts as read.
    """
    begins_at, ends_at = point.begins_at, point.ends_at
    if point.measure not in _DIVIDED or ends_at is begins_at:
        yield day_of(point, collector.zone), point
        return
    local = _local(point, collector.zone)
    begin = begins_at.astimezone(local)
    if ends_at - begins_at <= _LEAST_LEFT[begin.hour]:
        yield begin.date(), point
        return
    for number, part in enumerate(_parts(point, local)):
        collector.read += number > 0
        yield part.begins_at.astimezone(local).date(), part


def _parts(point: Point, local: tzinfo) -> Iterator[Point]:
    """Cut at each midnight. Whole numbers stay whole, and the parts come to what was divided."""
    begins_at, last = point.begins_at, (point.ends_at - point.begins_at).total_seconds()
    told, is_whole = 0.0, float(point.value).is_integer()
    while (midnight := _midnight_after(begins_at, local)) < point.ends_at:
        until = point.value * ((midnight - point.begins_at).total_seconds() / last)
        until = float(round(until)) if is_whole else until
        yield msgspec.structs.replace(point, begins_at=begins_at, ends_at=midnight, value=until - told)
        begins_at, told = midnight, until
    yield msgspec.structs.replace(point, begins_at=begins_at, value=point.value - told)


def _midnight_after(moment: datetime, local: tzinfo) -> datetime:
    return datetime.combine(moment.astimezone(local).date() + _DAY, time(), local).astimezone(UTC)


def _local(point: Point, zone: tzinfo) -> tzinfo:
    # A file may tell an offset that no place on earth has: then it tells none.
    return zone if point.offset is None or abs(point.offset) > _FURTHEST else _fixed(point.offset)


@lru_cache(maxsize=256)
def _fixed(minutes: int) -> timezone:
    return timezone(timedelta(minutes=minutes))
