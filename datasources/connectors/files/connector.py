"""A folder of dropped files, open."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec

from datasources.connectors.files.drops import Drop
from datasources.connectors.files.folder import FolderDrop
from datasources.connectors.files.pickup import State, glance, pick_up, put_away, state_now
from datasources.connectors.files.reading import rows_of
from datasources.connectors.files.reading.rows import Row
from datasources.connectors.files.sftp import SftpDrop
from datasources.connectors.files.shape import settings_of, shape_of
from datasources.errors import Garbled, Same
from datasources.protocol import Holding, Limits, Mark, Whole, holding

# Until the file is at its end, everybody's rows wait as JSON: a quarter of what they take as Python's values.
_pack = msgspec.json.Encoder(decimal_format="number").encode
_unpack = msgspec.json.Decoder(list[list[msgspec.Raw]]).decode
_READ_FROM_THE_TOP = ("csv", "tsv", "xml")
_ROWS_LOOKED_AT = 1000
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


class FilesConnector(Whole):
    """`mapping` is `{dataset: {file, format, encoding, key, columns, ...}}`; `root` is where this machine's drop
    folders are, below which every one of them stays.
    """

    def __init__(
        self,
        settings: dict[str, Any],
        secrets: dict[str, str],
        mapping: dict[str, Any],
        limits: Limits,
        *,
        root: Path | None = None,
    ) -> None:
        self._settings, self._limits = settings_of(settings, secrets), limits
        told = self._settings
        self._drop: Drop = SftpDrop(told, limits) if told.via == "sftp" else FolderDrop(root, told.folder)
        self._mapping = mapping
        self._read: dict[str, State] = {}
        self._settled: dict[str, State] = {}

    def everyone(self, dataset: str) -> Iterator[Holding]:
        """One holding for each identity code of the file; its rows keep their order."""
        shape = shape_of(dataset, self._mapping[dataset])
        people: dict[str, bytearray] = defaultdict(bytearray)
        born: dict[str, set[str]] = defaultdict(set)
        count = 0
        state, whole = pick_up(self._drop, shape.file, self._settings, self._limits)
        with whole:
            for row in rows_of(whole, shape):
                count += 1
                people[row.key] += _packed(row, count, shape.file) + b","
                if row.born:
                    born[row.key].add(row.born)
        if state.promise is not None:
            state.promise.hold_rows(shape.file, count)
        for key, rows in people.items():
            yield holding(key, shape.selected, _unpack(b"[" + rows[:-1] + b"]"), born=frozenset(born.get(key, ())))
        self._read[dataset] = state

    @contextmanager
    def parts(self, dataset: str, *, since: str | None = None, seen: str = "") -> Iterator[Sequence[Iterator[Holding]]]:
        """In one part."""
        yield [self._if_changed(dataset, seen) if seen else self.everyone(dataset)]

    def mark(self, dataset: str) -> Mark:
        """The state in which the file was read."""
        return Mark(seen=self._read[dataset].seen) if dataset in self._read else Mark()

    def _if_changed(self, dataset: str, seen: str) -> Iterator[Holding]:
        shape = shape_of(dataset, self._mapping[dataset])
        if state_now(self._drop, shape.file, self._settings, self._limits).seen == seen:
            raise Same("{file} is the file that was read last time.", file=shape.file)
        yield from self.everyone(dataset)

    def look(self, dataset: str, *, people: int) -> Iterator[Holding]:
        """The first rows. A workbook and JSON can be read whole only."""
        shape = shape_of(dataset, self._mapping[dataset])
        rows: dict[str, list[Row]] = defaultdict(list)
        if shape.kind in _READ_FROM_THE_TOP:
            whole = glance(self._drop, shape.file, self._settings, self._limits)
        else:
            _, whole = pick_up(self._drop, shape.file, self._settings, self._limits)
        with whole:
            for row in islice(_as_far(rows_of(whole, shape)), _ROWS_LOOKED_AT):
                rows[row.key].append(row)
                if len(rows) > people:
                    break
        for key, its_rows in islice(rows.items(), people):
            yield holding(key, shape.selected, [row.values for row in its_rows])

    def one(self, dataset: str, identity_code: str) -> Sequence[Holding]:
        """The file is read whole, and only this person's rows are kept."""
        return [found for found in self.everyone(dataset) if found.key == identity_code]

    def settle(self, dataset: str) -> None:
        """Put the dataset's file away, when every dataset that is mapped to it has settled in the same state of it."""
        if self._settings.after_reading == "leave" or dataset not in self._read:
            return
        state = self._settled[dataset] = self._read[dataset]
        sharing = [other for other, mapping in self._mapping.items() if mapping.get("file") == state.name]
        if all(self._settled.get(other) == state for other in sharing):
            names = {mapping.get("file", "") for mapping in self._mapping.values()}
            put_away(self._drop, state, self._settings, names)

    def close(self) -> None:
        """Let the folder go."""
        self._drop.close()


def _as_far(rows: Iterator[Row]) -> Iterator[Row]:
    """Until something is wrong that comes of not having the rest: what was right until then is enough for a look."""
    first = next(rows, None)
    if first is not None:
        yield first
        with suppress(Garbled):
            yield from rows


def _packed(row: Row, number: int, file: str) -> bytes:
    packed = _pack(row.values)
    # JSON and XLSX can spell what a text file cannot hold.
    if _NUL.search(packed):
        raise Garbled("Row {row} of {file} holds a NUL, which no text does.", row=number, file=file)
    return packed
