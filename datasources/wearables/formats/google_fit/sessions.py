"""`All Sessions/*.json` of a Google Takeout: a workout a file. Nights are counted in the daily figures only."""

import re
from collections.abc import Iterator

from datasources.wearables.collecting import Collector
from datasources.wearables.points import Apart, Device, Measure, PassedOver, Point
from datasources.wearables.reading.forward import Forward
from datasources.wearables.reading.json_stream import begins_as_json, objects
from datasources.wearables.reading.numbers import number
from datasources.wearables.reading.times import told

_KNOWN = re.compile(rb'"fitnessActivity"\s*:')
# What Google notices of itself beside workouts.
_NO_WORKOUTS = ("sleep", "still", "in_vehicle", "unknown", "on_foot", "tilting")


def is_session(head: bytes) -> bool:
    """Whether it is one, by its beginning."""
    return begins_as_json(head, b"{") and bool(_KNOWN.search(head))


def read_session(stream: Forward, collector: Collector, source: str) -> Iterator[list[Point]]:
    """Its workout, if it is one."""
    for _, row in objects(stream, {""}, but={"segment"}):
        kind = str(row.get("fitnessActivity"))
        if kind in _NO_WORKOUTS or kind.endswith("_sleep"):
            continue
        if b"calories" in stream.head:
            collector.pass_over(PassedOver.ENERGY)
        begins, ends = told(row.get("startTime"), collector.zone), told(row.get("endTime"), collector.zone)
        if not begins or not ends:
            collector.refuse(Apart.UNREADABLE if row.get("startTime") else Apart.NO_TIME)
            continue
        # Seconds, as in `1800.5s`: pauses are no part of them.
        length = number(str(row.get("duration")).removesuffix("s"))
        minutes = ((ends[0] - begins[0]).total_seconds() if length is None else length) / 60
        yield [Point(Measure.WORKOUT, begins[0], ends[0], minutes, source, Device.PHONE)]
