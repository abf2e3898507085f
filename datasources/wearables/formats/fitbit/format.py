"""Fitbit's files, one a measure and month: lists of `{"dateTime", "value"}`, of nights and of exercises.

https://support.google.com/fitbit/answer/14236615. Times are MM/DD/YY in UTC, of nights and of whole days local.
"""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import PurePosixPath
from typing import Any

from datasources.wearables.collecting import Collector
from datasources.wearables.points import Apart, Device, Measure, PassedOver, Point
from datasources.wearables.reading.format import Format
from datasources.wearables.reading.forward import Forward
from datasources.wearables.reading.json_stream import begins_as_json, objects
from datasources.wearables.reading.numbers import metres, number
from datasources.wearables.reading.times import told, whole_day

Row = dict[str, Any]
_SOURCE = "Fitbit"
_MINUTE = timedelta(minutes=1)
_VALUES = re.compile(rb'"dateTime"\s*:\s*"\d\d/\d\d/\d\d \d\d:\d\d:\d\d"')
_KNOWN = re.compile(rb'"(dateOfSleep|activityTypeId|bmi)"\s*:')
_ON_FOOT = {"walk", "run", "hike", "treadmill"}


def _recognises(head: bytes) -> bool:
    return begins_as_json(head, b"[") and bool(_VALUES.search(head) or (_KNOWN.search(head) and b'"logId"' in head))


def _read(stream: Forward, collector: Collector) -> Iterator[list[Point]]:
    """What a list of values measures stands only in its name; one with another name is not understood."""
    name = re.split(r"[-.]", PurePosixPath(stream.name).name, maxsplit=1)[0]
    if passed := _PASSED.get(name):
        collector.pass_over(passed)
        return
    named = _BY_NAME.get(name)
    for _, row in objects(stream, {"item"}):
        reader = _of(row) or named
        if reader is None:
            collector.leave(stream.name)
            return
        try:
            points = reader(row, collector)
        except (KeyError, ValueError, TypeError, AttributeError, OverflowError):
            collector.refuse(Apart.UNREADABLE if row.get("dateTime") or row.get("startTime") else Apart.NO_TIME)
            continue
        yield points


def _of(row: Row) -> Callable[[Row, Collector], list[Point]] | None:
    """By what is in it, where that tells."""
    if "dateOfSleep" in row:
        return _night
    if "activityTypeId" in row or "activityName" in row:
        return _exercise
    value = row.get("value")
    if isinstance(value, dict):
        return _beats if "bpm" in value else _resting if "error" in value else None
    return None


def _moment(text: str) -> datetime:
    """MM/DD/YY HH:MM:SS in UTC."""
    return datetime(
        2000 + int(text[6:8]), int(text[0:2]), int(text[3:5]), int(text[9:11]), int(text[12:14]), int(text[15:17]),
        tzinfo=UTC,
    )  # fmt: skip


def _each_minute(measure: Measure, factor: float) -> Callable[[Row, Collector], list[Point]]:
    def read(row: Row, collector: Collector) -> list[Point]:
        begins_at, value = _moment(row["dateTime"]), float(row["value"]) * factor
        # Minutes in which nothing was done stand there too.
        return [Point(measure, begins_at, begins_at + _MINUTE, value, _SOURCE, Device.WATCH)] if value else []

    return read


def _whole_days(row: Row, collector: Collector) -> list[Point]:
    day = whole_day(_moment(row["dateTime"]).date(), collector.zone)
    value = float(row["value"])
    return [Point(Measure.ACTIVE, *day, value, _SOURCE, Device.WATCH)] if day and value else []


def _whole_days_brisk(row: Row, collector: Collector) -> list[Point]:
    # Moderate and brisk minutes of a day are two points of it, told apart by a second.
    return [
        Point(each.measure, each.begins_at, each.ends_at - timedelta(seconds=1), each.value, each.source, each.device)
        for each in _whole_days(row, collector)
    ]


def _beats(row: Row, collector: Collector) -> list[Point]:
    at = _moment(row["dateTime"])
    return [Point(Measure.HEART_RATE, at, at, float(row["value"]["bpm"]), _SOURCE, Device.WATCH)]


def _resting(row: Row, collector: Collector) -> list[Point]:
    value, day = float(row["value"]["value"]), whole_day(_moment(row["dateTime"]).date(), collector.zone)
    # A day on which none was reckoned is there with nought.
    return [Point(Measure.RESTING_HEART_RATE, *day, value, _SOURCE, Device.WATCH)] if day and value else []


def _night(row: Row, collector: Collector) -> list[Point]:
    begins, ends = told(row["startTime"], collector.zone), told(row["endTime"], collector.zone)
    if not begins or not ends:
        raise ValueError
    by_hand = row.get("logType") == "manual"
    asleep = float(row["minutesAsleep"])
    return [Point(Measure.SLEEP, begins[0], ends[0], asleep, _SOURCE, Device.WATCH, by_hand)]


def _exercise(row: Row, collector: Collector) -> list[Point]:
    begins_at = _moment(row["startTime"])
    length = timedelta(milliseconds=float(row.get("duration") or row["activeDuration"]))
    by_hand, ends_at = row.get("logType") == "manual", begins_at + length
    active = float(row.get("activeDuration") or row["duration"]) / 60_000
    points = [Point(Measure.WORKOUT, begins_at, ends_at, active, _SOURCE, Device.WATCH, by_hand)]
    # Where it was measured, the distance of each minute is in a file of its own; written by hand it is only here.
    unit = metres({"Kilometer": "km", "Mile": "mi"}.get(str(row.get("distanceUnit")), ""))
    distance = number(row.get("distance"))
    if by_hand and unit and distance and str(row.get("activityName")).lower() in _ON_FOOT:
        points.append(Point(Measure.DISTANCE, begins_at, ends_at, distance * unit, _SOURCE, Device.WATCH, by_hand))
    return points


_BY_NAME: dict[str, Callable[[Row, Collector], list[Point]]] = {
    "steps": _each_minute(Measure.STEPS, 1.0),
    "distance": _each_minute(Measure.DISTANCE, 0.01),  # centimetres
    "moderately_active_minutes": _whole_days,
    "very_active_minutes": _whole_days_brisk,
}

_PASSED = {"calories": PassedOver.ENERGY, "weight": PassedOver.WEIGHT}

FITBIT = Format("fitbit", "Fitbit", _recognises, _read)
