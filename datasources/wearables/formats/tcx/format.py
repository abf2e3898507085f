"""TCX version 2: http://www8.garmin.com/xmlschemas/TrainingCenterDatabasev2.xsd."""

from array import array
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from datasources.wearables.collecting import Collector, shown
from datasources.wearables.points import Apart, Device, Measure, PassedOver, Point
from datasources.wearables.reading.format import Format
from datasources.wearables.reading.forward import Forward
from datasources.wearables.reading.numbers import number
from datasources.wearables.reading.times import told
from datasources.wearables.reading.xml_stream import Texts, points_of, root_of
from datasources.wearables.troubles import Trouble, Unusable

_ON_FOOT = {"running", "walking", "hiking", "other", ""}
_TEXTS = frozenset(
    {"Time", "TotalTimeSeconds", "DistanceMeters", "Value", "Name", "Id", "LatitudeDegrees", "LongitudeDegrees"}
)
_MOST_LAPS = 10_000
_MOST_MOMENTS = 3_000_000


class _Target(Texts):
    """Laps make a workout; heart rates stand in the track."""

    wanted = _TEXTS

    def __init__(self, collector: Collector) -> None:
        super().__init__()
        self._collector = collector
        self._time = self._beats = self._latitude = self._longitude = ""
        self._begin(sport="")

    def _begin(self, *, sport: str) -> None:
        self._sport, self._source = sport.lower(), "TCX"
        self._laps: list[tuple[str, float, float]] = []
        self._id = ""
        self._seconds = self._metres = 0.0
        # The name of the device comes last: what was measured waits for it, in a few bytes each.
        self._times, self._each = array("d"), array("d")
        self._tracks = 0
        self._collector.routes.begin()

    def begins(self, name: str, attributes: Any) -> None:
        if name == "Activity":
            self._begin(sport=attributes.get("Sport", ""))
        elif name == "Lap" and len(self._laps) < _MOST_LAPS:
            self._seconds = self._metres = 0.0
            self._tracks = 0
            self._laps.append((attributes.get("StartTime", ""), 0.0, 0.0))
        elif name == "Calories":
            self._collector.pass_over(PassedOver.ENERGY)
        elif name == "Trackpoint":
            self._time = self._beats = self._latitude = self._longitude = ""
        elif name == "Track":
            self._track()

    def _track(self) -> None:
        """A lap goes on where the one before ended; a second track within it begins after a pause."""
        if self._tracks:
            self._collector.routes.gap()
        self._tracks += 1

    def ends(self, name: str, text: str) -> None:
        above = self.above[-1] if self.above else ""
        if above == "Position":
            self._position(name, text)
        elif name in _TEXTS:
            self._value(above, name, text)
        elif name == "Trackpoint":
            self._trackpoint()
        elif name == "Lap":
            self._lap_ends()
        elif name == "Activity":
            self._activity()

    def _position(self, name: str, text: str) -> None:
        if name == "LatitudeDegrees":
            self._latitude = text
        elif name == "LongitudeDegrees":
            self._longitude = text

    def _value(self, above: str, name: str, text: str) -> None:
        match above, name:
            case "Trackpoint", "Time":
                self._time = text
            case "HeartRateBpm", "Value":
                self._beats = text
            case "Lap", "TotalTimeSeconds":
                self._seconds = number(text) or 0.0
            case "Lap", "DistanceMeters":
                self._metres = number(text) or 0.0
            case "Creator", "Name":
                self._source = shown(text) or "TCX"
            case "Activity", "Id":
                self._id = text

    def _trackpoint(self) -> None:
        if self._latitude and self._collector.routes.needs_place:
            self._place()
        if not self._beats:
            return
        at, beats = told(self._time, self._collector.zone), number(self._beats)
        if at is None or beats is None:
            self._collector.refuse(Apart.UNREADABLE if self._time else Apart.NO_TIME)
        else:
            if len(self._times) >= _MOST_MOMENTS:
                raise Unusable(Trouble.TOO_LARGE)
            self._times.append(at[0].timestamp())
            self._each.append(beats)

    def _place(self) -> None:
        at = told(self._time, self._collector.zone)
        self._collector.routes.place(number(self._latitude), number(self._longitude), at[0] if at else None)

    def _lap_ends(self) -> None:
        if self._laps:
            self._laps[-1] = (self._laps[-1][0], self._seconds, self._metres)

    def _activity(self) -> None:
        self._collector.routes.end(self._source, Device.WATCH)
        for time, beats in zip(self._times, self._each, strict=True):
            at = datetime.fromtimestamp(time, UTC)
            self.found.append(self._point(Measure.HEART_RATE, at, at, beats))
        self._workout()

    def _workout(self) -> None:
        begin = told((self._laps[0][0] if self._laps else "") or self._id, self._collector.zone)
        seconds, distance = sum(lap[1] for lap in self._laps), sum(lap[2] for lap in self._laps)
        if begin is None:
            self._collector.refuse(Apart.NO_TIME)
            return
        try:
            ends_at = begin[0] + timedelta(seconds=seconds)
        except (OverflowError, ValueError):
            self._collector.refuse(Apart.UNREADABLE)
            return
        self.found.append(self._point(Measure.WORKOUT, begin[0], ends_at, seconds / 60))
        if distance and self._sport in _ON_FOOT:
            self.found.append(self._point(Measure.DISTANCE, begin[0], ends_at, distance))

    def _point(self, measure: Measure, begins_at: datetime, ends_at: datetime, value: float) -> Point:
        # Its times are in UTC, which says nothing of where one was: the day is the city's.
        return Point(measure, begins_at, ends_at, value, self._source, Device.WATCH)

    def rest(self) -> list[Point]:
        if "Activity" in self.above:
            self._lap_ends()
            self._activity()
        return self.drained()


def _recognises(head: bytes) -> bool:
    return root_of(head) == "TrainingCenterDatabase"


def _read(stream: Forward, collector: Collector) -> Iterator[list[Point]]:
    yield from points_of(stream, _Target(collector))


TCX = Format("tcx", "TCX", _recognises, _read)
