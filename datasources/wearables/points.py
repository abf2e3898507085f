"""What a watch or a phone measured, in one shape whatever the file: the words between formats, rules and pages."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

import msgspec


class Measure(StrEnum):
    """What is kept, each in one unit (Open mHealth and IEEE 1752.1 name the same things)."""

    STEPS = "steps"  # steps
    DISTANCE = "distance"  # metres
    ACTIVE = "active"  # minutes of moderate or brisk movement
    HEART_RATE = "heart_rate"  # beats a minute, mean of the day
    RESTING_HEART_RATE = "resting_heart_rate"  # beats a minute
    SLEEP = "sleep"  # minutes asleep
    WORKOUT = "workout"  # minutes


class Device(StrEnum):
    """What measured it, as far as the file tells."""

    WATCH = "watch"
    PHONE = "phone"
    OTHER = "other"


class Apart(StrEnum):
    """Why a point was set apart: counted in the report, and part of no figure."""

    DUPLICATE = "duplicate"
    OVERLAP = "overlap"  # another source has the same time
    BY_HAND = "by_hand"
    AFTER_EXPORT = "after_export"
    IMPOSSIBLE = "impossible"
    NO_TIME = "no_time"
    UNREADABLE = "unreadable"


class PassedOver(StrEnum):
    """What a file told that nobody asks for: nothing of it is kept, and the report says that it was there."""

    ENERGY = "energy"  # kilocalories or kilojoules
    WEIGHT = "weight"  # kilograms or pounds
    OTHER = "other"


class RouteLeft(StrEnum):
    """Why a route of the file is not kept."""

    NOT_WANTED = "not_wanted"  # the person did not ask for it
    NO_PLACES = "no_places"  # of the places that can be, all are one
    WRONG_TIME = "wrong_time"  # before 2000, still to come, or of months
    TOO_LONG = "too_long"
    TOO_MANY = "too_many"


@dataclass(frozen=True)
class RouteCounts:
    """What became of the routes of a file. `found` = `kept` + `merged` + the sum of `left`.

    `merged` were here before. `places_left` are places within them that cannot be.
    """

    found: int = 0
    kept: int = 0
    merged: int = 0
    left: dict[RouteLeft, int] = field(default_factory=dict)
    places_left: int = 0


# A struct: an export of some gigabytes makes millions of these, and a dataclass takes ten times as long to make.
class Point(msgspec.Struct, frozen=True, gc=False):
    """One measurement from `begins_at` until `ends_at` (aware; the same where it is of a moment).

    `value` in the unit of its measure. `offset` is the local time's distance from UTC in minutes as the file told it,
    None where it did not: the day is then reckoned in the city's time. `source` is the app's or the device's name.
    """

    measure: Measure
    begins_at: datetime
    ends_at: datetime
    value: float
    source: str
    device: Device = Device.OTHER
    by_hand: bool = False
    offset: int | None = None


@dataclass(frozen=True, slots=True)
class DailyFigure:
    """What is kept of a day: a sum, for heart rates a mean. `points` is how many it was reckoned from."""

    measure: Measure
    day: date
    value: float
    source: str
    device: Device
    points: int
    by_hand: bool = False


@dataclass(frozen=True)
class Report:
    """What an import came to. `read` = `added` + `merged` + the sum of `apart`; the counts add up exactly.

    `merged` are points that were here before. `not_understood` names files within the export. `partial`: it broke off,
    and what was read until then counts. `formats` names what the export was made of, `passed_over` what else it told.
    """

    read: int
    added: int
    merged: int
    apart: dict[Apart, int]
    not_understood: tuple[str, ...] = ()
    partial: bool = False
    formats: tuple[str, ...] = ()
    passed_over: tuple[PassedOver, ...] = ()
    routes: RouteCounts = field(default_factory=RouteCounts)
