"""An export of any size becomes days: memory stays flat, whatever the file holds."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from pathlib import Path

from datasources.wearables.collecting import Collector
from datasources.wearables.columns import Columns
from datasources.wearables.rules.days import by_day
from datasources.wearables.rules.priority import DEFAULT, Priority
from datasources.wearables.rules.reckoning import DayMerge, merge_day
from datasources.wearables.rules.rows import rows_of
from datasources.wearables.rules.setting_apart import sifted
from datasources.wearables.spill import Spill


def take_in(
    points: Iterable[Columns],
    collector: Collector,
    *,
    held: Callable[[date], bytes | None],
    at: datetime,
    priority: Priority = DEFAULT,
    by_hand: bool = False,
    folder: Path | None = None,
) -> Iterator[DayMerge]:
    """Each day that the export touches, in order, merged into what `held` gives of it.

    The first day comes when the whole export is read; `collector.report()` is whole after the last. `folder` is where
    what memory does not hold may lie sealed until then. Unusable as `formats.read` raises it, or with NO_ROOM.
    """
    with Spill(folder) as spill:
        for each in sifted(points, collector, at=at, by_hand=by_hand):
            days, parts = by_day(each, collector)
            spill.add(days, rows_of(parts))
        for number in spill.days():
            day = date.fromordinal(number)
            yield merge_day(day, spill.rows(number), held(day), collector, priority)
