"""Intervals around shares and their differences, in closed form, so that anybody can compute them again: pure.

A share: Wilson, JASA 22 (1927), 209–212. The difference of two: Newcombe, Statistics in Medicine 17 (1998), 873–890,
method 10. Their ratio: Donner and Zou, Statistical Methods in Medical Research 21 (2012), 347–359 (MOVER).
"""

from math import inf, sqrt
from statistics import NormalDist
from typing import NamedTuple

LEVEL = 0.95


class Range(NamedTuple):
    """A value and the interval around it."""

    value: float
    low: float
    high: float


def z_of(comparisons: int = 1) -> float:
    """The normal quantile of 95 %, shared out among so many comparisons (Bonferroni): 1.96 for one."""
    return NormalDist().inv_cdf(1 - (1 - LEVEL) / max(comparisons, 1) / 2)


def pairs_of(groups: int) -> int:
    """How many pairs of groups there are: the two that lie farthest apart were picked among all of them."""
    return groups * (groups - 1) // 2


def share(count: int, of: int, *, z: float | None = None) -> Range:
    """`count` of `of` (1 or more) with Wilson's interval."""
    z = z_of() if z is None else z
    rate = count / of
    around = 1 + z * z / of
    middle = (rate + z * z / (2 * of)) / around
    reach = z / around * sqrt(rate * (1 - rate) / of + z * z / (4 * of * of))
    # At the ends it is exact, and rounding may not push it past them.
    low = 0.0 if count == 0 else max(0.0, middle - reach)
    high = 1.0 if count == of else min(1.0, middle + reach)
    return Range(rate, low, high)


def difference(most: Range, least: Range) -> Range:
    """`most` less `least`, two independent shares or differences, with the interval that theirs come to."""
    value = most.value - least.value
    low = value - sqrt((most.value - most.low) ** 2 + (least.high - least.value) ** 2)
    high = value + sqrt((most.high - most.value) ** 2 + (least.value - least.low) ** 2)
    return Range(value, low, high)


def ratio(least: Range, most: Range) -> Range:
    """`least` to `most`; 1 where both are nothing. The upper end is infinite where `most` may be nothing."""
    if most.value == 0:
        return Range(1.0, 0.0, inf)
    both = least.value * most.value
    low = _root(both, least.low, most.high, least.value, most.value, sign=-1)
    high = _root(both, least.high, most.low, least.value, most.value, sign=1)
    return Range(least.value / most.value, max(0.0, low), high)


def _root(both: float, over: float, under: float, least: float, most: float, *, sign: int) -> float:
    if under <= 0:
        return inf
    inside = both * both - over * under * (2 * least - over) * (2 * most - under)
    below = under * (2 * most - under)
    return (both + sign * sqrt(max(0.0, inside))) / below if below > 0 else inf
