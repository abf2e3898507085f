"""From cells to the counts that may be published: everything else is computed from these, by whoever wants to."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations, product
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from consents.algorithms.fairness.grouping import Block, Sizes, hidden_block, pooled
from consents.algorithms.fairness.plans import Plan

FORMAT = "fairness-counts-1"
# n, selected, positives, true positives, negatives, false positives.
Counts = tuple[int, int, int, int, int, int]
Json = dict[str, Any]
_NOTHING: Counts = (0, 0, 0, 0, 0, 0)


def counts_of(cells: pa.Table, plan: Plan) -> Json:
    """As JSON: everyone, each column, each pair of columns; of no group that is too small a number.

    A column: `selection` (blocks of groups with n and selected), `odds` (positives and negatives, and how many of each
    were selected), `calibration` (of the same blocks, for parts of the score). A block of several groups stands for
    groups that may be told only together. A crossing has the same of pairs of blocks; what it lacks may not be told.
    """
    names = [each.column for each in plan.groups]
    singles: dict[str, dict[Block, Counts]] = {
        name: {(value,): each for (value,), each in _by(cells, [name]).items()} for name in names
    }
    everyone = _added(singles[names[0]].values())
    alike = {
        name: pooled({block: (each[0],) for block, each in found.items()}, plan.least)
        for name, found in singles.items()
    }
    with_truth = {name: _with_truth(singles[name], alike[name], plan.least) for name in names}
    told = min(everyone[2], everyone[4]) >= plan.least
    edges = _edges(cells, with_truth, plan) if plan.score else []
    return {
        "format": FORMAT,
        "least": plan.least,
        "everyone": _selection(everyone) | (_odds(everyone) if told else {}),
        "columns": [
            {
                "column": name,
                "selection": [_row(block, singles[name], _selection) for block in alike[name]],
                "odds": [_row(block, singles[name], _odds) for block in with_truth[name]],
                "calibration": [_bins(cells, name, block, edges) for block in with_truth[name] if edges],
            }
            for name in names
        ],
        "crossings": [
            _crossing(_by(cells, [*pair]), pair, alike, with_truth, plan.least) for pair in combinations(names, 2)
        ],
    }


def _alike(found: Mapping[Block, Counts], least: int) -> list[Block]:
    return pooled({block: (each[0],) for block, each in found.items()}, least)


def _with_truth(found: Mapping[Block, Counts], blocks: Iterable[Block], least: int) -> list[Block]:
    return pooled({block: (_of(block, found)[2], _of(block, found)[4]) for block in blocks}, least)


def _by(cells: pa.Table, names: list[str]) -> dict[tuple[str, ...], Counts]:
    """What each group, or pair of groups, comes to."""
    table = cells.group_by([*names, "outcome", "truth"]).aggregate([("n", "sum")])
    found: dict[tuple[str, ...], Counts] = {}
    for row in table.to_pylist():
        key, n, chosen, true = tuple(row[name] for name in names), row["n_sum"], row["outcome"], row["truth"]
        new = (n, n * chosen, n * true, n * true * chosen, n * (1 - true), n * (1 - true) * chosen)
        found[key] = _added([found.get(key, _NOTHING), new])
    return found


def _added(counts: Iterable[Counts]) -> Counts:
    a, b, c, d, e, f = map(sum, zip(*counts, strict=True))
    return a, b, c, d, e, f


def _of(block: Block, found: Mapping[Block, Counts]) -> Counts:
    return _added(found[(value,)] for value in block)


def _selection(counts: Counts) -> Json:
    return {"n": counts[0], "selected": counts[1]}


def _odds(counts: Counts) -> Json:
    names = ("positives", "true_positives", "negatives", "false_positives")
    return dict(zip(names, counts[2:], strict=True))


def _row(block: Block, found: Mapping[Block, Counts], told: Any) -> Json:
    return {"groups": list(block), **told(_of(block, found))}


def _edges(cells: pa.Table, blocks: Mapping[str, list[Block]], plan: Plan) -> list[int]:
    """Where the parts of the score end, the same for all: each part has enough people of every block that is told."""
    sizes: list[dict[int, int]] = []
    for name, of_column in blocks.items():
        by_bin = cells.group_by([name, "bin"]).aggregate([("n", "sum")]).to_pylist()
        for block in of_column:
            found: dict[int, int] = {}
            for row in by_bin:
                if row[name] in block:
                    found[row["bin"]] = found.get(row["bin"], 0) + row["n_sum"]
            sizes.append(found)
    return _ended(sizes, plan.least)


def _ended(sizes: list[dict[int, int]], least: int, bins: int = 10) -> list[int]:
    ends, begins = [], 0
    for end in range(1, bins + 1):
        if sizes and all(sum(each.get(bin_, 0) for bin_ in range(begins, end)) >= least for each in sizes):
            ends.append(end)
            begins = end
    return [*ends[:-1], bins] if ends else []


def _bins(cells: pa.Table, name: str, block: Block, edges: list[int]) -> Json:
    of_block = cells.filter(pc.is_in(cells[name], pa.array(list(block))))
    parts, begins = [], 0
    for end in edges:
        inside = of_block.filter(pc.and_(pc.greater_equal(of_block["bin"], begins), pc.less(of_block["bin"], end)))
        n, score = pc.sum(inside["n"]).as_py(), pc.sum(inside["score"]).as_py()
        true = pc.sum(inside.filter(pc.equal(inside["truth"], 1))["n"]).as_py() or 0
        parts.append(
            {"from": begins / 10, "to": end / 10, "n": n, "positives": true, "mean_score": round(score / n, 4)}
        )
        begins = end
    return {"groups": list(block), "bins": parts}


def _crossing(
    found: Mapping[tuple[str, ...], Counts],
    pair: tuple[str, str],
    alike: Mapping[str, list[Block]],
    with_truth: Mapping[str, list[Block]],
    least: int,
) -> Json:
    selection = _told(found, alike[pair[0]], alike[pair[1]], least, lambda each: (each[0],))
    odds = _told(found, with_truth[pair[0]], with_truth[pair[1]], least, lambda each: (each[2], each[4]))
    return {
        "columns": list(pair),
        "selection": [{"groups": [list(a), list(b)], **_selection(each)} for (a, b), each in selection],
        "odds": [{"groups": [list(a), list(b)], **_odds(each)} for (a, b), each in odds],
    }


def _told(
    found: Mapping[tuple[str, ...], Counts], rows: list[Block], columns: list[Block], least: int, sizes: Any
) -> Iterator[tuple[tuple[Block, Block], Counts]]:
    """The cells of a table of two columns that may be told; none where a column has fewer than two blocks."""
    cells = {
        (row, column): _added(found.get((a, b), _NOTHING) for a, b in product(row, column))
        for row, column in product(rows, columns)
    }
    told: Mapping[tuple[Block, Block], Sizes] = {where: sizes(each) for where, each in cells.items()}
    hidden = hidden_block(told, least) if cells else (set(), set())
    for where, each in sorted(cells.items()):
        if where[0] not in hidden[0] or where[1] not in hidden[1]:
            yield where, each
