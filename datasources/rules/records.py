"""A sheet of records that are told one by one: each has a key and a time, and an older word never undoes a newer.

The body is that of every sheet, and beside columns and values it has `marks`: the key of each row, when it was observed
(microseconds since 1970), and what was deleted. Showing passes over them; they are sealed with the rest.
"""

from collections.abc import Sequence
from enum import Enum

import msgspec

from datasources.rules.changes import Changes

Row = tuple[msgspec.Raw, ...]
# By then nobody sends again what they sent before a record was deleted.
GONE_FOR = 30 * 24 * 3600 * 1_000_000


class Verdict(Enum):
    """What became of a line."""

    STORED = "stored"
    UNCHANGED = "unchanged"
    DELETED = "deleted"
    FULL = "full"


class _Marks(msgspec.Struct):
    keys: list[str]
    at: list[int]
    gone: dict[str, int]


class _Body(msgspec.Struct):
    columns: list[str]
    values: list[list[msgspec.Raw]]
    marks: _Marks | None = None


_decode = msgspec.json.Decoder(_Body).decode


class Records:
    """One person's records in one dataset, opened. `columns` are the names that are kept now, `most` how many records.

    Rows that came without keys, by another way than pushing, go: nobody could ever change them.
    """

    def __init__(self, body: bytes | None, columns: Sequence[str], *, most: int) -> None:
        self._columns, self._most = list(columns), most
        self._rows: dict[str, tuple[int, Row]] = {}
        self._gone: dict[str, int] = {}
        self._added, self._removed, self._differing = 0, 0, set[int]()
        # Whether anything has to be written, and whether a reader could see it.
        self.moved = self.altered = False
        self.mapped_anew = False
        if body is not None:
            self._open(_decode(body))

    def _open(self, body: _Body) -> None:
        marks = body.marks
        if marks is None:
            self.moved = self.altered = self.mapped_anew = True
            return
        values: list[list[msgspec.Raw]] = body.values
        if body.columns != self._columns:
            self.moved = self.altered = self.mapped_anew = True
            nothing = [msgspec.Raw(b"null")] * len(marks.keys)
            before = dict(zip(body.columns, body.values, strict=True))
            values = [before.get(name, nothing) for name in self._columns]
        rows = zip(*values, strict=True)
        self._rows = {key: (at, row) for key, at, row in zip(marks.keys, marks.at, rows, strict=True)}
        self._gone = marks.gone

    def __len__(self) -> int:
        return len(self._rows)

    def put(self, key: str, at: int, row: Row) -> Verdict:
        """The record under this key, as it was observed then. An older observation changes nothing."""
        held = self._rows.get(key)
        if held is None:
            return self._add(key, at, row)
        if at < held[0]:
            return Verdict.UNCHANGED
        differing = {place for place, value in enumerate(row) if bytes(held[1][place]) != bytes(value)}
        if not differing and at == held[0]:
            return Verdict.UNCHANGED
        self._rows[key] = (at, row)
        self.moved = True
        if not differing:
            return Verdict.UNCHANGED
        self._differing |= differing
        self.altered = True
        return Verdict.STORED

    def _add(self, key: str, at: int, row: Row) -> Verdict:
        if at <= self._gone.get(key, at - 1):
            return Verdict.UNCHANGED
        if len(self._rows) >= self._most:
            return Verdict.FULL
        self._gone.pop(key, None)
        self._rows[key] = (at, row)
        self._added += 1
        self.moved = self.altered = True
        return Verdict.STORED

    def drop(self, key: str, at: int | None) -> Verdict:
        """The record under this key is held no more, as of then; without a time, whatever is held now goes."""
        held = self._rows.get(key)
        if held is None:
            if self._rows and at is not None and at > self._gone.get(key, at - 1):
                self._gone[key] = at
                self.moved = True
            return Verdict.UNCHANGED
        if at is not None and at < held[0]:
            return Verdict.UNCHANGED
        del self._rows[key]
        self._gone[key] = held[0] if at is None else at
        if not self._rows:
            # With the last record the sheet goes, and all that it remembered.
            self._gone.clear()
        self._removed += 1
        self.moved = self.altered = True
        return Verdict.DELETED

    @property
    def changes(self) -> Changes | None:
        """What a reader could see differ from the sheet as it was; None when nothing can be said."""
        if self.mapped_anew or not self.altered:
            return None
        names = tuple(self._columns[place] for place in sorted(self._differing))
        return Changes(added=self._added, removed=self._removed, columns=names)

    def body(self, *, now: int) -> bytes:
        """The same whatever the order in which the lines came. What was deleted long before `now` is forgotten."""
        keys = sorted(self._rows)
        rows = [self._rows[key][1] for key in keys]
        late = sorted((at, key) for key, at in self._gone.items() if at > now - GONE_FOR)[-self._most :]
        marks = _Marks(keys, [self._rows[key][0] for key in keys], {key: at for at, key in sorted(late)})
        values = [list(column) for column in zip(*rows, strict=True)]
        return msgspec.json.encode(_Body(self._columns, values, marks))
