"""A check among a million who said yes, against the same check among ten thousand.

`check`: what a call takes among a million over what it takes among ten thousand, each over the bare view beside it, so
that a machine that is busy now and then counts for neither. Those asked about lie equally close together in both.
"""

from tests.bench.check import HELD, asked_about, let_in, one_and_floor
from tests.bench.framework import Portal, Row
from tests.bench.serving import add, fill, serving

FEW, MANY = 10_000, 1_000_000
BAR, RUNS = 1.2, 3


def rows(portal: Portal) -> list[Row]:
    """`check`, how many times as long."""
    codes = asked_about()
    fill(portal, codes[:HELD], crowd=FEW)
    few = _share_of_floor(portal, codes)
    add(portal, [], FEW + 1, MANY)
    many = _share_of_floor(portal, codes)
    return [Row("check", few / many, 1.0, "times", BAR, "lower")]


def _share_of_floor(portal: Portal, codes: list[str]) -> float:
    with serving(portal) as base:
        figures = one_and_floor(let_in(portal, base), codes, runs=RUNS)
    return figures["one"] / figures["floor"]
