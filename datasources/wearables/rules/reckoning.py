"""Points become daily figures, merged into what was there."""

from datetime import date

import msgspec

from datasources.wearables.collecting import Collector
from datasources.wearables.points import Apart, DailyFigure
from datasources.wearables.rules.day_state import DayState
from datasources.wearables.rules.daybook import Daybook
from datasources.wearables.rules.priority import DEFAULT, Priority
from datasources.wearables.rules.rows import Rows


class DayMerge(msgspec.Struct, frozen=True):
    """One day after an import: its figures, and what to keep (seal it) for the next import."""

    day: date
    figures: list[DailyFigure]
    state: bytes


def merge_day(
    day: date, rows: Rows, state: bytes | None, collector: Collector, priority: Priority = DEFAULT
) -> DayMerge:
    """The day with `rows` added to what was there; counts go to `collector`."""
    book = Daybook(DayState.from_bytes(state) if state else DayState(1, []), rows)
    figures, added, overlapping = book.figures(day, priority)
    collector.added += added
    collector.merged += book.merged
    collector.apart[Apart.OVERLAP] += overlapping
    collector.apart[Apart.DUPLICATE] += book.duplicates
    return DayMerge(day, figures, book.state().to_bytes())
