"""One activity while its messages come. What is wanted of each second is kept in a few bytes."""

from array import array
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from datasources.wearables.collecting import Collector, shown
from datasources.wearables.points import Apart, Device, Measure, PassedOver, Point
from datasources.wearables.reading.numbers import number
from datasources.wearables.routes.gathering import Gatherer

_FROM = datetime(1989, 12, 31, tzinfo=UTC)
# Before this a clock had not been set (FIT: date_time, minimum).
_EARLIEST = 0x10000000
# A triathlon has five.
_MOST_SESSIONS = 1000
_MOST_MINUTES_FROM_UTC = 14 * 60
_ON_FOOT = {"running", "walking", "hiking", "snowshoeing", "generic"}
_PHONES = {"strava", "apple"}
# Positions are in semicircles: 2^31 of them are half a turn.
_DEGREES = 180 / 2**31


class Activity:
    """Messages of one FIT file."""

    def __init__(self, routes: Gatherer) -> None:
        self._routes = routes
        routes.begin()
        self._source, self._device = "FIT", Device.WATCH
        self._times, self._beats = array("q"), array("d")
        self._first = self._last = 0
        self._distance = 0.0
        self._sport = "generic"
        self._sessions: list[dict[str, Any]] = []
        self._offset: int | None = None
        self._untimed = 0

    def take(self, frame: Any) -> None:
        """One data message; others than these are left."""
        match frame.name:
            case "record":
                self._record(frame)
            case "session":
                self._session(frame)
            case "activity":
                self._local_time(frame)
            case "file_id":
                self._made_by(frame)

    def _record(self, frame: Any) -> None:
        found = {name: frame.get_value(name, fallback=None) for name in ("timestamp", "heart_rate", "distance")}
        at, beats = found["timestamp"], number(found["heart_rate"])
        if not isinstance(at, int) or at < _EARLIEST:
            self._untimed += 1
            return
        if self._routes.needs_place:
            self._place(frame, at)
        self._first, self._last = self._first or at, at
        self._distance = number(found["distance"]) or self._distance
        if beats is not None:
            self._times.append(at)
            self._beats.append(beats)

    def _place(self, frame: Any, at: int) -> None:
        latitude = frame.get_value("position_lat", fallback=None)
        # Indoors, and until satellites are found, there is none.
        if isinstance(latitude, int):
            longitude = number(frame.get_value("position_long", fallback=None))
            turned = None if longitude is None else longitude * _DEGREES
            self._routes.place(latitude * _DEGREES, turned, _FROM + timedelta(seconds=at))

    def _session(self, frame: Any) -> None:
        if len(self._sessions) >= _MOST_SESSIONS:
            return
        names = ("start_time", "total_elapsed_time", "total_timer_time", "total_distance", "sport", "total_strides",
                 "total_calories")  # fmt: skip
        self._sessions.append({name: frame.get_value(name, fallback=None) for name in names})

    def _local_time(self, frame: Any) -> None:
        at, local = (frame.get_value(name, fallback=None) for name in ("timestamp", "local_timestamp"))
        if isinstance(at, int) and isinstance(local, int):
            # A watch may write the two a moment apart; offsets are of quarters of an hour.
            minutes = round((local - at) / 900) * 15
            self._offset = minutes if abs(minutes) <= _MOST_MINUTES_FROM_UTC else None

    def _made_by(self, frame: Any) -> None:
        maker = str(frame.get_value("manufacturer", fallback=None) or "")
        product = frame.get_value("product_name", fallback=None) or frame.get_value("garmin_product", fallback=None)
        self._source = shown(f"{maker.replace('_', ' ').title()} {product or ''}") or "FIT"
        self._device = Device.PHONE if maker in _PHONES else Device.WATCH

    def points(self, collector: Collector) -> Iterator[Point]:
        """Of sessions; without one (it broke off) of the seconds there are."""
        self._routes.end(self._source, self._device)
        for _ in range(self._untimed):
            collector.refuse(Apart.NO_TIME)
        for at, beats in zip(self._times, self._beats, strict=True):
            moment = _FROM + timedelta(seconds=at)
            yield self._point(Measure.HEART_RATE, moment, moment, beats)
        for session in self._sessions or ([self._so_far()] if self._last > self._first else []):
            yield from self._of_session(session, collector)

    def _so_far(self) -> dict[str, Any]:
        length = self._last - self._first
        return {"start_time": self._first, "total_elapsed_time": length, "total_distance": self._distance}

    def _of_session(self, session: dict[str, Any], collector: Collector) -> Iterator[Point]:
        if session.get("total_calories"):
            collector.pass_over(PassedOver.ENERGY)
        begin, elapsed = session["start_time"], number(session["total_elapsed_time"])
        moved = number(session.get("total_timer_time"))
        elapsed = moved if elapsed is None else elapsed
        if not isinstance(begin, int) or begin < _EARLIEST or elapsed is None:
            collector.refuse(Apart.NO_TIME)
            return
        try:
            begins_at = _FROM + timedelta(seconds=begin)
            ends_at = begins_at + timedelta(seconds=elapsed)
        except (OverflowError, ValueError):
            collector.refuse(Apart.UNREADABLE)
            return
        yield self._point(Measure.WORKOUT, begins_at, ends_at, (elapsed if moved is None else moved) / 60)
        if (session.get("sport") or "generic") in _ON_FOOT:
            if distance := number(session["total_distance"]):
                yield self._point(Measure.DISTANCE, begins_at, ends_at, distance)
            if strides := number(session.get("total_strides")):
                yield self._point(Measure.STEPS, begins_at, ends_at, strides * 2)

    def _point(self, measure: Measure, begins_at: datetime, ends_at: datetime, value: float) -> Point:
        return Point(measure, begins_at, ends_at, value, self._source, self._device, offset=self._offset)
