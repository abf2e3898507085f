"""What each element of an export means. Called millions of times: nothing is made for what is not wanted."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import msgspec

from datasources.wearables.collecting import Collector
from datasources.wearables.formats.apple.routes import elements_of_routes
from datasources.wearables.formats.apple.sources import named
from datasources.wearables.points import Apart, Device, Measure, PassedOver, Point
from datasources.wearables.reading.numbers import metres, minutes, number
from datasources.wearables.reading.xml_stream import DEEPEST
from datasources.wearables.troubles import Trouble, Unusable

_QUANTITY = "HKQuantityTypeIdentifier"
_ASLEEP = "HKCategoryValueSleepAnalysisAsleep"
_BY_HAND = "HKWasUserEntered"
_MOST_SOURCES = 10_000
_BEATS = {"count/min": 1.0}
_METRES = {unit: factor for unit in ("m", "km", "mi", "ft", "yd", "cm") if (factor := metres(unit))}
_MINUTES = {unit: factor for unit in ("min", "s", "hr") if (factor := minutes(unit))}
# Distance is on foot or by wheelchair: on wheels one moves otherwise.
_WANTED: dict[str, tuple[Measure, dict[str, float]]] = {
    _QUANTITY + "StepCount": (Measure.STEPS, {"count": 1.0}),
    _QUANTITY + "DistanceWalkingRunning": (Measure.DISTANCE, _METRES),
    _QUANTITY + "DistanceWheelchair": (Measure.DISTANCE, _METRES),
    _QUANTITY + "AppleExerciseTime": (Measure.ACTIVE, _MINUTES),
    _QUANTITY + "HeartRate": (Measure.HEART_RATE, _BEATS),
    _QUANTITY + "RestingHeartRate": (Measure.RESTING_HEART_RATE, _BEATS),
}
# Everything else that an export tells is `OTHER`.
_PASSED = {
    _QUANTITY + "ActiveEnergyBurned": PassedOver.ENERGY,
    _QUANTITY + "BasalEnergyBurned": PassedOver.ENERGY,
    _QUANTITY + "DietaryEnergyConsumed": PassedOver.ENERGY,
    _QUANTITY + "BodyMass": PassedOver.WEIGHT,
    _QUANTITY + "BodyMassIndex": PassedOver.WEIGHT,
    _QUANTITY + "BodyFatPercentage": PassedOver.WEIGHT,
    _QUANTITY + "LeanBodyMass": PassedOver.WEIGHT,
}
# What they say of themselves is of none of the records before them.
_WITH_METADATA = ("Correlation", "Audiogram", "VisionPrescription")
_SLEEP = "HKCategoryTypeIdentifierSleepAnalysis"
Source = tuple[str, Device]


class Target:
    """For `points_of`."""

    def __init__(self, collector: Collector) -> None:
        self._collector, self._passed = collector, collector.passed_over
        self._points: list[Point] = []
        # Whether the element that is open became the last point: what it says of itself follows.
        self._is_last = False
        self._sources: dict[tuple[str, str], Source] = {}
        self._offsets: dict[str, int] = {}
        self._depth = 0
        # Called at the end of each element: to be counted it need not be Python.
        self._ended: list[str] = []
        self.end = self._ended.append
        self._elements: dict[str, Callable[[Any], None]] = {
            "Workout": self._workout,
            "MetadataEntry": self._metadata,
            "ExportDate": self._export_date,
        } | dict.fromkeys(_WITH_METADATA, self._other)
        self._elements |= elements_of_routes(collector)

    def start(self, tag: str, attributes: Any) -> None:
        self._depth += 1
        if tag == "Record":
            kind = attributes.get("type")
            if wanted := _WANTED.get(kind):
                self._record(attributes, wanted)
            else:
                self._is_last = False
                if kind == _SLEEP:
                    self._sleep(attributes)
                else:
                    self._passed.add(_PASSED.get(kind, PassedOver.OTHER))
        elif element := self._elements.get(tag):
            element(attributes)

    def close(self) -> None:
        """The last has told all of itself, unless the file broke off within it: then nobody knows who wrote it in."""
        self._is_last = self._is_last and self._depth - len(self._ended) > 1

    def rest(self) -> list[Point]:
        self.close()
        return self.drained()

    def drained(self) -> list[Point]:
        self._depth -= len(self._ended)
        self._ended.clear()
        if self._depth > DEEPEST:
            raise Unusable(Trouble.TOO_DEEP)
        # The last may still be told to have been written by hand.
        keep = 1 if self._is_last else 0
        found = self._points[: len(self._points) - keep]
        del self._points[: len(found)]
        return found

    def _record(self, attributes: Any, wanted: tuple[Measure, dict[str, float]]) -> None:
        measure, units = wanted
        try:
            begins, ends = attributes["startDate"], attributes["endDate"]
            begins_at = datetime.fromisoformat(begins[:19] + begins[20:])
            ends_at = begins_at if ends == begins else datetime.fromisoformat(ends[:19] + ends[20:])
            value = float(attributes["value"]) * units[attributes["unit"]]
            key = (attributes.get("sourceName", ""), attributes.get("device", ""))
            source, device = self._sources.get(key) or self._source(key)
            offset = self._offsets.get(begins[19:])
            if offset is None or ends_at.tzinfo is None:
                offset = self._offset(begins[19:], begins_at, ends_at)
        except (KeyError, ValueError, TypeError):
            self._refuse(attributes)
            return
        self._points.append(Point(measure, begins_at, ends_at, value, source, device, offset=offset))
        self._is_last = True

    def _offset(self, text: str, moment: datetime, end: datetime) -> int:
        """Minutes; TypeError when either time has none. Exports write the same few: they are kept."""
        distance = moment.utcoffset()
        if distance is None or end.tzinfo is None:
            raise TypeError
        minutes_of = int(distance / timedelta(minutes=1))
        if len(self._offsets) < _MOST_SOURCES:
            self._offsets[text] = minutes_of
        return minutes_of

    def _sleep(self, attributes: Any) -> None:
        # In bed and awake are no sleep.
        if str(attributes.get("value", "")).startswith(_ASLEEP):
            self._lasting(attributes, Measure.SLEEP, None)

    def _workout(self, attributes: Any) -> None:
        self._is_last = False
        factor = minutes(attributes.get("durationUnit", "min"))
        length = number(attributes.get("duration"))
        self._lasting(attributes, Measure.WORKOUT, length * factor if length is not None and factor else None)

    def _lasting(self, attributes: Any, measure: Measure, value: float | None) -> None:
        """As long as `value` says, or from beginning to end."""
        try:
            begins, ends = attributes["startDate"], attributes["endDate"]
            begins_at = datetime.fromisoformat(begins[:19] + begins[20:])
            ends_at = datetime.fromisoformat(ends[:19] + ends[20:])
            offset = self._offset(begins[19:], begins_at, ends_at)
            length = (ends_at - begins_at) / timedelta(minutes=1) if value is None else value
            source, device = self._source((attributes.get("sourceName", ""), attributes.get("device", "")))
        except (KeyError, ValueError, TypeError, OverflowError):
            self._refuse(attributes)
            return
        self._points.append(Point(measure, begins_at, ends_at, length, source, device, offset=offset))
        self._is_last = True

    def _refuse(self, attributes: Any) -> None:
        self._is_last = False
        timed = attributes.get("startDate") and attributes.get("endDate")
        self._collector.refuse(Apart.UNREADABLE if timed else Apart.NO_TIME)

    def _metadata(self, attributes: Any) -> None:
        if self._is_last and attributes.get("key") == _BY_HAND and attributes.get("value") in ("1", "true"):
            last = self._points[-1]
            self._points[-1] = msgspec.structs.replace(last, by_hand=True)

    def _other(self, attributes: Any) -> None:
        self._is_last = False

    def _export_date(self, attributes: Any) -> None:
        text = attributes.get("value", "")
        try:
            moment = datetime.fromisoformat(text[:19] + text[20:])
        except ValueError:
            return
        self._collector.exported_at = moment if moment.tzinfo else None

    def _source(self, key: tuple[str, str]) -> Source:
        found = self._sources.get(key)
        if found is None:
            found = named(*key)
            if len(self._sources) < _MOST_SOURCES:
                self._sources[key] = found
        return found
