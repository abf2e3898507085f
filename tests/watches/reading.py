"""Reading an export in a test, as the upload does."""

import io
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from random import Random
from typing import NamedTuple
from zoneinfo import ZoneInfo

from datasources.wearables.collecting import Collector
from datasources.wearables.columns import NOT_TOLD, Columns, columns_of, moment_of
from datasources.wearables.formats import read
from datasources.wearables.importing import take_in
from datasources.wearables.points import Apart, DailyFigure, Device, Measure, Point, Report
from datasources.wearables.rules import DEFAULT, setting_apart
from datasources.wearables.rules.days import days_of
from datasources.wearables.troubles import Unusable
from demo.watches import days

HERE = ZoneInfo("Europe/Helsinki")
NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
# Over the night in which the clock is put forward.
DAYS = days(date(2026, 3, 26), 6)


class Taken(NamedTuple):
    """What an import came to; `states` is what is kept of each day."""

    figures: list[DailyFigure]
    report: Report
    states: dict[date, bytes]

    def total(self, measure: Measure) -> float:
        """Of all days and sources."""
        return sum(figure.value for figure in self.figures if figure.measure is measure)


def points_of(content: bytes) -> tuple[list[Point], Collector]:
    """Every point as it stands in the file."""
    collector = Collector(HERE)
    return [point for each in read(io.BytesIO(content), collector) for point in points_in(each)], collector


def points_in(columns: Columns) -> list[Point]:
    """One by one again."""
    told = zip(columns.begins, columns.ends, columns.values, columns.number, columns.offsets, strict=True)
    return [
        Point(
            (series := columns.series[number]).measure,
            moment_of(int(begin)),
            moment_of(int(end)),
            float(value),
            series.source,
            series.device,
            series.by_hand,
            None if offset == NOT_TOLD else int(offset),
        )
        for begin, end, value, number, offset in told
    ]


def taken(content: bytes, held: dict[date, bytes] | None = None, *, by_hand: bool = False) -> Taken:
    """Merged into `held`."""
    collector, before = Collector(HERE), held or {}
    found = list(take_in(read(io.BytesIO(content), collector), collector, held=before.get, at=NOW, by_hand=by_hand))
    figures = [figure for day in found for figure in day.figures]
    return Taken(figures, collector.report(), before | {day.day: day.state for day in found})


def trouble_of(content: bytes) -> str:
    """The kind by which the file is refused; empty when it is not."""
    try:
        taken(content)
    except Unusable as fault:
        return fault.trouble.value
    return ""


def point(measure: Measure, begins: str, ends: str, value: float, source: str = "Kello", **told: object) -> Point:
    """From and until as ISO 8601 with an offset."""
    device = Device.PHONE if source == "Puhelin" else Device.WATCH
    begins_at, ends_at = datetime.fromisoformat(begins), datetime.fromisoformat(ends)
    return Point(measure, begins_at, ends_at, value, source, **{"device": device, **told})  # type: ignore[arg-type]


def nothing(_day: date) -> None:
    """What was kept before of any day."""


def reckoned(*points: Point, priority: Iterable[str] = DEFAULT) -> tuple[list[DailyFigure], Report]:
    """With nothing there before."""
    collector = Collector(HERE)
    found = take_in([columns_of(points)], collector, held=nothing, at=NOW, priority=tuple(priority))
    return [figure for day in found for figure in day.figures], collector.report()


def kept(points: Sequence[Point], held: dict[date, bytes]) -> tuple[dict[date, bytes], Report]:
    """Merged into `held`: (what is kept of each day, the report)."""
    collector = Collector(HERE)
    found = take_in([columns_of(points)], collector, held=held.get, at=NOW)
    states = held | {day.day: day.state for day in found}
    return states, collector.report()


def why_apart(point: Point, *, exported_at: datetime | None, by_hand: bool) -> Apart | None:
    """Of one point; None when it counts."""
    apart = setting_apart.why_apart(columns_of([point]), at=NOW, exported_at=exported_at, by_hand=by_hand)
    return next((why for why, which in apart.items() if which.all()), None)


def day_of(point: Point) -> date:
    """Of one point, where it tells no offset in the city's time."""
    return date.fromordinal(int(days_of(columns_of([point]), HERE)[0]))


def comes_to_the_same(points: Sequence[Point], cut: int, chance: Random) -> None:
    """In another order, in two files, and a second time."""
    whole, _ = kept(points, {})
    mixed = list(points)
    chance.shuffle(mixed)
    halves, _ = kept(mixed[:cut], kept(mixed[cut:], {})[0])
    again, told = kept(points, whole)
    assert (halves, again, told.added) == (whole, whole, 0)
