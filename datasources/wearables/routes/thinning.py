"""Fewer places for the same line: what lies within five metres of a straight way is not needed to see where it went.

One look at each place, whatever the line (after Zhao and Saalfeld, Linear-time sleeve-fitting, 1997): from the last
place that stays, each new one narrows the directions in which a straight way passes all that were left out.
"""

from math import asin, atan2, hypot, pi

from datasources.wearables.routes.measuring import on_ground
from datasources.wearables.routes.shapes import Place

TOLERANCE = 5.0  # metres
# So that the time at a kilometre, between two places, is not far off.
_LONGEST, _LATEST = 250, 60  # metres, seconds


class Thinning:
    """`add` each place of a piece; `stays` are those that stay, whole after `end`."""

    def __init__(self) -> None:
        self.stays: list[Place] = []
        self._last: Place | None = None
        self._begin_again()

    def add(self, place: Place) -> None:
        """The next one."""
        if not self.stays:
            self.stays.append(place)
        elif not self._passes(place):
            # The last one passed, so that it is another one than the place that it is seen from.
            self.stays.append(self._last or place)
            self._begin_again()
            self._passes(place)
        self._last = place

    def end(self) -> list[Place]:
        """With the last of all."""
        if self._last is not None and self._last is not self.stays[-1]:
            self.stays.append(self._last)
        return self.stays

    def _begin_again(self) -> None:
        self._towards: float | None = None
        self._low, self._high, self._farthest = -pi, pi, 0.0

    def _passes(self, place: Place) -> bool:
        """Whether a straight way to it passes all since the last that stays."""
        seen_from = self.stays[-1]
        if self._last is not seen_from and _is_far(seen_from, place):
            return False
        east, north = on_ground(seen_from[:2], place.latitude, place.longitude)
        away = hypot(east, north)
        if away < self._farthest - TOLERANCE:
            return False
        # Near where it is seen from; if the way never led farther away than that, it ends well here.
        if away <= TOLERANCE and self._farthest <= TOLERANCE:
            return True
        direction = atan2(north, east)
        if self._towards is None:
            self._towards = direction
        turned = (direction - self._towards + pi) % (2 * pi) - pi
        if not self._low <= turned <= self._high:
            return False
        if away > TOLERANCE:
            half = asin(TOLERANCE / away)
            self._low, self._high = max(self._low, turned - half), min(self._high, turned + half)
        self._farthest = max(self._farthest, away)
        return True


def _is_far(one: Place, other: Place) -> bool:
    if other.metres - one.metres > _LONGEST:
        return True
    return one.seconds is not None and other.seconds is not None and other.seconds - one.seconds > _LATEST
