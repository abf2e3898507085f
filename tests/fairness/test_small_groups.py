"""No number of a group under the least size, and none that follows from the numbers by adding or taking away."""

from collections.abc import Iterable, Mapping
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consents.algorithms.fairness.computing import figures_of
from consents.algorithms.fairness.counting import counts_of
from consents.algorithms.fairness.grouping import Block, Sizes, hidden_block, pooled
from consents.algorithms.fairness.reading import cells_of
from tests.examples import examples
from tests.fairness.files import HEADER, by_hand, csv_of, plan, rows_of

LEAST = 30
BIG = (40, 40, 40, 40)
COLUMNS = {"language": ("fi", "sv", "en"), "sex": ("f", "m", "x"), "area": ("n", "s")}
KEYS = list(product(*COLUMNS.values()))


def counted(table: Mapping[tuple[str, str], Any]) -> dict[str, Any]:
    return counts_of(cells_of(by_hand(table), plan()), plan())


def told(column: Mapping[str, Any], what: str = "selection") -> dict[tuple[str, ...], int]:
    size = "n" if what == "selection" else "positives"
    return {tuple(each["groups"]): each[size] for each in column[what]}


def test_a_small_group_is_told_only_together_with_the_next_smallest() -> None:
    table = {("fi", "f"): BIG, ("fi", "m"): BIG, ("sv", "f"): (20, 20, 20, 20), ("sv", "m"): (20, 20, 20, 20)}
    found = counted(table | {("other", "f"): (5, 5, 5, 5), ("other", "m"): (1, 1, 1, 1)})
    assert told(found["columns"][0]) == {("fi",): 320, ("other", "sv"): 184}


def test_several_small_groups_are_told_together_when_they_are_enough() -> None:
    sizes: dict[Block, Sizes] = {("a",): (500,), ("b",): (400,), ("c",): (20,), ("d",): (25,)}
    assert pooled(sizes, LEAST) == [("a",), ("b",), ("c", "d")]


def test_where_nothing_is_left_to_compare_nothing_is_told() -> None:
    assert pooled({("a",): (500,), ("b",): (29,)}, LEAST) == []
    assert pooled({("a",): (10,), ("b",): (10,)}, LEAST) == []


def test_a_group_with_few_for_whom_yes_is_right_has_a_share_and_no_accuracy() -> None:
    table = {("fi", "f"): BIG, ("fi", "m"): BIG, ("sv", "f"): (30, 40, 40, 40), ("sv", "m"): BIG}
    few = {("other", "f"): (5, 5, 30, 30), ("other", "m"): (5, 5, 30, 30)}
    column = counted(table | few)["columns"][0]
    assert told(column) == {("fi",): 320, ("sv",): 310, ("other",): 140}
    assert set(told(column, "odds")) == {("fi",), ("other", "sv")}


def test_a_small_cell_hides_a_block_of_which_only_large_sums_are_known() -> None:
    lines: tuple[list[Block], list[Block]] = ([("a",), ("b",), ("c",)], [("x",), ("y",), ("z",)])
    cells: dict[tuple[Block, Block], Sizes] = dict.fromkeys(product(*lines), (100,))
    assert hidden_block(cells, LEAST) == (set(), set())
    cells[("a",), ("x",)] = (3,)
    rows, columns = hidden_block(cells, LEAST)
    assert (("a",) in rows, ("x",) in columns, len(rows), len(columns)) == (True, True, 2, 2)


def test_precision_of_few_who_were_chosen_is_not_enough_data() -> None:
    table = {(a, b): (4, 60, 2, 60) for a in ("fi", "sv", "other") for b in ("f", "m")}
    column = figures_of(counted(table))["columns"][0]
    assert {each["rate"] for each in column["precision"]} == {None}
    assert {each["rate"] is None for each in column["tpr"]} == {False}


def published(counts: Mapping[str, Any], what: str, cells: list[tuple[str, ...]]) -> np.ndarray[Any, Any]:
    """Every published number as a row over the smallest cells: 1 where it counts the people of the cell."""
    names = list(COLUMNS)

    def row(wanted: Mapping[str, Iterable[str]]) -> list[int]:
        return [int(all(cell[names.index(name)] in values for name, values in wanted.items())) for cell in cells]

    rows = [row({})]
    rows += [row({each["column"]: block["groups"]}) for each in counts["columns"] for block in each[what]]
    rows += [
        row(dict(zip(each["columns"], block["groups"], strict=True)))
        for each in counts["crossings"]
        for block in each[what]
    ]
    return np.array(rows)


def follows(rows: np.ndarray[Any, Any], wanted: list[int]) -> bool:
    """The number is a sum of published numbers, each added or taken away any number of times."""
    return bool(np.linalg.matrix_rank(np.vstack([rows, wanted])) == np.linalg.matrix_rank(rows))


def small_groups(cells: Mapping[tuple[str, ...], int]) -> Iterable[list[int]]:
    """Each group and each crossing of two with fewer than the least, and somebody, in it."""
    names, keys = list(COLUMNS), list(cells)
    singles = [{name: value} for name, values in COLUMNS.items() for value in values]
    pairs = [{a: x, b: y} for a in names for b in names if a < b for x in COLUMNS[a] for y in COLUMNS[b]]
    for wanted in (*singles, *pairs):
        row = [int(all(key[names.index(name)] == value for name, value in wanted.items())) for key in keys]
        if 0 < sum(here * cells[key] for here, key in zip(row, keys, strict=True)) < LEAST:
            yield row


@settings(max_examples=examples(40))
@given(st.lists(st.sampled_from([0, 1, 5, 12, 20, 31, 60, 200]), min_size=len(KEYS), max_size=len(KEYS)))
def test_no_small_group_follows_from_what_is_published(sizes: list[int]) -> None:
    table = {key: size for key, size in zip(KEYS, sizes, strict=True) if size}
    if sum(table.values()) < 2 * LEAST:
        return
    given_plan = plan(COLUMNS)
    # Half of each cell were chosen, and for half of each yes was right: the odd one makes both classes appear.
    rows = {(*key, str(n % 2), str(n // 2 % 2), "0.5"): 0 for key in table for n in range(4)}
    for key, size in table.items():
        for n in range(size):
            rows[*key, str(n % 2), str(n // 2 % 2), "0.5"] += 1
    content = csv_of(rows_of(rows), (*COLUMNS, "invited", "right", "score"))
    counts = counts_of(cells_of(content, given_plan), given_plan)
    cells = {key: table.get(key, 0) for key in KEYS}
    for what, people in (("selection", cells), ("odds", {key: _right(size) for key, size in cells.items()})):
        if what == "odds" and "positives" not in counts["everyone"]:
            assert not any(each["odds"] for each in (*counts["columns"], *counts["crossings"]))
            continue
        told_rows = published(counts, what, list(cells))
        assert [row for row in small_groups(people) if follows(told_rows, row)] == []


def _right(size: int) -> int:
    """Of so many people, for how many yes was right, as the rows above are made."""
    return sum(n // 2 % 2 for n in range(size))


@pytest.mark.parametrize("name", HEADER)
def test_no_group_of_a_single_person_is_in_the_counts(name: str) -> None:
    table = {(a, b): BIG for a in ("fi", "sv", "other") for b in ("f", "m")} | {("other", "f"): (1, 0, 0, 0)}
    found = str(counted(table))
    assert "'n': 1," not in found
    assert "'n': 0," not in found
