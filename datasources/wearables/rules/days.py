"""The day that a point counts on."""

from datetime import date, timedelta, timezone, tzinfo
from functools import lru_cache

from datasources.wearables.points import Measure, Point

# A night's sleep, in pieces or whole, counts on the day of waking up: what ends after 18 belongs to the next day.
_TURNS = timedelta(hours=6)


def day_of(point: Point, zone: tzinfo) -> date:
    """In the point's own local time, in `zone` where it tells none. What crosses midnight counts where it began."""
    local = zone if point.offset is None else _fixed(point.offset)
    if point.measure is Measure.SLEEP:
        return (point.ends_at.astimezone(local) + _TURNS).date()
    return point.begins_at.astimezone(local).date()


@lru_cache(maxsize=256)
def _fixed(minutes: int) -> timezone:
    return timezone(timedelta(minutes=minutes))
