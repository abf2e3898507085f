"""Polar Flow's JSON files, one a training, a day of activity or of many nights, and AccessLink's answers.

https://www.polar.com/accesslink-api/. Local times, with the distance from UTC beside them where it is known.
"""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from datasources.wearables.collecting import Collector
from datasources.wearables.points import Apart, Device, Measure, PassedOver, Point
from datasources.wearables.reading.format import Format
from datasources.wearables.reading.forward import Forward
from datasources.wearables.reading.json_stream import objects
from datasources.wearables.reading.numbers import number
from datasources.wearables.reading.times import at_offset, day_told, duration, told, whole_day

Row = dict[str, Any]
_SOURCE = "Polar"
_BEATS = "deviceDays.item"
# Minutes of each of these are movement, in a run or now and then; Polar itself writes `CONTINUOS`.
_ACTIVE = re.compile(r"(CONTINUOU?S|INTERMITTENT)_(MODERATE|VIGOROUS)")
_MARK = b"\xef\xbb\xbf"
_KNOWN = re.compile(
    rb'"(exportVersion|start[-_]time[-_]utc[-_]offset|polar[-_]user|active[-_]steps|sleep_start_time|asleepDuration|'
    rb'sleepResult|distance_from_steps|deviceDays)"\s*:'
)
_BUT = {"samples", "recordedRoute", "route", "laps", "autoLaps", "zones", "heart-rate-zones", "physicalInformations",
        "sleepWakeStates", "hypnogram_samples", "heart_rate_samples", "heartRateZones"}  # fmt: skip


# Where a route is wanted its places are read, and nothing else that was measured each second.
_BUT_ROUTE = (_BUT - {"samples", "recordedRoute"}) | {
    "heartRate", "altitude", "distance", "speed", "cadence", "temperature", "power", "leftPedalCrankBasedPower",
    "rightPedalCrankBasedPower", "forwardAcceleration", "rrs", "rr",
}  # fmt: skip


def _recognises(head: bytes) -> bool:
    return head.removeprefix(_MARK).lstrip()[:1] in (b"[", b"{") and bool(_KNOWN.search(head))


def _read(stream: Forward, collector: Collector) -> Iterator[list[Point]]:
    # A file is one object or a list of them; the interface names its lists.
    begins = stream.head.removeprefix(_MARK).lstrip()[:1]
    lists = re.search(rb'^\s*\{\s*"(nights|exercises|activities|activity-log|deviceDays)"\s*:\s*\[', stream.head)
    path = f"{lists[1].decode()}.item" if lists else "item" if begins == b"[" else ""
    for _, told_row in objects(stream, {path}, but=_passed(path, wanted=collector.routes.wanted)):
        # The interface wrote its names with hyphens before it wrote them with underscores.
        row = {name.replace("-", "_"): value for name, value in told_row.items()}
        try:
            points = _reader(row)(row, collector)
        except (KeyError, ValueError, TypeError, AttributeError, OverflowError):
            times = ("startTime", "start_time", "date", "night", "sleep_start_time")
            collector.refuse(Apart.UNREADABLE if any(row.get(name) for name in times) else Apart.NO_TIME)
            continue
        yield points
        _tell_routes(row, collector)


def _passed(path: str, *, wanted: bool) -> set[str]:
    if path == _BEATS:
        return _BUT - {"samples"}
    return _BUT_ROUTE if wanted else _BUT


def _tell_routes(row: Row, collector: Collector) -> None:
    """Of a training of Flow's export: `exercises[].samples.recordedRoute[]`, and where each began."""
    exercises, routes = row.get("exercises"), collector.routes
    for exercise in exercises if isinstance(exercises, list) else ():
        if not isinstance(exercise, dict):
            continue
        samples = exercise.get("samples")
        places = samples.get("recordedRoute") if isinstance(samples, dict) else None
        routes.begin()
        if not routes.wanted and "latitude" in exercise:
            routes.place(number(exercise["latitude"]), number(exercise.get("longitude")), None)
        for place in places if isinstance(places, list) else ():
            if isinstance(place, dict):
                at = _moment(place.get("dateTime"), row, collector)
                routes.place(number(place.get("latitude")), number(place.get("longitude")), at)
        routes.end(_SOURCE, Device.WATCH)


def _moment(text: object, row: Row, collector: Collector) -> datetime | None:
    """A local time of a training, as its beginning is."""
    try:
        moment = datetime.fromisoformat(str(text)).replace(tzinfo=None)
        return at_offset(moment, _minutes_from_utc(row), collector.zone)
    except (ValueError, OverflowError):
        return None


def _minutes_from_utc(row: Row) -> int | None:
    offset = number(row.get("start_time_utc_offset", row.get("timeZoneOffset")))
    return None if offset is None else int(offset)


def _reader(row: Row) -> Callable[[Row, Collector], list[Point]]:
    if "deviceId" in row and "samples" in row:
        return _beats_of_a_day
    if "sleep_start_time" in row:
        return _night
    if "night" in row and "evaluation" in row:
        return _night_of_export
    if "active_duration" in row and "date" not in row:
        return _day_of_interface
    if "start_time" in row or ("startTime" in row and "duration" in row):
        return _training
    return _day if "active_steps" in row or ("summary" in row and "date" in row) else _nothing


def _nothing(row: Row, collector: Collector) -> list[Point]:
    """Of what there is no measure for here."""
    return []


def _training(row: Row, collector: Collector) -> list[Point]:
    begin = datetime.fromisoformat(row.get("start_time") or row["startTime"])
    distance_from_utc = _minutes_from_utc(row)
    begins_at = at_offset(begin.replace(tzinfo=None), distance_from_utc, collector.zone)
    seconds = duration(row["duration"])
    if seconds is None:
        raise ValueError
    ends_at = begins_at + timedelta(seconds=seconds)
    beats = row.get("heart_rate") or {}
    # Its distance is in the sum of the day.
    found = {
        Measure.WORKOUT: seconds / 60,
        Measure.HEART_RATE: number(row.get("averageHeartRate", beats.get("average"))) or 0,
    }
    return [
        Point(measure, begins_at, ends_at, value, _SOURCE, Device.WATCH, offset=distance_from_utc)
        for measure, value in found.items()
        if value
    ]


def _day(row: Row, collector: Collector) -> list[Point]:
    told_day = day_told(row["date"])
    day = whole_day(told_day, collector.zone) if told_day else None
    if day is None:
        raise ValueError
    summary = row.get("summary") or {}
    if "calories" in row or "calories" in summary:
        collector.pass_over(PassedOver.ENERGY)
    found = {
        Measure.STEPS: number(row.get("active_steps", summary.get("stepCount"))) or 0,
        Measure.DISTANCE: number(summary.get("stepsDistance")) or 0,
        Measure.ACTIVE: (duration(row.get("active_duration")) or _moved(summary)) / 60,
    }
    return [Point(measure, *day, value, _SOURCE, Device.WATCH) for measure, value in found.items() if value]


def _moved(summary: Row) -> float:
    """Seconds on the levels that are movement."""
    levels = summary.get("activityLevels") or []
    return sum(duration(each["duration"]) or 0 for each in levels if _ACTIVE.fullmatch(str(each["level"])))


def _beats_of_a_day(row: Row, collector: Collector) -> list[Point]:
    """What the watch measured day and night (`247ohr_*.json`), in seconds of the local day."""
    day = datetime.fromisoformat(str(row["date"])[: len("2026-01-01")])
    points = []
    for each in row["samples"]:
        # By the clock on the wall, also in the nights in which it is turned.
        at = at_offset(day + timedelta(seconds=float(each["secondsFromDayStart"])), None, collector.zone)
        points.append(Point(Measure.HEART_RATE, at, at, float(each["heartRate"]), _SOURCE, Device.WATCH))
    return points


def _day_of_interface(row: Row, collector: Collector) -> list[Point]:
    """As AccessLink tells it without a transaction: the day is the one on which it begins."""
    told = {"date": row["start_time"], "active_steps": row.get("steps"), "active_duration": row["active_duration"]}
    return _day(told | {"summary": {"stepsDistance": row.get("distance_from_steps")}}, collector)


def _night(row: Row, collector: Collector) -> list[Point]:
    stages = [
        number(row.get(name)) or 0 for name in ("light_sleep", "deep_sleep", "rem_sleep", "unrecognized_sleep_stage")
    ]
    return [_slept(row["sleep_start_time"], row["sleep_end_time"], sum(stages) / 60, collector)]


def _night_of_export(row: Row, collector: Collector) -> list[Point]:
    asleep = duration(row["evaluation"]["asleepDuration"])
    nights = row["sleepResult"]["hypnogram"]
    if asleep is None:
        raise ValueError
    return [_slept(nights["sleepStart"], nights["sleepEnd"], asleep / 60, collector)]


def _slept(begin: object, end: object, asleep: float, collector: Collector) -> Point:
    begins, ends = told(begin, collector.zone), told(end, collector.zone)
    if not begins or not ends:
        raise ValueError
    return Point(Measure.SLEEP, begins[0], ends[0], asleep, _SOURCE, Device.WATCH, offset=begins[1])


POLAR = Format("polar", "Polar Flow", _recognises, _read)
