"""Distances and directions on the ground, and what a route comes to by kilometres. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import asin, atan2, cos, isfinite, pi, radians, sin, sqrt

from datasources.wearables.routes.shapes import Place, Route

EARTH = 6_371_009.0  # metres, mean radius (IUGG)
KILOMETRE = 1000
_POLE, _HALF_TURN = 90.0, 180.0
_DIRECTIONS = 8


def is_place(latitude: float | None, longitude: float | None) -> bool:
    """Degrees that lie on the Earth."""
    if latitude is None or longitude is None or not (isfinite(latitude) and isfinite(longitude)):
        return False
    return abs(latitude) <= _POLE and abs(longitude) <= _HALF_TURN


def between(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Metres along the surface (haversine) between two (latitude, longitude) in degrees."""
    north, other_north = radians(one[0]), radians(other[0])
    half = sin((other_north - north) / 2) ** 2
    half += cos(north) * cos(other_north) * sin(radians(other[1] - one[1]) / 2) ** 2
    return 2 * EARTH * asin(sqrt(min(1.0, max(0.0, half))))


def eastward(since: float, until: float) -> float:
    """Degrees of longitude from one to the other the short way round, from -180 to 180."""
    return (until - since + _HALF_TURN) % (2 * _HALF_TURN) - _HALF_TURN


def on_ground(centre: tuple[float, float], latitude: float, longitude: float) -> tuple[float, float]:
    """(metres to the east, metres to the north) of a place beside a centre: on a plane, right for some hundred km."""
    degree = EARTH * pi / 180
    return (
        eastward(centre[1], longitude) * degree * cos(radians(centre[0])),
        (latitude - centre[0]) * degree,
    )


@dataclass(frozen=True)
class Ends:
    """How the end lies to the beginning: `metres` as the crow flies, `direction` 0 for north, 1 north-east, to 7."""

    metres: float
    direction: int


def ends_of(route: Route) -> Ends:
    """Of the first and the last place."""
    places = list(route.places)
    begin, end = places[0][:2], places[-1][:2]
    east, north = on_ground(begin, *end)
    turn = atan2(east, north) / (2 * pi)
    return Ends(between(begin, end), round(turn * _DIRECTIONS) % _DIRECTIONS)


@dataclass(frozen=True)
class Kilometre:
    """One of a route: `number` from 1, how long it is (the last is mostly shorter), seconds until its end and of it.

    Both are None where the file tells no times.
    """

    number: int
    metres: int
    until: float | None
    took: float | None


def kilometres_of(route: Route) -> list[Kilometre]:
    """Every one, in order; between two places time runs evenly."""
    places = list(route.places)
    whole = places[-1].metres
    marks = [*range(KILOMETRE, whole, KILOMETRE), whole]
    times = _times_at(marks, [place for place in places if place.seconds is not None])
    found, before = [], 0.0
    for number, (mark, time) in enumerate(zip(marks, times, strict=True), start=1):
        took = None if time is None else time - before
        found.append(Kilometre(number, mark - (number - 1) * KILOMETRE, time, took))
        before = before if time is None else time
    return found


def _times_at(marks: Sequence[int], timed: Sequence[Place]) -> list[float | None]:
    """Seconds at which so many metres were gone."""
    if len(timed) < 2:  # noqa: PLR2004 - time runs between two
        return [None] * len(marks)
    found: list[float | None] = []
    steps = iter(pairwise(timed))
    one, other = next(steps)
    for mark in marks:
        while other.metres < mark and (following := next(steps, None)):
            one, other = following
        found.append(_time_within(one, other, mark))
    return found


def _time_within(one: Place, other: Place, mark: int) -> float:
    begin, end = one.seconds or 0, other.seconds or 0
    share = (mark - one.metres) / (other.metres - one.metres) if other.metres > one.metres else 1.0
    return begin + (end - begin) * min(max(share, 0.0), 1.0)
