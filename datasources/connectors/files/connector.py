"""A folder of CSV files, open."""

import csv
import io
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import IO, Any

from datasources.connectors.files.fetching import Drop
from datasources.connectors.files.shape import Shape, settings_of, shape_of
from datasources.errors import Drifted, Garbled
from datasources.protocol import Holding, Limits, Whole, holding

_BOM = b"\xef\xbb\xbf"


class FilesConnector(Whole):
    """`mapping` is `{dataset: {file, encoding, delimiter, key, columns}}`."""

    def __init__(
        self, settings: dict[str, Any], secrets: dict[str, str], mapping: dict[str, Any], limits: Limits
    ) -> None:
        self._drop = Drop(settings_of(settings, secrets), limits)
        self._mapping = mapping

    def everyone(self, dataset: str) -> Iterator[Holding]:
        """One holding for each identity code of the file; its lines keep their order."""
        shape = shape_of(dataset, self._mapping[dataset])
        people: dict[str, list[tuple[str, ...]]] = defaultdict(list)
        born: dict[str, set[str]] = defaultdict(set)
        with self._drop.fetch(shape.file) as whole:
            for key, birth_date, row in rows_of(whole, shape):
                people[key].append(row)
                if birth_date:
                    born[key].add(birth_date)
        for key, rows in people.items():
            yield holding(key, shape.selected, rows, born=frozenset(born[key]))

    def one(self, dataset: str, identity_code: str) -> Sequence[Holding]:
        """The file is read whole, and only this person's lines are kept."""
        return [found for found in self.everyone(dataset) if found.key == identity_code]

    def close(self) -> None:
        """Hang up."""
        self._drop.close()


def rows_of(whole: IO[bytes], shape: Shape) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """(identity code, birth date, values in the order of `selected`) of each line; the values stay text."""
    encoding = "utf-8-sig" if whole.read(len(_BOM)) == _BOM else shape.encoding
    whole.seek(0)
    lines = csv.reader(io.TextIOWrapper(whole, encoding, newline=""), delimiter=shape.delimiter, strict=True)
    try:
        places = _places(next(lines, []), shape)
        key, born, *rest = places
        width = max(places) + 1
        for line in lines:
            if not line:
                continue
            if len(line) < width:
                raise Garbled(f"Line {lines.line_num} of {shape.file} is shorter than its header.")
            yield line[key].strip(), line[born].strip() if shape.born else "", tuple(line[place] for place in rest)
    except UnicodeError:
        raise Garbled(f"{shape.file} is not written in the encoding {encoding}.") from None
    except csv.Error as fault:
        raise Garbled(f"Line {lines.line_num} of {shape.file} is not proper CSV ({fault}).") from None


def _places(header: list[str], shape: Shape) -> list[int]:
    names = [name.strip().casefold() for name in header]
    wanted = [shape.key, shape.born or shape.key, *shape.selected]
    if gone := [name for name in wanted if name.casefold() not in names]:
        raise Drifted(f"{shape.file} no longer has the column {', '.join(dict.fromkeys(gone))}.")
    return [names.index(name.casefold()) for name in wanted]
