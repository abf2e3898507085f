"""Which points are no part of any figure, and why."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from math import isfinite

from datasources.wearables.collecting import Collector
from datasources.wearables.points import Apart, Measure, Point

# (least, most) that one point can be: beyond, a device or a file is wrong.
LIMITS = {
    Measure.STEPS: (0, 200_000),
    Measure.DISTANCE: (0, 500_000),
    Measure.ACTIVE: (0, 24 * 60),
    Measure.HEART_RATE: (20, 260),
    Measure.RESTING_HEART_RATE: (20, 180),
    Measure.SLEEP: (0, 24 * 60),
    Measure.WORKOUT: (0, 72 * 60),
}
_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
_LONGEST = timedelta(days=3)
# A clock may be a little wrong, and days turn earlier in the east.
_SLACK = timedelta(days=1)


def why_apart(point: Point, *, at: datetime, exported_at: datetime | None, by_hand: bool) -> Apart | None:
    """None when it counts. `at` is now; `by_hand`: whether what was written by hand counts."""
    least, most = LIMITS[point.measure]
    if not (isfinite(point.value) and least <= point.value <= most):
        return Apart.IMPOSSIBLE
    # By the difference: at the end of the calendar nothing can be added.
    if not _EARLIEST <= point.begins_at <= point.ends_at or point.ends_at - point.begins_at > _LONGEST:
        return Apart.IMPOSSIBLE
    if point.begins_at > at + _SLACK:
        return Apart.IMPOSSIBLE
    if exported_at is not None and point.begins_at > exported_at:
        return Apart.AFTER_EXPORT
    return Apart.BY_HAND if point.by_hand and not by_hand else None


def sifted(points: Iterable[Point], collector: Collector, *, at: datetime, by_hand: bool = False) -> Iterator[Point]:
    """Those that count; the others are counted in `collector`, all as read."""
    for point in points:
        why = why_apart(point, at=at, exported_at=collector.exported_at, by_hand=by_hand)
        if why is None:
            collector.read += 1
            yield point
        else:
            collector.refuse(why)
