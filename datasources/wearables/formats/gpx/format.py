"""GPX 1.1: https://www.topografix.com/GPX/1/1/. The way itself shows where home is: it is dropped, unless asked for."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from datasources.wearables.collecting import Collector, shown
from datasources.wearables.points import Apart, Device, Measure, Point
from datasources.wearables.reading.format import Format
from datasources.wearables.reading.forward import Forward
from datasources.wearables.reading.numbers import number
from datasources.wearables.reading.times import told
from datasources.wearables.reading.xml_stream import Texts, points_of, root_of
from datasources.wearables.routes.measuring import between, is_place

_ON_WHEELS = ("cycl", "bik", "ride", "ski", "skat", "row", "sail", "swim", "driv", "pyörä", "cykel")
_TEXTS = frozenset({"time", "hr", "type"})
# Apple lays the ways of workouts beside the export that tells of the workouts.
_APPLE = "Apple Health Export"


class _Target(Texts):
    """One workout a track, and one route."""

    wanted = _TEXTS

    def __init__(self, collector: Collector, file: str) -> None:
        super().__init__()
        self._collector, self._file = collector, file
        self._source, self._passed = "GPX", False
        self._begin()

    def _begin(self) -> None:
        self._kind = ""
        self._metres = 0.0
        self._place: tuple[float, float] | None = None
        self._told: tuple[float | None, float | None] = None, None
        self._first: datetime | None = None
        self._last: datetime | None = None
        self._at: tuple[datetime, int | None] | None = None
        self._beats = ""

    def begins(self, name: str, attributes: Any) -> None:
        if name == "gpx":
            creator = attributes.get("creator", "")
            self._source, self._passed = shown(creator) or "GPX", creator == _APPLE
        elif name == "trk":
            self._begin()
            self._collector.routes.begin()
        elif name == "trkseg":
            # Between two pieces of a track nobody knows the way.
            self._place = None
            self._collector.routes.gap()
        elif name == "trkpt":
            self._at, self._beats = None, ""
            self._went(number(attributes.get("lat")), number(attributes.get("lon")))

    def _went(self, latitude: float | None, longitude: float | None) -> None:
        self._told = latitude, longitude
        if latitude is None or longitude is None or not is_place(latitude, longitude):
            return
        if self._place:
            self._metres += between(self._place, (latitude, longitude))
        self._place = latitude, longitude

    def ends(self, name: str, text: str) -> None:
        if name == "time" and self.above[-1:] == ["trkpt"]:
            self._at = told(text, self._collector.zone)
        elif name == "hr":
            self._beats = text
        elif name == "type" and self.above[-1:] == ["trk"]:
            self._kind = text.lower()
        elif name == "trkpt":
            self._trackpoint()
        elif name == "trk":
            self._track()

    def _track(self) -> None:
        self._collector.routes.end(self._source, Device.OTHER, file=self._file)
        if not self._passed:
            self._workout()

    def _trackpoint(self) -> None:
        self._collector.routes.place(*self._told, self._at[0] if self._at else None)
        if self._at is None:
            return
        at = self._at[0]
        self._first = at if self._first is None else min(self._first, at)
        self._last = at if self._last is None else max(self._last, at)
        if self._beats and not self._passed:
            beats = number(self._beats)
            if beats is None:
                self._collector.refuse(Apart.UNREADABLE)
            else:
                self.found.append(self._point(Measure.HEART_RATE, at, at, beats))

    def _workout(self) -> None:
        if self._first is None or self._last is None:
            self._collector.refuse(Apart.NO_TIME)
            return
        length = (self._last - self._first).total_seconds()
        self.found.append(self._point(Measure.WORKOUT, self._first, self._last, length / 60))
        if self._metres and not any(word in self._kind for word in _ON_WHEELS):
            self.found.append(self._point(Measure.DISTANCE, self._first, self._last, self._metres))

    def _point(self, measure: Measure, begins_at: datetime, ends_at: datetime, value: float) -> Point:
        return Point(measure, begins_at, ends_at, value, self._source, Device.OTHER)

    def rest(self) -> list[Point]:
        if "trk" in self.above:
            self._track()
        return self.drained()


def _recognises(head: bytes) -> bool:
    return root_of(head) == "gpx"


def _read(stream: Forward, collector: Collector) -> Iterator[list[Point]]:
    yield from points_of(stream, _Target(collector, stream.name))


GPX = Format("gpx", "GPX", _recognises, _read)
