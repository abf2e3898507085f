"""What differs between two sheets of one dataset and person: names of columns and counts of rows, never a value."""

from collections import Counter
from collections.abc import Sequence

import msgspec

# Rows are paired one with another: beyond this many, only counted.
_MOST_PAIRED = 200

_Row = tuple[bytes, ...]


class Changes(msgspec.Struct, frozen=True, array_like=True):
    """Rows that came, rows that went, and the source's columns in which rows that stayed say something else."""

    added: int
    removed: int
    columns: tuple[str, ...]


class _Body(msgspec.Struct):
    columns: list[str]
    values: list[list[msgspec.Raw]]


def changes_between(before: bytes, after: bytes) -> Changes | None:
    """None when nothing differs but the order, or when the two tell other columns: then the mapping was changed."""
    old, new = msgspec.json.decode(before, type=_Body), msgspec.json.decode(after, type=_Body)
    if old.columns != new.columns:
        return None
    was, now = Counter(_rows(old)), Counter(_rows(new))
    if was == now:
        return None
    gone, came = list((was - now).elements()), list((now - was).elements())
    changed: set[int] = set()
    paired = 0
    if len(gone) <= _MOST_PAIRED and len(came) <= _MOST_PAIRED:
        for row in gone:
            if (partner := _likest(row, came)) is not None:
                came.remove(partner)
                paired += 1
                changed |= {place for place, value in enumerate(row) if partner[place] != value}
    columns = tuple(old.columns[place] for place in sorted(changed))
    return Changes(added=len(came), removed=len(gone) - paired, columns=columns)


def together(before: Changes, after: Changes) -> Changes:
    """Two changes of one sheet, one after the other, told as one."""
    columns = tuple(sorted({*before.columns, *after.columns}))
    return Changes(before.added + after.added, before.removed + after.removed, columns)


def _rows(body: _Body) -> list[_Row]:
    return [tuple(bytes(value) for value in row) for row in zip(*body.values, strict=True)]


def _likest(row: _Row, others: Sequence[_Row]) -> _Row | None:
    """The row that agrees with this one in most places, if in half of them at least: the same one, changed."""
    best = max(others, key=lambda other: _alike(row, other), default=None)
    return best if best is not None and 2 * _alike(row, best) >= len(row) else None


def _alike(one: _Row, other: _Row) -> int:
    return sum(a == b for a, b in zip(one, other, strict=True))
