"""Whatever the tree, its rows are those that the mapping names, each in its place."""

from contextlib import suppress
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasources.connectors.gdpr_api.shape import Shape
from datasources.connectors.gdpr_api.tree import rows_of, tree_of
from datasources.errors import Drifted, Garbled

SHAPE = Shape(rows="LIST/ROW", key="ID", columns={"a": "A", "b": "SUB/B"})
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
scalars = (
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | texts
)
values = st.recursive(scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3))
names = st.sampled_from(["ID", "LIST", "ROW", "A", "SUB", "B", "OTHER"])
trees = st.recursive(
    st.fixed_dictionaries({"key": names, "value": values}) | st.fixed_dictionaries({"key": names, "error": values}),
    lambda inner: st.fixed_dictionaries({"key": names, "children": st.none() | st.lists(inner, max_size=5)}),
    max_leaves=25,
)


def leaf(key: str, value: Any) -> dict[str, Any]:
    return {"key": key, "value": value}


def branch(key: str, *children: dict[str, Any]) -> dict[str, Any]:
    return {"key": key, "children": list(children)}


def shown(tree: dict[str, Any], shape: Shape = SHAPE) -> list[tuple[Any, ...]]:
    return rows_of(tree_of(msgspec.json.encode(tree)), shape)


@given(st.lists(st.tuples(values, values), min_size=1, max_size=6), st.data())
def test_rows_come_back_as_they_were_put_in(rows: list[tuple[Any, Any]], data: st.DataObject) -> None:
    nodes = [branch("ROW", *data.draw(st.permutations([leaf("A", a), branch("SUB", leaf("B", b))]))) for a, b in rows]
    noise = data.draw(st.lists(values.map(lambda value: leaf("OTHER", value)), max_size=3))
    split = data.draw(st.integers(0, len(nodes)))
    tree = branch("ROOT", *noise, branch("LIST", *nodes[:split], *noise), branch("LIST", *nodes[split:]))
    assert shown(tree) == rows


@given(st.lists(values, max_size=5))
def test_siblings_of_one_key_are_none_one_or_a_list(several: list[Any]) -> None:
    tree = branch("ROOT", branch("LIST", branch("ROW", leaf("A", 1), branch("SUB", *(leaf("B", v) for v in several)))))
    expected = None if not several else several[0] if len(several) == 1 else several
    assert shown(tree) == [(1, expected)]


@given(trees)
def test_any_tree_is_rows_of_the_right_width_or_a_sentence(tree: dict[str, Any]) -> None:
    with suppress(Garbled, Drifted):
        assert all(len(row) == len(SHAPE.selected) for row in shown(tree))


@given(st.binary(max_size=200) | values.map(msgspec.json.encode))
def test_any_bytes_are_a_tree_or_garbled(content: bytes) -> None:
    with suppress(Garbled):
        tree_of(content)


@pytest.mark.parametrize(
    "node",
    [
        {"key": "A"}, {"value": 1}, {"key": 1, "value": 1}, {"key": "A", "value": 1, "children": []},
        {"key": "A", "children": {}}, {"key": "A", "children": ["x"]}, {"key": "A", "value": 1, "error": 2}, [], None,
    ],
)  # fmt: skip
def test_what_is_no_node_is_garbled(node: Any) -> None:
    with pytest.raises(Garbled):
        tree_of(msgspec.json.encode(node))


def test_nul_is_taken_out_wherever_it_stands() -> None:
    tree = branch("ROOT", branch("LIST", branch("ROW", leaf("A", ["x\0", {"k\0": "\0y"}]), branch("SUB"))))
    assert shown(tree) == [(["x", {"k": "y"}], None)]


@pytest.mark.parametrize("emptied", [branch("LIST"), {"key": "LIST", "children": None}, leaf("LIST", None)])
def test_an_empty_list_has_no_rows_and_is_no_drift(emptied: dict[str, Any]) -> None:
    assert shown(branch("ROOT", emptied)) == []
