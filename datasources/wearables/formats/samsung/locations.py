"""Where a workout went: a file `<id>.com.samsung.health.exercise.location_data.json` of its own, beside the tables."""

import re
from collections.abc import Iterator

from datasources.wearables.collecting import Collector
from datasources.wearables.points import Device, Point
from datasources.wearables.reading.forward import Broken, Forward
from datasources.wearables.reading.json_stream import begins_as_json, objects
from datasources.wearables.reading.numbers import number
from datasources.wearables.reading.times import MILLISECONDS, since_1970

_TIME = re.compile(rb'"start_time"\s*:\s*\d{12}')
_PLACE = re.compile(rb'"latitude"\s*:')


def is_of_places(head: bytes) -> bool:
    """A list of times, in milliseconds since 1970, with latitudes."""
    return begins_as_json(head, b"[") and bool(_TIME.search(head)) and bool(_PLACE.search(head))


def read_places(stream: Forward, collector: Collector, source: str) -> Iterator[list[Point]]:
    """A route, and no points."""
    routes = collector.routes
    routes.begin()
    try:
        for _, row in objects(stream, {"item"}):
            if not routes.needs_place:
                break
            at = since_1970(row.get("start_time"), unit=MILLISECONDS)
            routes.place(number(row.get("latitude")), number(row.get("longitude")), at)
    except Broken:
        collector.partial = True
    routes.end(source, Device.OTHER)
    yield []
