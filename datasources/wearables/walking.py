"""Weekly sums of steps without anybody in them: pure. Groups of at least twenty, sums rounded, and nothing to subtract.

A sum is made once, of a calendar week that is over, of those who allow it then, and never again: two sums of almost the
same people would tell of the one who left. Where one area alone is too small, the smallest of the others is hidden too,
or the whole city less what is shown would tell it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

SMALLEST_GROUP = 20
_TO_THE_TEN = 10
# The whole city.
EVERYWHERE = ""


@dataclass(frozen=True)
class Walked:
    """One person's week: the postcode that they told, empty where they told none."""

    area: str
    steps: int


@dataclass(frozen=True)
class Counted:
    """One area's week: of how many people, and their steps together, rounded to ten."""

    area: str
    people: int
    steps: int


def counted(walked: Iterable[Walked]) -> list[Counted]:
    """What may be published of a week, by area, the whole city first; nothing where fewer than twenty are there."""
    areas: dict[str, list[int]] = {}
    for each in walked:
        areas.setdefault(each.area, []).append(each.steps)
    everyone = [steps for each in areas.values() for steps in each]
    if len(everyone) < SMALLEST_GROUP:
        return []
    shown = _shown({area: each for area, each in areas.items() if area != EVERYWHERE}, len(everyone))
    return [_sum(EVERYWHERE, everyone), *(_sum(area, shown[area]) for area in sorted(shown))]


def _shown(areas: Mapping[str, Sequence[int]], everyone: int) -> dict[str, Sequence[int]]:
    """Areas large enough, so few that those hidden are together at least twenty, or nobody."""
    shown = {area: steps for area, steps in areas.items() if len(steps) >= SMALLEST_GROUP}
    while shown and 0 < everyone - sum(map(len, shown.values())) < SMALLEST_GROUP:
        del shown[min(shown, key=lambda area: (len(shown[area]), area))]
    return shown


def _sum(area: str, steps: Sequence[int]) -> Counted:
    return Counted(area, len(steps), round(sum(steps) / _TO_THE_TEN) * _TO_THE_TEN)
