"""A folder of dropped files, open."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec

from datasources.connectors.files import offering
from datasources.connectors.files.drops import Drop
from datasources.connectors.files.folder import FolderDrop
from datasources.connectors.files.looking import first_rows
from datasources.connectors.files.pickup import State, pick_up, put_away, state_now
from datasources.connectors.files.reading import rows_of
from datasources.connectors.files.reading.rows import Row
from datasources.connectors.files.sftp import SftpDrop
from datasources.connectors.files.shape import settings_of, shape_of
from datasources.errors import Garbled, Same
from datasources.glimpses import Glimpse, Place
from datasources.protocol import Holding, Limits, Mark, Whole, holding

# Until the file is at its end, everybody's rows wait as JSON: a quarter of what they take as Python's values.
_pack = msgspec.json.Encoder(decimal_format="number").encode
_unpack = msgspec.json.Decoder(list[list[msgspec.Raw]]).decode
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
        """The first rows; of a long file, no more than its beginning is fetched."""
        shape = shape_of(dataset, self._mapping[dataset])
        rows: dict[str, list[Row]] = defaultdict(list)
        for row in islice(first_rows(self._drop, shape, self._settings, self._limits), _ROWS_LOOKED_AT):
            rows[row.key].append(row)
            if len(rows) > people:
                break
        for key, its_rows in islice(rows.items(), people):
            yield holding(key, shape.selected, [row.values for row in its_rows])

    def places(self) -> Iterator[Place]:
        """The files of the folder, as it is now."""
        return offering.places(self._drop)

    def glimpse(self, where: Mapping[str, Any]) -> Glimpse:
        """The first rows of a file."""
        return offering.glimpse(self._drop, where, self._settings, self._limits)

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


def _packed(row: Row, number: int, file: str) -> bytes:
    packed = _pack(row.values)
    # JSON and XLSX can spell what a text file cannot hold.
    if _NUL.search(packed):
        raise Garbled("Row {row} of {file} holds a NUL, which no text does.", row=number, file=file)
    return packed
