"""The published sums of steps, as they stand: nothing is reckoned when somebody asks, and nobody's row is touched."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import Max, Min

from datasources.wearables.days import monday_of
from datasources.wearables.models import WalkingSum

# A week is counted when the one after it is over: by then most have brought theirs.
COUNTED_AFTER = timedelta(days=14)
# A row as pages have it, who name no table.
Walks = WalkingSum


def last_counted(today: date) -> date:
    """The Monday of the latest week that is counted."""
    return monday_of(today) - COUNTED_AFTER


def published_weeks() -> tuple[date, date] | None:
    """(the first week with sums, the last); None before there is any."""
    found = WalkingSum.objects.aggregate(first=Min("week"), last=Max("week"))
    return (found["first"], found["last"]) if found["first"] else None


def walks_in(week: date) -> list[Walks]:
    """The whole city first, then each area; empty where fewer than twenty people were there."""
    return list(WalkingSum.objects.filter(week=week).order_by("area"))


def every_walk() -> Iterator[tuple[date, str, int, int]]:
    """(week, area, people at least, steps) of all there is, in order; a few thousand a year at the most."""
    yield from WalkingSum.objects.order_by("week", "area").values_list("week", "area", "people", "steps").iterator()
