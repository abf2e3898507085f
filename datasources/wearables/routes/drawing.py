"""Where the line of a route stands in its picture: pure numbers, north above, the same scale both ways, no map."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, hypot, log10

from datasources.wearables.routes.measuring import eastward, on_ground
from datasources.wearables.routes.shapes import Route

WIDTH = 400
# Room for what stands above and below the line, and beside it.
_TOP, _BOTTOM, _SIDE = 34, 62, 20
_HIGHEST, _LOWEST = 360, 60
# What is smaller than this on the ground is not drawn larger.
_LEAST_METRES = 50.0
_LONGEST_BAR = 140
# The eye tells no more apart; so many keep a picture below 15 kB.
_STEP, _MOST = 1.5, 1_000

Point = tuple[float, float]


@dataclass(frozen=True)
class Sketch:
    """`lines` of points from the left and the top; `bar` is (left, top, width) of a scale of so many `metres`."""

    height: float
    lines: tuple[tuple[Point, ...], ...]
    begin: Point
    end: Point
    bar: tuple[float, float, float]
    metres: int


def sketch_of(route: Route) -> Sketch:
    """The whole route."""
    pieces = _on_ground(route)
    everywhere = [point for piece in pieces for point in piece]
    west, east = min(x for x, _ in everywhere), max(x for x, _ in everywhere)
    south, north = min(y for _, y in everywhere), max(y for _, y in everywhere)
    wide, high = max(east - west, _LEAST_METRES), max(north - south, _LEAST_METRES)
    scale = min((WIDTH - 2 * _SIDE) / wide, _HIGHEST / high)
    tall = max((north - south) * scale, _LOWEST)
    left = (WIDTH - (east - west) * scale) / 2
    top = _TOP + (tall - (north - south) * scale) / 2
    lines = [[(left + (x - west) * scale, top + (north - y) * scale) for x, y in piece] for piece in pieces]
    metres = _round_below(_LONGEST_BAR / scale)
    bar = (float(_SIDE), round(tall + _TOP + _BOTTOM - 14, 1), round(metres * scale, 1))
    thin = _fewer(lines)
    return Sketch(round(tall + _TOP + _BOTTOM, 1), thin, _rounded(lines[0][0]), _rounded(lines[-1][-1]), bar, metres)


def _on_ground(route: Route) -> list[list[Point]]:
    """Metres to the east and north of the middle of it, also across the line of the dates."""
    places = list(route.places)
    first = places[0]
    turns = [eastward(first.longitude, place.longitude) for place in places]
    norths = [place.latitude for place in places]
    middle = (min(norths) + max(norths)) / 2, first.longitude + (min(turns) + max(turns)) / 2
    return [[on_ground(middle, place.latitude, place.longitude) for place in piece] for piece in route.pieces]


def _fewer(lines: Sequence[Sequence[Point]]) -> tuple[tuple[Point, ...], ...]:
    """Without what is too near to be told apart, and of what is left no more than so many."""
    kept = [_apart(line) for line in lines]
    every = -(-sum(map(len, kept)) // _MOST)
    return tuple((*line[:-1:every], line[-1]) for line in kept)


def _apart(line: Sequence[Point]) -> list[Point]:
    kept = [line[0]]
    kept += [line[-1]] if len(line) > 1 else []
    for point in line[1:-1]:
        before = kept[-2]
        if hypot(point[0] - before[0], point[1] - before[1]) >= _STEP:
            kept.insert(-1, point)
    return [_rounded(point) for point in kept]


def _rounded(point: Point) -> Point:
    return round(point[0], 1), round(point[1], 1)


def _round_below(metres: float) -> int:
    """1, 2 or 5 times a power of ten; one metre at the least."""
    power = 10 ** floor(log10(max(metres, 1.0)))
    return int(next(power * times for times in (5, 2, 1) if power * times <= max(metres, 1.0)))
