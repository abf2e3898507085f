"""Points become daily figures, merged into what was there."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, tzinfo

import msgspec

from datasources.wearables.collecting import Collector
from datasources.wearables.points import Apart, DailyFigure, Point, Report
from datasources.wearables.rules.daybook import Daybook, DayState, Series
from datasources.wearables.rules.days import by_day
from datasources.wearables.rules.priority import DEFAULT, Priority
from datasources.wearables.rules.setting_apart import sifted

# Series, begin, seconds, value: a point without what its day's book does not ask.
Row = tuple[Series, int, int, float]


class DayMerge(msgspec.Struct, frozen=True):
    """One day after an import: its figures, and what to keep (seal it) for the next import."""

    day: date
    figures: list[DailyFigure]
    state: bytes


def row_of(point: Point) -> Row:
    """Whole seconds: no device tells a finer time of what is kept."""
    begin = int(point.begins_at.timestamp())
    last = begin if point.ends_at is point.begins_at else int(point.ends_at.timestamp())
    return (
        (point.measure.value, point.source, point.device.value, point.by_hand),
        begin,
        last - begin,
        float(point.value),
    )


def merge_day(
    day: date, rows: Iterable[Row], state: bytes | None, collector: Collector, priority: Priority = DEFAULT
) -> DayMerge:
    """The day with `rows` added to what was there; counts go to `collector`."""
    book = Daybook(DayState.from_bytes(state) if state else None)
    for row in rows:
        book.add(*row)
    figures, added, overlapping = book.figures(day, priority)
    collector.added += added
    collector.merged += book.merged
    collector.apart[Apart.OVERLAP] += overlapping
    collector.apart[Apart.DUPLICATE] += book.duplicates
    return DayMerge(day, figures, book.state().to_bytes())


def reckon(
    points: Iterable[Point],
    priority: Priority = DEFAULT,
    *,
    zone: tzinfo,
    at: datetime,
    by_hand: bool = False,
    held: Mapping[date, bytes] | Callable[[date], bytes | None] | None = None,
) -> tuple[list[DailyFigure], Report]:
    """The figures of every day that `points` touch, in memory; `importing.take_in` is the same for any size."""
    collector = Collector(zone)
    days: dict[date, list[Row]] = {}
    look = held if callable(held) else (held or {}).get
    for point in sifted(points, collector, at=at, by_hand=by_hand):
        for day, part in by_day(point, collector):
            days.setdefault(day, []).append(row_of(part))
    figures = [
        figure for day in sorted(days) for figure in merge_day(day, days[day], look(day), collector, priority).figures
    ]
    return figures, collector.report()
