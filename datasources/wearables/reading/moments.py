"""Times such as `2026-05-04 12:00:00 +0300` by the thousand."""

from datetime import datetime, timedelta
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from datasources.wearables.columns import FURTHEST, Mask, Whole, microseconds, offset_kept

_EXAMPLE = "0000-00-00 00:00:00 +0000"
_SIGN = _EXAMPLE.index("+")
# Each sign as a distance from the least it may be, and how far it may be at most: two signs have one between them.
_LEAST = np.frombuffer(_EXAMPLE.encode(), np.uint8).reshape(-1, 1)
_MOST = np.array([9 if sign == "0" else 2 if sign == "+" else 0 for sign in _EXAMPLE], np.uint8).reshape(-1, 1)
_BETWEEN = 1
_LAST_HOUR, _LAST_MINUTE = 23, 59


class Moments(NamedTuple):
    """Microseconds since 1970, and `Columns.offsets`; both mean something only where it `is_told`."""

    since_1970: Whole
    offsets: NDArray[np.int16]
    is_told: Mask


def moments(texts: list[str]) -> Moments:
    """Of each text; what is written otherwise, and tells a time and an offset all the same, is read by itself."""
    found = _in_columns(_signs_of(texts))
    for place in np.flatnonzero(~found.is_told).tolist():
        if told := _moment(texts[place]):
            found.since_1970[place], found.offsets[place] = told
            found.is_told[place] = True
    return found


def _signs_of(texts: list[str]) -> NDArray[np.uint8]:
    """A row for each place in `_EXAMPLE`, a column a text; a text of another length is one of no time."""
    if set(map(len, texts)) - {len(_EXAMPLE)}:
        texts = [text if len(text) == len(_EXAMPLE) else "?" * len(_EXAMPLE) for text in texts]
    # What is not ASCII becomes a question mark, and is of no time either.
    signs = np.frombuffer("".join(texts).encode("ascii", "replace"), np.uint8)
    return np.ascontiguousarray(signs.reshape(-1, len(_EXAMPLE)).T)


def _in_columns(signs: NDArray[np.uint8]) -> Moments:
    # Below nought goes round to far above it.
    signs = signs - _LEAST
    is_told = (signs <= _MOST).all(axis=0) & (signs[_SIGN] != _BETWEEN)

    def two(at: int) -> Whole:
        found: Whole = signs[at].astype(np.int64) * 10 + signs[at + 1]
        return found

    year, hour, minute, second = two(0) * 100 + two(2), two(11), two(14), two(17)
    days, is_a_day = _days_since_1970(year, two(5), two(8))
    offset_minutes = two(_SIGN + 3)
    offsets = two(_SIGN + 1) * 60 + offset_minutes
    is_told &= is_a_day & (hour <= _LAST_HOUR) & (minute <= _LAST_MINUTE) & (second <= _LAST_MINUTE)
    is_told &= (offset_minutes <= _LAST_MINUTE) & (offsets <= FURTHEST)
    offsets = np.where(signs[_SIGN] == 0, offsets, -offsets)
    seconds = ((days * 24 + hour) * 60 + minute - offsets) * 60 + second
    return Moments(seconds * 1_000_000, offsets.astype(np.int16), is_told)


def _days_since_1970(year: Whole, month: Whole, day: Whole) -> tuple[Whole, Mask]:
    """(days, whether there is such a day)."""
    months = (year - 1970) * 12 + month - 1
    first, after = (
        each.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64) for each in (months, months + 1)
    )
    is_a_day = (year >= 1) & (month >= 1) & (month <= 12) & (day >= 1) & (day <= after - first)  # noqa: PLR2004
    return first + day - 1, is_a_day


def _moment(text: str) -> tuple[int, int] | None:
    """(microseconds, offset) of ISO 8601 with anything at all before the offset; None where either is missing."""
    try:
        moment = datetime.fromisoformat(text[: _SIGN - 1] + text[_SIGN:])
    except ValueError:
        return None
    distance = moment.utcoffset()
    if distance is None:
        return None
    return microseconds(moment), offset_kept(int(distance / timedelta(minutes=1)))
