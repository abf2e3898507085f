"""Points of the same time from several sources: only the most believed counts. Times are whole seconds since 1970."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from datasources.wearables.columns import Mask, Whole
from datasources.wearables.points import Measure

_MINUTE, _HOUR = 60, 3600


class Spans(NamedTuple):
    """From and until, one place each: the end is no part."""

    begins: Whole
    ends: Whole


def spans_of(measure: Measure, begins: Whole, lasts: Whole) -> Spans:
    """The time that each point covers: a moment of a heart rate covers its minute."""
    if measure is Measure.RESTING_HEART_RATE:
        # One figure a day: two sources always speak of the same.
        return Spans(np.zeros_like(begins), np.ones_like(begins))
    ends = begins + np.maximum(lasts, 1)
    if measure is Measure.HEART_RATE:
        minutes = begins - begins % _MINUTE
        is_moment = lasts < _MINUTE
        return Spans(np.where(is_moment, minutes, begins), np.where(is_moment, minutes + _MINUTE, ends))
    return Spans(begins, ends)


def union(parts: Sequence[Spans]) -> Spans:
    """The time of them all, in pieces that do not touch, in order."""
    begins, ends = (np.concatenate(each) for each in zip(*parts, strict=True))
    order = np.argsort(begins, kind="stable")
    begins, until = begins[order], np.maximum.accumulate(ends[order])
    is_apart = begins[1:] > until[:-1]
    return Spans(begins[np.concatenate([[True], is_apart])], until[np.concatenate([is_apart, [True]])])


def covered(spans: Spans, taken: Spans) -> Mask:
    """Which of them sources before have: half of one; of what is longer than an hour, anything at all.

    A sum of a whole day says nothing of when, so that it would count twice what was measured within it. `taken` as
    `union` makes it of one at least.
    """
    long = spans.ends - spans.begins
    both = _taken_until(spans.ends, taken) - _taken_until(spans.begins, taken)
    found: Mask = (both * 2 >= long) | ((both > 0) & (long > _HOUR))
    return found


def _taken_until(moments: Whole, taken: Spans) -> Whole:
    """How many seconds of `taken`, which is not nothing, are before each moment."""
    long = taken.ends - taken.begins
    # The last piece that begins before the moment, of what is before all of them the first.
    place = np.maximum(np.searchsorted(taken.begins, moments, side="right") - 1, 0)
    within = np.minimum(np.maximum(moments - taken.begins[place], 0), long[place])
    found: Whole = (np.cumsum(long) - long)[place] + within
    return found
