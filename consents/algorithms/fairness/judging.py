"""Whether what was planned holds, and whether it is worse than the last time: pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from consents.algorithms.fairness.intervals import Range, difference
from consents.algorithms.fairness.plans import Measure, Plan


class Finding(StrEnum):
    """What a comparison comes to."""

    WITHIN = "within"
    OVER = "over"
    MAY_BE_CHANCE = "may_be_chance"
    TOO_LITTLE = "too_little"


class Verdict(StrEnum):
    """What an evaluation comes to."""

    PASSED = "passed"
    FAILED = "failed"
    TOO_LITTLE = "too_little"


class Change(StrEnum):
    """Against the evaluation before."""

    WORSE = "worse"
    BETTER = "better"
    CHANCE = "chance"


@dataclass(frozen=True)
class Compared:
    """One measure over the groups of one column, or of two that cross; `judged` when the plan lets it decide."""

    measure: Measure
    columns: tuple[str, ...]
    finding: Finding
    judged: bool


@dataclass(frozen=True)
class Drift:
    """How much further apart than before, with its interval."""

    columns: tuple[str, ...]
    measure: Measure
    change: Change
    now: Range
    before: Range
    by: Range


def compared(figures: Mapping[str, Any], plan: Plan) -> Iterator[Compared]:
    """Every measure of every column and crossing, as the figures have them."""
    rows = [(row, (row["column"],), True) for row in figures["columns"]]
    rows += [(row, tuple(row["columns"]), plan.crossings) for row in figures["crossings"]]
    for row, columns, counts in rows:
        for measure in Measure:
            if measure is Measure.CALIBRATION and (len(columns) > 1 or not plan.score):
                continue
            yield Compared(measure, columns, _finding(row, measure, plan), counts and measure in plan.judged)


def _finding(row: Mapping[str, Any], measure: Measure, plan: Plan) -> Finding:
    """Over the limit by what may be chance is neither within it nor over it."""
    limits, odds = plan.limits, row["odds"]
    if measure is Measure.PARITY:
        parity = row["parity"]
        return _over(parity, parity and (parity["difference"] > limits.difference or parity["ratio"] < limits.ratio))
    if measure is Measure.OPPORTUNITY:
        return _over(odds and odds["tpr"], odds and odds["tpr"]["difference"] > limits.odds)
    if measure is Measure.ODDS:
        return _over(odds, odds and odds["difference"] > limits.odds)
    gaps = (row.get("calibration") or {}).get("gaps")
    widest = max(gaps, key=lambda gap: float(abs(gap["gap"]))) if gaps else None
    return _over(widest, widest and abs(widest["gap"]) > limits.calibration)


def _over(told: Mapping[str, Any] | None, over: Any) -> Finding:
    if not told:
        return Finding.TOO_LITTLE
    if not over:
        return Finding.WITHIN
    return Finding.MAY_BE_CHANCE if told["low"] <= 0 <= told["high"] else Finding.OVER


def verdict(found: Mapping[str, Any], plan: Plan) -> Verdict:
    """Failed where one judged comparison is over its limit; passed where each column could be judged by each measure.

    A crossing of which nothing is certain leaves the verdict to the columns.
    """
    judged = [each for each in compared(found, plan) if each.judged]
    if any(each.finding is Finding.OVER for each in judged):
        return Verdict.FAILED
    unknown = {Finding.TOO_LITTLE, Finding.MAY_BE_CHANCE}
    if any(each.finding in unknown and len(each.columns) == 1 for each in judged):
        return Verdict.TOO_LITTLE
    return Verdict.PASSED


def drift(now: Mapping[str, Any], before: Mapping[str, Any]) -> Iterator[Drift]:
    """Of every column that both have: whether its groups lie further apart than before."""
    old = {row["column"]: row for row in before["columns"]}
    for row in now["columns"]:
        for measure, name in ((Measure.PARITY, "parity"), (Measure.ODDS, "odds")):
            new, last = row[name], old.get(row["column"], {}).get(name)
            if not new or not last:
                continue
            here, there = _range(new), _range(last)
            by = difference(here, there)
            yield Drift((row["column"],), measure, _change(by), here, there, by)


def _range(told: Mapping[str, Any]) -> Range:
    return Range(told["difference"], told["low"], told["high"])


def _change(by: Range) -> Change:
    if by.low > 0:
        return Change.WORSE
    return Change.BETTER if by.high < 0 else Change.CHANCE
