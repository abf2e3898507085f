"""A row, and how its columns are found in a table or in a tree."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from datasources.connectors.files.shape import Shape
from datasources.errors import Drifted, Garbled


class Row(NamedTuple):
    """`key` is the identity code, `born` the birth date beside it or nothing; `values` in the order of `selected`.

    Its `repr` would show a person's data, so it has none.
    """

    key: str
    born: str
    values: tuple[Any, ...]

    def __repr__(self) -> str:
        return "<Row>"


def row_of(found: Sequence[Any], shape: Shape) -> Row:
    """The row of values in the order of `wanted`."""
    key, born, *values = found
    return Row(_told(key), _told(born) if shape.born else "", tuple(values))


def places_of(header: Sequence[str], shape: Shape) -> list[int]:
    """Where each wanted column stands in a table. Drifted names what is gone; Garbled what stands there twice."""
    places: dict[str, list[int]] = {}
    for place, name in enumerate(header):
        places.setdefault(name.strip().casefold(), []).append(place)
    found = {name: places.get(name.strip().casefold(), []) for name in shape.wanted}
    if gone := [name for name, there in found.items() if not there]:
        raise Drifted("{file} no longer has the column {names}.", file=shape.file, names=", ".join(gone))
    if twice := [name for name, there in found.items() if len(there) > 1]:
        raise Garbled("{file} has the column {names} more than once.", file=shape.file, names=", ".join(twice))
    return [found[name][0] for name in shape.wanted]


class Paths:
    """The wanted columns of a tree, as keys from the row down. A row may lack one; that every row does is a drift."""

    def __init__(self, shape: Shape) -> None:
        self._shape = shape
        self.steps = [tuple(name.split("/")) for name in shape.wanted]
        self._unseen = dict.fromkeys(shape.wanted)
        self._rows = 0

    def row(self, found: Sequence[tuple[bool, Any]]) -> Row:
        """The next row, of (whether it is there, value) in the order of `wanted`. Drifted when nothing tells whose."""
        self._rows += 1
        for name, (there, _) in zip(self._shape.wanted, found, strict=True):
            if there:
                self._unseen.pop(name, None)
        row = row_of([value for _, value in found], self._shape)
        if not row.key:
            raise Drifted(
                "Row {row} of {file} has no {key}.", row=self._rows, file=self._shape.file, key=self._shape.key
            )
        return row

    def end(self) -> None:
        """Drifted when a column was in no row at all."""
        if self._rows and self._unseen:
            raise Drifted("{file} no longer has {names}.", file=self._shape.file, names=", ".join(self._unseen))


def _told(value: Any) -> str:
    return "" if value is None else str(value).strip()
