"""What a GDPR API offers: the trees of the first few people whom a service account may ask about."""

from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import UNSET

from datasources.connectors.gdpr_api.shape import steps
from datasources.connectors.gdpr_api.tree import Node
from datasources.errors import Drifted
from datasources.glimpses import Glimpse, Way, glimpse_of

MOST_PEOPLE = 5
_Told = tuple[Node, set[str]]


def glimpse(trees: Sequence[_Told], rows: str) -> Glimpse:
    """The records of (tree, what the person may be called there); `rows` as told, or where keys repeat.

    Each record also has whose it is, under the path that tells so in the tree. Drifted when no tree tells anything.
    """
    if not trees:
        raise Drifted("The GDPR API holds nothing on those whom it may be asked about.")
    way = steps(rows) or next((found for root, _ in trees if (found := _repeated(root))), ())
    key = next((path for root, names in trees if (path := _whose(root, names))), "")
    records = [_record(node, key) for root, _ in trees for node in _at(root, way)]
    return glimpse_of(records, where={"rows": "/".join(way)} | ({"key": key} if key else {}))


def _record(node: Node, key: str) -> dict[str, Any]:
    """Without what tells whose it is: that is no field."""
    told: dict[str, Any] = {}
    for way, value in _leaves(node, ()):
        path = "/".join(way)
        told[path] = [*_as_list(told[path]), value] if path in told else value
    told.pop(key, None)
    return told


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _leaves(node: Node, above: Way) -> Iterator[tuple[Way, Any]]:
    for child in node.children or ():
        way = (*above, child.key)
        if child.value is not UNSET:
            yield way, child.value
        else:
            yield from _leaves(child, way)


def _repeated(root: Node, above: Way = ()) -> Way:
    """The first way, from the top down, at which several nodes of one key stand side by side and have parts."""
    children = [child for child in root.children or () if child.children]
    keys = [child.key for child in children]
    if twice := next((key for key in keys if keys.count(key) > 1), ""):
        return (*above, twice)
    return next((found for child in children if (found := _repeated(child, (*above, child.key)))), ())


def _at(root: Node, way: Way) -> list[Node]:
    nodes = [root]
    for step in way:
        nodes = [child for node in nodes for child in node.named(step)]
    return nodes


def _whose(root: Node, names: set[str]) -> str:
    """The path of the value by which the tree says whose it is."""
    return next(("/".join(way) for way, value in _leaves(root, ()) if str(value).casefold() in names), "")
