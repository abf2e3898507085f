"""Samsung Health's "Download personal data": the first line of each file tells its kind, the second names columns.

https://developer.samsung.com/health/data. Times are in UTC, with the distance to local time beside them.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from datasources.wearables.collecting import Collector
from datasources.wearables.formats.samsung.locations import is_of_places, read_places
from datasources.wearables.points import Apart, Device, Measure, PassedOver, Point
from datasources.wearables.reading.csv_rows import rows
from datasources.wearables.reading.format import Format
from datasources.wearables.reading.forward import Forward
from datasources.wearables.reading.times import MILLISECONDS, offset_of, since_1970, whole_day

Row = dict[str, str]
_SOURCE = "Samsung Health"
_MARK = b"\xef\xbb\xbf"
_SIGN = b"com.samsung."
_MS_A_MINUTE = 60_000


def _recognises(head: bytes) -> bool:
    return head.removeprefix(_MARK).startswith(_SIGN) or is_of_places(head)


def _read(stream: Forward, collector: Collector) -> Iterator[list[Point]]:
    if is_of_places(stream.head):
        yield from read_places(stream, collector, _SOURCE)
        return
    lines = rows(stream)
    first = next(lines, [""])
    reader = _READERS.get(_kind(first[0]))
    if reader is None:
        # Food, weather, badges: there is no measure for them here.
        collector.pass_over(_passed(_kind(first[0])))
        return
    # Names carry the name of their kind before them, or not.
    header = [name.rpartition(".")[2] for name in next(lines, [])]
    for line in lines:
        if not line:
            continue
        row = dict(zip(header, line, strict=False))
        try:
            points = reader(row, collector)
        except (KeyError, ValueError, TypeError, OverflowError):
            has_time = row.get("start_time") or row.get("day_time")
            collector.refuse(Apart.UNREADABLE if has_time else Apart.NO_TIME)
            continue
        yield points


def _passed(kind: str) -> PassedOver:
    if kind.startswith(("weight", "body_composition")):
        return PassedOver.WEIGHT
    return PassedOver.ENERGY if kind.startswith("calories_burned") else PassedOver.OTHER


def _kind(name: str) -> str:
    return name.strip().removeprefix("com.samsung.").removeprefix("shealth.").removeprefix("health.")


def _moment(text: str) -> datetime:
    """Text in UTC, or milliseconds since 1970; ValueError."""
    if text.isdecimal():
        moment = since_1970(text, unit=MILLISECONDS)
        if moment is None:
            raise ValueError
        return moment
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _day(row: Row, collector: Collector) -> list[Point]:
    """The day is told by its midnight in UTC, wherever it was."""
    day = whole_day(_moment(row["day_time"]).date(), collector.zone)
    if day is None:
        raise ValueError
    found = {
        Measure.STEPS: float(row.get("step_count") or row.get("count") or 0),
        Measure.DISTANCE: float(row.get("distance") or 0),
        Measure.ACTIVE: float(row.get("active_time") or 0) / _MS_A_MINUTE,
    }
    return [Point(measure, *day, value, _SOURCE, Device.OTHER) for measure, value in found.items() if value]


def _span(row: Row) -> tuple[datetime, datetime, int | None]:
    begins_at = _moment(row["start_time"])
    ends_at = _moment(row["end_time"]) if row.get("end_time") else begins_at
    return begins_at, ends_at, offset_of(row.get("time_offset", ""))


def _beats(row: Row, collector: Collector) -> list[Point]:
    begins_at, ends_at, offset = _span(row)
    value = float(row["heart_rate"])
    return [Point(Measure.HEART_RATE, begins_at, ends_at, value, _SOURCE, Device.OTHER, offset=offset)]


def _night(row: Row, collector: Collector) -> list[Point]:
    begins_at, ends_at, offset = _span(row)
    asleep = float(row.get("sleep_duration") or (ends_at - begins_at) / timedelta(minutes=1))
    return [Point(Measure.SLEEP, begins_at, ends_at, asleep, _SOURCE, Device.OTHER, offset=offset)]


def _exercise(row: Row, collector: Collector) -> list[Point]:
    begins_at, ends_at, offset = _span(row)
    length = float(row["duration"])
    if ends_at == begins_at:
        ends_at = begins_at + timedelta(milliseconds=length)
    return [Point(Measure.WORKOUT, begins_at, ends_at, length / _MS_A_MINUTE, _SOURCE, Device.OTHER, offset=offset)]


_READERS: dict[str, Callable[[Row, Collector], list[Point]]] = {
    "tracker.pedometer_day_summary": _day,
    "step_daily_trend": _day,
    "activity.day_summary": _day,
    "tracker.heart_rate": _beats,
    "heart_rate": _beats,
    "sleep": _night,
    "exercise": _exercise,
}

SAMSUNG = Format("samsung", "Samsung Health", _recognises, _read)
