"""What a system offers before anything of it is mapped: its tables or files, and a few records, within bounds."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Protocol, runtime_checkable

MOST_PLACES, MOST_PARTS, MOST_RECORDS = 3000, 400, 500
LONGEST_VALUE = 200
_DEEPEST = 5
Way = tuple[str, ...]


@dataclass(frozen=True)
class Place:
    """A table or a file. `parts`: (column as a mapping names it, the system's own word for its type). `links`: pairs of
    columns, here and in another table, by which the system itself finds the one from the other.
    """

    name: str
    parts: tuple[tuple[str, str], ...] = ()
    links: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Glimpse:
    """The first records of one place, each `{part as a mapping names it: value}`; at most 500, and 400 parts.

    `where`: what was found out on the way, in the words of a mapping (`items`, `next`, `rows`, `delimiter`, `key`).
    `types`: each part with the system's own word for its type, or nothing. Long texts are cut.
    """

    where: Mapping[str, str]
    types: Mapping[str, str]
    records: Sequence[Mapping[str, Any]] = field(repr=False)


@runtime_checkable
class Offers(Protocol):
    """A connector that tells what could be mapped. Both raise SourceFault; both read little."""

    def places(self) -> Iterator[Place]:
        """Tables or files, at most 3,000; none where the system does not tell."""
        ...

    def glimpse(self, where: Mapping[str, Any]) -> Glimpse:
        """A few records of the place that `where` names, in the words of a mapping."""
        ...


def glimpse_of(
    records: Iterable[Mapping[str, Any]],
    *,
    where: Mapping[str, str] | None = None,
    types: Mapping[str, str] | None = None,
) -> Glimpse:
    """Of the first records; their parts in the order in which they come."""
    taken = [_cut(record) for record in islice(records, MOST_RECORDS)]
    names = dict.fromkeys(name for record in taken for name in record)
    told = dict(types or {}) or dict.fromkeys(islice(names, MOST_PARTS), "")
    return Glimpse(dict(where or {}), told, taken)


def _cut(record: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value[:LONGEST_VALUE] if isinstance(value, str) else value
        for name, value in islice(record.items(), MOST_PARTS)
    }


def leaves(value: Mapping[str, Any], named: Callable[[Way], str]) -> dict[str, Any]:
    """`{name of the way: value}` of what an object holds, objects within it taken apart; a list is one value."""
    return {named(way): leaf for way, leaf in islice(_leaves(value, ()), MOST_PARTS)}


def _leaves(value: Mapping[str, Any], above: Way) -> Iterator[tuple[Way, Any]]:
    for name, inner in value.items():
        way = (*above, name)
        if isinstance(inner, dict) and inner and len(way) < _DEEPEST:
            yield from _leaves(inner, way)
        else:
            yield way, inner


def list_in(value: Any) -> tuple[Way, Sequence[Mapping[str, Any]]] | None:
    """The way to the list of objects that lies nearest to the top, and the list; None when there is none."""
    level: list[tuple[Way, Any]] = [((), value)]
    for _ in range(_DEEPEST):
        for way, inner in level:
            if isinstance(inner, list) and inner and all(isinstance(item, dict) for item in inner):
                return way, inner
        level = [
            ((*way, name), deeper) for way, inner in level if isinstance(inner, dict) for name, deeper in inner.items()
        ]
    return None
