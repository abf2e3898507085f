"""Garmin's account export (DI_CONNECT): days (UDSFile), nights (sleepData), activities (summarizedActivities).

https://www.garmin.com/account/datamanagement/. Lengths of activities are in milliseconds, distances in centimetres.
"""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from datasources.wearables.collecting import Collector
from datasources.wearables.points import Apart, Device, Measure, PassedOver, Point
from datasources.wearables.reading.format import Format
from datasources.wearables.reading.forward import Forward
from datasources.wearables.reading.json_stream import begins_as_json, objects
from datasources.wearables.reading.numbers import number
from datasources.wearables.reading.times import MILLISECONDS, day_told, since_1970, whole_day

Row = dict[str, Any]
_SOURCE = "Garmin"
_KNOWN = re.compile(rb'"(summarizedActivitiesExport|sleepStartTimestampGMT|userProfilePK)"\s*:')
_LIST = "item.summarizedActivitiesExport.item"
_BUT = {"splits", "summarizedDiveInfo", "allDayStress", "splitSummaries", "bodyBattery"}
_OF_A_DAY = ("totalSteps", "totalDistanceMeters", "restingHeartRate", "currentDayRestingHeartRate")
_ON_FOOT = ("running", "walking", "hiking")


def _recognises(head: bytes) -> bool:
    return begins_as_json(head, b"[") and bool(_KNOWN.search(head))


def _read(stream: Forward, collector: Collector) -> Iterator[list[Point]]:
    path = _LIST if b'"summarizedActivitiesExport"' in stream.head else "item"
    for _, row in objects(stream, {path}, but=_BUT):
        try:
            points = _reader(path, row)(row, collector)
        except (KeyError, ValueError, TypeError, AttributeError, OverflowError):
            times = ("calendarDate", "beginTimestamp", "sleepStartTimestampGMT")
            collector.refuse(Apart.UNREADABLE if any(row.get(name) for name in times) else Apart.NO_TIME)
            continue
        yield points


def _reader(path: str, row: Row) -> Callable[[Row, Collector], list[Point]]:
    if path == _LIST:
        return _activity
    if "sleepStartTimestampGMT" in row:
        return _night
    return _day if any(name in row for name in _OF_A_DAY) else _nothing


def _nothing(row: Row, collector: Collector) -> list[Point]:
    """Of what there is no measure for here."""
    return []


def _day(row: Row, collector: Collector) -> list[Point]:
    told_day = day_told(row["calendarDate"]["date"] if isinstance(row["calendarDate"], dict) else row["calendarDate"])
    day = whole_day(told_day, collector.zone) if told_day else None
    if day is None:
        raise ValueError
    if "totalKilocalories" in row or "activeKilocalories" in row:
        collector.pass_over(PassedOver.ENERGY)
    active = [number(row.get(name)) or 0 for name in ("moderateIntensityMinutes", "vigorousIntensityMinutes")]
    found = {
        Measure.STEPS: number(row.get("totalSteps")) or 0,
        Measure.DISTANCE: number(row.get("totalDistanceMeters")) or 0,
        Measure.ACTIVE: sum(active),
        # The mean of seven days; newer exports tell the day's own beside it, which is sometimes far off.
        Measure.RESTING_HEART_RATE: number(row.get("restingHeartRate") or row.get("currentDayRestingHeartRate")) or 0,
    }
    return [Point(measure, *day, value, _SOURCE, Device.WATCH) for measure, value in found.items() if value]


def _night(row: Row, collector: Collector) -> list[Point]:
    begins_at, ends_at = _utc(row["sleepStartTimestampGMT"]), _utc(row["sleepEndTimestampGMT"])
    stages = [number(row.get(name)) or 0 for name in ("deepSleepSeconds", "lightSleepSeconds", "remSleepSeconds")]
    return [Point(Measure.SLEEP, begins_at, ends_at, sum(stages) / 60, _SOURCE, Device.WATCH)]


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _activity(row: Row, collector: Collector) -> list[Point]:
    begins_at = since_1970(row["beginTimestamp"], unit=MILLISECONDS)
    if begins_at is None:
        raise ValueError
    length = float(row["duration"])
    ends_at = begins_at + timedelta(milliseconds=float(row.get("elapsedDuration") or length))
    local = number(row.get("startTimeLocal"))
    offset = None if local is None else round((local - float(row["beginTimestamp"])) / (900 * MILLISECONDS)) * 15
    by_hand = bool(row.get("manualActivity"))
    point = Point(Measure.WORKOUT, begins_at, ends_at, length / 60_000, _SOURCE, Device.WATCH, by_hand, offset)
    # Steps and distance of measured activities are in the sums of their days.
    if not by_hand or not any(word in str(row.get("activityType")) for word in _ON_FOOT):
        return [point]
    distance = (number(row.get("distance")) or 0) / 100
    if not distance:
        return [point]
    return [point, Point(Measure.DISTANCE, begins_at, ends_at, distance, _SOURCE, Device.WATCH, by_hand, offset)]


GARMIN = Format("garmin", "Garmin Connect", _recognises, _read)
