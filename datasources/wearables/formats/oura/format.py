"""Oura's JSON, of the account's export and of the interface: https://cloud.ouraring.com/v2/docs.

Lists by kind (`sleep`, `activity`, `daily_activity`, `workout`, `heartrate`), or one list `data` of any of them.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

from datasources.wearables.collecting import Collector
from datasources.wearables.points import Apart, Device, Measure, PassedOver, Point
from datasources.wearables.reading.format import Format
from datasources.wearables.reading.forward import Forward
from datasources.wearables.reading.json_stream import begins_as_json, objects
from datasources.wearables.reading.numbers import number
from datasources.wearables.reading.times import day_told, told, whole_day

Row = dict[str, Any]
_SOURCE = "Oura"
_KNOWN = re.compile(
    rb'"(bedtime_start|summary_date|equivalent_walking_distance|daily_activity|daily_readiness|ring_configuration|'
    rb'medium_activity_time|class_5_min)"\s*:'
)
_WORKOUTS = re.compile(rb'"start_datetime"\s*:')
_PATHS = {
    f"{kind}.item" for kind in ("data", "sleep", "activity", "daily_activity", "workout", "workouts", "heartrate")
}
# Five-minute series: long, and the figures of the whole are there.
_BUT = {"met", "met_1min", "class_5min", "class_5_min", "hr_5min", "rmssd_5min", "hypnogram_5min", "heart_rate", "hrv",
        "movement_30_sec", "sleep_phase_5_min"}  # fmt: skip


def _recognises(head: bytes) -> bool:
    return begins_as_json(head, b"{") and bool(_KNOWN.search(head) or _WORKOUTS.search(head))


def _read(stream: Forward, collector: Collector) -> Iterator[list[Point]]:
    for path, row in objects(stream, _PATHS, but=_BUT):
        try:
            points = _reader(path, row)(row, collector)
        except (KeyError, ValueError, TypeError, AttributeError, OverflowError):
            times = ("bedtime_start", "day", "summary_date", "start_datetime", "timestamp")
            collector.refuse(Apart.UNREADABLE if any(row.get(name) for name in times) else Apart.NO_TIME)
            continue
        yield points


def _reader(path: str, row: Row) -> Callable[[Row, Collector], list[Point]]:
    if "bedtime_start" in row:
        return _night
    if "start_datetime" in row:
        return _workout
    if "bpm" in row:
        return _beats
    return _day if "steps" in row or "activity" in path else _nothing


def _nothing(row: Row, collector: Collector) -> list[Point]:
    """Of what there is no measure for here."""
    return []


def _moments(begin: object, end: object, collector: Collector) -> tuple[Any, Any, int | None]:
    begins, ends = told(begin, collector.zone), told(end, collector.zone)
    if not begins or not ends:
        raise ValueError
    return begins[0], ends[0], begins[1]


def _night(row: Row, collector: Collector) -> list[Point]:
    begins_at, ends_at, offset = _moments(row["bedtime_start"], row["bedtime_end"], collector)
    # Seconds; the older export calls it otherwise.
    asleep = float(row["total_sleep_duration"] if "total_sleep_duration" in row else row["total"]) / 60
    points = [Point(Measure.SLEEP, begins_at, ends_at, asleep, _SOURCE, Device.OTHER, offset=offset)]
    lowest = number(row.get("lowest_heart_rate") or row.get("hr_lowest"))
    if lowest:
        points.append(Point(Measure.RESTING_HEART_RATE, ends_at, ends_at, lowest, _SOURCE, Device.OTHER, offset=offset))
    return points


def _workout(row: Row, collector: Collector) -> list[Point]:
    begins_at, ends_at, offset = _moments(row["start_datetime"], row["end_datetime"], collector)
    length = (ends_at - begins_at).total_seconds() / 60
    by_hand = row.get("source") == "manual"
    return [Point(Measure.WORKOUT, begins_at, ends_at, length, _SOURCE, Device.OTHER, by_hand, offset)]


def _beats(row: Row, collector: Collector) -> list[Point]:
    at, _, offset = _moments(row["timestamp"], row["timestamp"], collector)
    return [Point(Measure.HEART_RATE, at, at, float(row["bpm"]), _SOURCE, Device.OTHER, offset=offset)]


def _day(row: Row, collector: Collector) -> list[Point]:
    if "active_calories" in row or "cal_active" in row:
        collector.pass_over(PassedOver.ENERGY)
    told_day = day_told(row.get("day") or row["summary_date"])
    day = whole_day(told_day, collector.zone) if told_day else None
    if day is None:
        raise ValueError
    seconds = [number(row.get(name)) for name in ("medium_activity_time", "high_activity_time")]
    # The older export tells minutes.
    minutes = [number(row.get(name)) for name in ("medium", "high")]
    walked = row.get("equivalent_walking_distance", row.get("daily_movement"))
    found = {
        Measure.STEPS: number(row.get("steps")) or 0,
        Measure.DISTANCE: number(walked) or 0,
        Measure.ACTIVE: sum(each or 0 for each in seconds) / 60 or sum(each or 0 for each in minutes),
    }
    return [Point(measure, *day, value, _SOURCE, Device.OTHER) for measure, value in found.items() if value]


OURA = Format("oura", "Oura", _recognises, _read)
