"""What each element of an export means. Called millions of times: nothing is made for what is not wanted."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from datasources.wearables.collecting import Collector
from datasources.wearables.columns import NOTHING, Columns
from datasources.wearables.formats.apple.elements import Elements
from datasources.wearables.formats.apple.kinds import ASLEEP, BY_TIMES, MINUTES, PASSED, QUANTITIES, SLEEP, WORKOUT
from datasources.wearables.formats.apple.routes import elements_of_routes
from datasources.wearables.points import PassedOver
from datasources.wearables.reading.numbers import number
from datasources.wearables.reading.xml_stream import DEEPEST
from datasources.wearables.troubles import Trouble, Unusable

_WRITTEN_IN = "HKWasUserEntered"
# What they say of themselves is of none of the records before them.
_WITH_METADATA = ("Correlation", "Audiogram", "VisionPrescription")
# Pieces of a file whose elements wait to become points together: some megabytes at the most, whatever stands in them.
_TOGETHER = 8


class Target:
    """For `points_of`."""

    def __init__(self, collector: Collector) -> None:
        self._collector, self._passed = collector, collector.passed_over
        self._elements = Elements(collector)
        self._pieces = 0
        # Whether the element that is open is the last of those: what it says of itself follows.
        self._is_last = False
        self._depth = 0
        # Called at the end of each element: to be counted it need not be Python.
        self._ended: list[str] = []
        self.end = self._ended.append
        self._others: dict[str, Callable[[Any], None]] = {
            "Workout": self._workout,
            "MetadataEntry": self._metadata,
            "ExportDate": self._export_date,
        } | dict.fromkeys(_WITH_METADATA, self._other)
        self._others |= elements_of_routes(collector)

    def start(self, tag: str, attributes: Any) -> None:
        self._depth += 1
        if tag == "Record":
            kind = attributes.get("type")
            if kind in QUANTITIES:
                self._elements.add(kind, attributes.get)
                self._is_last = True
            else:
                self._is_last = False
                if kind == SLEEP:
                    self._sleep(attributes)
                else:
                    self._passed.add(PASSED.get(kind, PassedOver.OTHER))
        elif element := self._others.get(tag):
            element(attributes)

    def close(self) -> None:
        """The last has told all of itself, unless the file broke off within it: then nobody knows who wrote it in."""
        self._is_last = self._is_last and self._depth - len(self._ended) > 1

    def drained(self) -> Columns:
        self._depth -= len(self._ended)
        self._ended.clear()
        if self._depth > DEEPEST:
            raise Unusable(Trouble.TOO_DEEP)
        self._pieces += 1
        # The last may still be told to have been written by hand.
        return NOTHING if self._pieces % _TOGETHER else self._elements.points(but_last=self._is_last)

    def rest(self) -> Columns:
        self.close()
        return self._elements.points(but_last=self._is_last)

    def _sleep(self, attributes: Any) -> None:
        # In bed and awake are no sleep.
        if str(attributes.get("value", "")).startswith(ASLEEP):
            self._lasting(SLEEP, attributes, BY_TIMES, "0")

    def _workout(self, attributes: Any) -> None:
        unit, length = attributes.get("durationUnit", "min"), attributes.get("duration")
        told = unit in MINUTES and number(length) is not None
        self._lasting(WORKOUT, attributes, *((unit, length) if told else (BY_TIMES, "0")))

    def _lasting(self, kind: str, attributes: Any, unit: str, value: str) -> None:
        self._elements.add(kind, {**attributes, "unit": unit, "value": value}.get)
        self._is_last = True

    def _metadata(self, attributes: Any) -> None:
        if self._is_last and attributes.get("key") == _WRITTEN_IN and attributes.get("value") in ("1", "true"):
            self._elements.mark_last()

    def _other(self, attributes: Any) -> None:
        self._is_last = False

    def _export_date(self, attributes: Any) -> None:
        text = attributes.get("value", "")
        try:
            moment = datetime.fromisoformat(text[:19] + text[20:])
        except ValueError:
            return
        self._collector.exported_at = moment if moment.tzinfo else None
