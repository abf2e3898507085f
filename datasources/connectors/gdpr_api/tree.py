"""The tree that a GDPR API answers with, and the rows that a mapping takes out of it.

A node is `{key}` with one of `value` (any JSON), `children` (nodes, or null) and `error`; siblings may share a key, and
`label` is left alone: labels come from our catalogue.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from datasources.connectors.gdpr_api.shape import Path, Shape, steps
from datasources.errors import Drifted, Garbled
from datasources.outward import json_of


class Node(msgspec.Struct, frozen=True):
    """One node; its `repr` would show a person's data, so it has none."""

    key: str
    value: Any = UNSET
    children: "list[Node] | UnsetType | None" = UNSET
    error: Any = UNSET

    def __repr__(self) -> str:
        return "<Node>"

    def __post_init__(self) -> None:
        if [self.value, self.children, self.error].count(UNSET) != 2:  # noqa: PLR2004 - of three, one is there
            raise ValueError("a node with none or several of value, children and error")

    def named(self, key: str) -> Iterator["Node"]:
        """The children of this key, in their order."""
        return (child for child in self.children or () if child.key == key)


_decode = msgspec.json.Decoder(Node).decode


def tree_of(content: bytes) -> Node:
    """The tree of an answer; Garbled when it is none, has a name twice, or is deeper than anybody's data."""
    try:
        tree = _decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Garbled("The answer of the GDPR API is not the tree agreed.") from None
    except RecursionError:
        raise Garbled("The answer of the GDPR API is nested too deeply.") from None
    json_of(content, "The GDPR API")
    return tree


def keys_of(root: Node, shape: Shape) -> list[str]:
    """Whose data it says to be, each once. Drifted when it does not say."""
    values = [_plain(node.value) for node in _found([root], steps(shape.key), at=shape.key)]
    told = list(dict.fromkeys(str(value) for value in values if value not in (UNSET, None, "")))
    if not told:
        raise Drifted("The GDPR API no longer tells {key}, by which is known whose data it is.", key=shape.key)
    return told


def rows_of(root: Node, shape: Shape) -> list[tuple[Any, ...]]:
    """A row for each node that `rows` leads to, values in the order of `selected`.

    A value that is not there is None; several under one path become a list. Drifted when the list that should hold the
    rows is gone, or a field from every row; Garbled when the API says that it could not tell one of the fields.
    """
    way = steps(shape.rows)
    nodes: Sequence[Node] = [root]
    if way:
        above = _found([root], way[:-1], at=shape.rows)
        if not above and not _emptied([root], way[:-1]):
            raise Drifted("The GDPR API no longer sends {rows}.", rows=shape.rows)
        nodes = _found(above, way[-1:], at=shape.rows)
    paths = [(path, steps(path)) for path in shape.selected]
    for path, keys in paths:
        if nodes and not any(any(node.named(keys[0])) for node in nodes):
            raise Drifted("The GDPR API no longer sends {path}.", path=path)
    return [tuple(_value(node, path, keys) for path, keys in paths) for node in nodes]


def _value(row: Node, path: str, keys: Path) -> Any:
    values = [_plain(node.value) for node in _found([row], keys, at=path) if node.value is not UNSET]
    return values[0] if len(values) == 1 else values or None


def _found(nodes: Sequence[Node], keys: Path, *, at: str) -> Sequence[Node]:
    """The nodes at the end of the keys, in the order of the tree."""
    for step in (None, *keys):
        nodes = list(nodes) if step is None else [child for node in nodes for child in node.named(step)]
        if any(node.error is not UNSET for node in nodes):
            raise Garbled("The GDPR API could not tell {at}.", at=at)
    return nodes


def _emptied(nodes: Sequence[Node], keys: Path) -> bool:
    """Some list on the way is there, and empty: nothing can be missing below it."""
    for key in keys:
        if nodes and all(not node.children and node.value in (UNSET, None) for node in nodes):
            return True
        nodes = [child for node in nodes for child in node.named(key)]
    return False


def _plain(value: Any) -> Any:
    """Without NUL, which neither a page nor a database can hold."""
    if isinstance(value, str):
        return value.replace("\0", "")
    if isinstance(value, list):
        return [_plain(part) for part in value]
    if isinstance(value, dict):
        return {_plain(name): _plain(part) for name, part in value.items()}
    return value
