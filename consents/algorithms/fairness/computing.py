"""The figures, by fairlearn, from the counts that are published: whoever has the counts can compute them again.

fairlearn gets one row for each combination of group, truth and outcome, weighted by its count. That gives what the
rows themselves give, in a moment, and nothing that the counts do not tell.
"""

from collections.abc import Iterable, Mapping, Sequence
from math import isfinite
from typing import Any

import pandas as pd
from fairlearn.metrics import (
    MetricFrame,
    demographic_parity_difference,
    demographic_parity_ratio,
    equalized_odds_difference,
    false_positive_rate,
    selection_rate,
    true_positive_rate,
)
from sklearn.metrics import precision_score  # type: ignore[import-untyped]

from consents.algorithms.fairness.intervals import Range, difference, pairs_of, ratio, share, z_of

Json = dict[str, Any]
Row = Mapping[str, Any]
DIGITS = 6


def figures_of(counts: Json) -> Json:
    """Shares with their intervals, differences between groups and how well scores come true, as JSON."""
    return {
        "everyone": _everyone(counts["everyone"]),
        "columns": [
            {"column": each["column"], **_compared(each, counts["least"]), "calibration": _calibration(each)}
            for each in counts["columns"]
        ],
        "crossings": [{"columns": each["columns"], **_compared(each, counts["least"])} for each in counts["crossings"]],
    }


def _everyone(counts: Mapping[str, int]) -> Json:
    found: Json = {"selection": _told(share(counts["selected"], counts["n"]))}
    if "positives" in counts:
        found["base"] = _told(share(counts["positives"], counts["n"]))
    return found


def _compared(told: Mapping[str, Any], least: int) -> Json:
    selection, odds = told["selection"], told["odds"]
    found: Json = {"selection": [], "tpr": [], "fpr": [], "precision": [], "base": [], "parity": None, "odds": None}
    if selection:
        table = _rows_of_selection(selection)
        rates = _frame(table, {"rate": selection_rate})["rate"]
        found["selection"] = _shares(selection, "selected", "n", rates)
        if len(selection) > 1:
            found["parity"] = _parity(table, found["selection"], selection)
    if odds:
        found |= _with_truth(odds, least)
    return found


def _with_truth(odds: Sequence[Row], least: int) -> Json:
    table = _rows_of_odds(odds)
    rates = _frame(table, {"tpr": true_positive_rate, "fpr": false_positive_rate, "precision": _precision})
    chosen = [
        {"groups": each["groups"], "selected": each["true_positives"] + each["false_positives"]} | dict(each)
        for each in odds
    ]
    everyone = [each | {"n": each["positives"] + each["negatives"]} for each in chosen]
    enough = [each["selected"] >= least for each in chosen]
    found: Json = {
        "tpr": _shares(odds, "true_positives", "positives", rates["tpr"]),
        "fpr": _shares(odds, "false_positives", "negatives", rates["fpr"]),
        "precision": _shares(chosen, "true_positives", "selected", rates["precision"], enough=enough),
        "base": _shares(everyone, "positives", "n", None),
    }
    return found | ({"odds": _odds(table, found, odds)} if len(odds) > 1 else {})


def _precision(y_true: Any, y_pred: Any, sample_weight: Any) -> float:
    return float(precision_score(y_true, y_pred, sample_weight=sample_weight, zero_division=0.0))


def _rows_of_selection(rows: Sequence[Row]) -> pd.DataFrame:
    """`truth` is not known here, and no measure of these asks for it."""
    found = [
        (number, outcome, outcome, weight)
        for number, row in enumerate(rows)
        for outcome, weight in ((1, row["selected"]), (0, row["n"] - row["selected"]))
    ]
    return pd.DataFrame(found, columns=["group", "truth", "outcome", "weight"])


def _rows_of_odds(rows: Sequence[Row]) -> pd.DataFrame:
    found = [
        (number, truth, outcome, weight)
        for number, row in enumerate(rows)
        for truth, of, chosen in ((1, "positives", "true_positives"), (0, "negatives", "false_positives"))
        for outcome, weight in ((1, row[chosen]), (0, row[of] - row[chosen]))
    ]
    return pd.DataFrame(found, columns=["group", "truth", "outcome", "weight"])


def _frame(table: pd.DataFrame, metrics: Mapping[str, Any]) -> Any:
    weights = {name: {"sample_weight": table["weight"]} for name in metrics}
    frame = MetricFrame(
        metrics=dict(metrics),
        y_true=table["truth"],
        y_pred=table["outcome"],
        sensitive_features=table["group"],
        sample_params=weights,
    )
    return frame.by_group


def _shares(
    rows: Sequence[Row], count: str, of: str, rates: Any, *, enough: Iterable[bool] | None = None
) -> list[Json]:
    """The rates as fairlearn has them, with Wilson's intervals; None where there is not enough data."""
    found = []
    for number, (row, told) in enumerate(zip(rows, enough or [True] * len(rows), strict=True)):
        if not told:
            found.append({"groups": row["groups"], "rate": None})
            continue
        by_hand = share(row[count], row[of])
        rate = float(rates.loc[number]) if rates is not None else by_hand.value
        found.append({"groups": row["groups"], **_told(Range(rate, by_hand.low, by_hand.high))})
    return found


def _told(told: Range) -> Json:
    return {"rate": round(told.value, DIGITS), "low": round(told.low, DIGITS), "high": round(told.high, DIGITS)}


def _apart(rows: Sequence[Row], count: str, of: str) -> tuple[Mapping[str, Any], Mapping[str, Any], Range]:
    """The groups with the most and the least, and how far they lie apart."""
    z = z_of(pairs_of(len(rows)))
    most = max(rows, key=lambda row: (row[count] / row[of], row["groups"]))
    least = min(rows, key=lambda row: (row[count] / row[of], row["groups"]))
    return most, least, difference(share(most[count], most[of], z=z), share(least[count], least[of], z=z))


def _parity(table: pd.DataFrame, told: Sequence[Json], rows: Sequence[Row]) -> Json:
    given = {"sensitive_features": table["group"], "sample_weight": table["weight"]}
    value = float(demographic_parity_difference(table["truth"], table["outcome"], **given))
    times = float(demographic_parity_ratio(table["truth"], table["outcome"], **given))
    most, least, apart = _apart(rows, "selected", "n")
    z = z_of(pairs_of(len(rows)))
    around = ratio(share(least["selected"], least["n"], z=z), share(most["selected"], most["n"], z=z))
    return {
        "difference": round(value, DIGITS),
        "low": round(apart.low, DIGITS),
        "high": round(apart.high, DIGITS),
        # 0 to 0 is no difference: fairlearn has no ratio there.
        "ratio": round(times if isfinite(times) else 1.0, DIGITS),
        "ratio_low": round(around.low, DIGITS),
        "ratio_high": round(around.high, DIGITS) if isfinite(around.high) else None,
        "most": most["groups"],
        "least": least["groups"],
    }


def _odds(table: pd.DataFrame, found: Json, rows: Sequence[Row]) -> Json:
    value = float(
        equalized_odds_difference(
            table["truth"], table["outcome"], sensitive_features=table["group"], sample_weight=table["weight"]
        )
    )
    parts = {
        "tpr": _apart(rows, "true_positives", "positives"),
        "fpr": _apart(rows, "false_positives", "negatives"),
    }
    wider = max(parts, key=lambda name: parts[name][2].value)
    told: Json = {
        name: {
            "difference": round(apart.value, DIGITS),
            "low": round(apart.low, DIGITS),
            "high": round(apart.high, DIGITS),
            "most": most["groups"],
            "least": least["groups"],
        }
        for name, (most, least, apart) in parts.items()
    }
    return told | {"difference": round(value, DIGITS), "low": told[wider]["low"], "high": told[wider]["high"]}


def _calibration(told: Mapping[str, Any]) -> Json | None:
    """For each block the part of the score where it comes true least well: seen less promised, with its interval."""
    if not told["calibration"]:
        return None
    gaps = []
    for each in told["calibration"]:
        seen = [(part, share(part["positives"], part["n"])) for part in each["bins"]]
        part, rate = max(seen, key=lambda pair: (abs(pair[1].value - pair[0]["mean_score"]), pair[0]["from"]))
        gap = Range(*(round(value - part["mean_score"], DIGITS) for value in rate))
        gaps.append(
            {
                "groups": each["groups"],
                "from": part["from"],
                "to": part["to"],
                "gap": gap.value,
                "low": gap.low,
                "high": gap.high,
            }
        )
    return {"gap": max(abs(each["gap"]) for each in gaps), "gaps": gaps}
