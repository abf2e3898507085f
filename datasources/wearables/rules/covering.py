"""Points of the same time from several sources: only the most believed counts. Times are whole seconds since 1970."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence

from datasources.wearables.points import Measure

Span = tuple[int, int]  # from, until: the end is no part
_MINUTE, _HOUR = 60, 3600
# One figure a day: two sources always speak of the same.
_OF_A_DAY = (0, 1)


def span_of(measure: str, begin: int, last: int) -> Span:
    """The time that a point covers: a moment of a heart rate covers its minute."""
    if measure == Measure.RESTING_HEART_RATE:
        return _OF_A_DAY
    if measure == Measure.HEART_RATE and last < _MINUTE:
        minute = begin - begin % _MINUTE
        return minute, minute + _MINUTE
    return begin, begin + max(last, 1)


def union(spans: Iterable[Span]) -> list[Span]:
    """The same time in pieces that do not touch, in order."""
    joined: list[Span] = []
    for begin, end in sorted(spans):
        if joined and begin <= joined[-1][1]:
            if end > joined[-1][1]:
                joined[-1] = (joined[-1][0], end)
        else:
            joined.append((begin, end))
    return joined


def is_covered(span: Span, taken: Sequence[Span]) -> bool:
    """Whether sources before have it: half of it; of what is longer than an hour, anything at all.

    A sum of a whole day says nothing of when, so that it would count twice what was measured within it. `taken` as
    `union` makes it.
    """
    begin, end = span
    place = max(bisect_right(taken, (begin, begin)) - 1, 0)
    both = 0
    for low, high in taken[place:]:
        if low >= end:
            break
        both += max(min(high, end) - max(low, begin), 0)
    return both * 2 >= end - begin or (both > 0 and end - begin > _HOUR)
