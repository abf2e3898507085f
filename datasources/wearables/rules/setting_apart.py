"""Which points are no part of any figure, and why."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

import numpy as np

from datasources.wearables.collecting import Collector
from datasources.wearables.columns import Columns, Mask, microseconds
from datasources.wearables.points import Apart, Measure

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
_EARLIEST = microseconds(datetime(2000, 1, 1, tzinfo=UTC))
_LONGEST = timedelta(days=3) // timedelta(microseconds=1)
# A clock may be a little wrong, and days turn earlier in the east.
_SLACK = timedelta(days=1)


def why_apart(points: Columns, *, at: datetime, exported_at: datetime | None, by_hand: bool) -> dict[Apart, Mask]:
    """Which are set apart for what, none of them twice. `at` is now; `by_hand`: what was written by hand counts."""
    apart = {Apart.IMPOSSIBLE: ~_can_be(points) | (points.begins > microseconds(at + _SLACK))}
    taken = apart[Apart.IMPOSSIBLE]
    if exported_at is not None:
        apart[Apart.AFTER_EXPORT] = ~taken & (points.begins > microseconds(exported_at))
        taken = taken | apart[Apart.AFTER_EXPORT]
    if not by_hand:
        apart[Apart.BY_HAND] = ~taken & points.of_each(lambda series: series.by_hand, np.bool_)
    return apart


def _can_be(points: Columns) -> Mask:
    """What is no number is neither less nor more than anything."""
    least = points.of_each(lambda series: LIMITS[series.measure][0], np.float64)
    most = points.of_each(lambda series: LIMITS[series.measure][1], np.float64)
    is_a_value = (least <= points.values) & (points.values <= most)
    is_in_order = (points.begins >= _EARLIEST) & (points.begins <= points.ends)
    found: Mask = is_a_value & is_in_order & (points.ends - points.begins <= _LONGEST)
    return found


def sifted(
    points: Iterable[Columns], collector: Collector, *, at: datetime, by_hand: bool = False
) -> Iterator[Columns]:
    """Those that count; the others are counted in `collector`, all as read."""
    for each in points:
        stays = np.ones(len(each), np.bool_)
        for why, which in why_apart(each, at=at, exported_at=collector.exported_at, by_hand=by_hand).items():
            collector.refuse(why, count=int(np.count_nonzero(which)))
            stays &= ~which
        collector.read += int(np.count_nonzero(stays))
        yield each if stays.all() else each.chosen(stays)
