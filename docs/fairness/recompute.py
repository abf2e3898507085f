"""Computes every figure of a fairness evaluation again from its published counts, with Python alone.

    python recompute.py FOLDER      the folder into which the bundle was unpacked

Compares with figures.json and says where they differ; exit code 1 when they do. Where figures-before.json is there, it
tells how much further apart the groups are than the last time.
"""

import json
import sys
from math import inf, isfinite, sqrt
from pathlib import Path
from statistics import NormalDist
from typing import Any

TOLERANCE = 2e-6


def z_of(comparisons: int = 1) -> float:
    """95 %, shared out among the comparisons (Bonferroni)."""
    return NormalDist().inv_cdf(1 - 0.05 / max(comparisons, 1) / 2)


def wilson(count: int, of: int, z: float) -> tuple[float, float, float]:
    """Share, low and high (Wilson 1927)."""
    p = count / of
    middle = (p + z * z / (2 * of)) / (1 + z * z / of)
    reach = z / (1 + z * z / of) * sqrt(p * (1 - p) / of + z * z / (4 * of * of))
    return p, 0.0 if count == 0 else max(0.0, middle - reach), 1.0 if count == of else min(1.0, middle + reach)


def apart(a: tuple[float, float, float], b: tuple[float, float, float]) -> tuple[float, float, float]:
    """The difference a - b with its interval (Newcombe 1998, method 10)."""
    value = a[0] - b[0]
    low = value - sqrt((a[0] - a[1]) ** 2 + (b[2] - b[0]) ** 2)
    return value, low, value + sqrt((a[2] - a[0]) ** 2 + (b[0] - b[1]) ** 2)


def times(a: tuple[float, float, float], b: tuple[float, float, float]) -> tuple[float, float, float | None]:
    """The ratio a / b with its interval (Donner and Zou 2012)."""
    if b[0] == 0:
        return 1.0, 0.0, None
    high = _root(a[0] * b[0], a[2], b[1], a[0], b[0], 1)
    return a[0] / b[0], max(0.0, _root(a[0] * b[0], a[1], b[2], a[0], b[0], -1)), high if isfinite(high) else None


def _root(both: float, over: float, under: float, a: float, b: float, sign: int) -> float:
    below = under * (2 * b - under)
    if under <= 0 or below <= 0:
        return inf
    return (both + sign * sqrt(max(0.0, both * both - over * under * (2 * a - over) * (2 * b - under)))) / below


def shares(rows: list[dict[str, Any]], count: str, of: str, least: int = 0) -> list[dict[str, Any]]:
    """A share with its interval for each block; none where too few people are behind it."""
    found = []
    for row in rows:
        told = {"groups": row["groups"], "rate": None}
        if row[of] >= max(least, 1):
            told |= dict(zip(("rate", "low", "high"), wilson(row[count], row[of], z_of()), strict=True))
        found.append(told)
    return found


def furthest(rows: list[dict[str, Any]], count: str, of: str) -> dict[str, Any]:
    """The two blocks that lie furthest apart."""
    z = z_of(len(rows) * (len(rows) - 1) // 2)
    ordered = sorted(rows, key=lambda row: (row[count] / row[of], row["groups"]))
    least, most = ordered[0], ordered[-1]
    ends = wilson(most[count], most[of], z), wilson(least[count], least[of], z)
    told = dict(zip(("difference", "low", "high"), apart(*ends), strict=True))
    ratio = dict(zip(("ratio", "ratio_low", "ratio_high"), times(ends[1], ends[0]), strict=True))
    return told | {"most": most["groups"], "least": least["groups"]} | {"_ratio": ratio}


def compared(told: dict[str, Any], least: int) -> dict[str, Any]:
    """One column, or two that cross."""
    selection = told["selection"]
    odds = [dict(row) for row in told["odds"]]
    for row in odds:
        row["selected"], row["n"] = row["true_positives"] + row["false_positives"], row["positives"] + row["negatives"]
    found: dict[str, Any] = {
        "selection": shares(selection, "selected", "n"),
        "tpr": shares(odds, "true_positives", "positives"),
        "fpr": shares(odds, "false_positives", "negatives"),
        "precision": shares(odds, "true_positives", "selected", least),
        "base": shares(odds, "positives", "n"),
        "parity": None,
        "odds": None,
    }
    if len(selection) > 1:
        parity = furthest(selection, "selected", "n")
        found["parity"] = parity | parity.pop("_ratio")
    if len(odds) > 1:
        tpr, fpr = furthest(odds, "true_positives", "positives"), furthest(odds, "false_positives", "negatives")
        wider = tpr if tpr["difference"] >= fpr["difference"] else fpr
        found["odds"] = {"tpr": tpr, "fpr": fpr} | {name: wider[name] for name in ("difference", "low", "high")}
        del tpr["_ratio"], fpr["_ratio"]
    return found


def calibration(told: dict[str, Any]) -> dict[str, Any] | None:
    """For each block the part of the score that comes true least well."""
    gaps = []
    for each in told["calibration"]:
        seen = [(part, wilson(part["positives"], part["n"], z_of())) for part in each["bins"]]
        part, rate = max(seen, key=lambda pair: (abs(pair[1][0] - pair[0]["mean_score"]), pair[0]["from"]))
        around = dict(zip(("gap", "low", "high"), (value - part["mean_score"] for value in rate), strict=True))
        gaps.append({"groups": each["groups"], "from": part["from"], "to": part["to"], **around})
    return {"gap": max(abs(each["gap"]) for each in gaps), "gaps": gaps} if gaps else None


def figures_of(counts: dict[str, Any]) -> dict[str, Any]:
    """Every figure, from the counts alone."""
    told, least = counts["everyone"], counts["least"]
    names = ("rate", "low", "high")
    everyone: dict[str, Any] = {"selection": dict(zip(names, wilson(told["selected"], told["n"], z_of()), strict=True))}
    if "positives" in told:
        everyone["base"] = dict(zip(names, wilson(told["positives"], told["n"], z_of()), strict=True))
    columns = [
        {"column": each["column"], **compared(each, least), "calibration": calibration(each)}
        for each in counts["columns"]
    ]
    crossings = [{"columns": each["columns"], **compared(each, least)} for each in counts["crossings"]]
    return {"everyone": everyone, "columns": columns, "crossings": crossings}


def differing(ours: object, theirs: object, where: str = "") -> list[str]:
    """Where two figures are not the same."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        names = sorted({*ours, *theirs})
        return [odd for name in names for odd in differing(ours.get(name), theirs.get(name), f"{where}/{name}")]
    if isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        pairs = enumerate(zip(ours, theirs, strict=True))
        return [odd for number, pair in pairs for odd in differing(*pair, f"{where}/{number}")]
    if isinstance(ours, int | float) and isinstance(theirs, int | float):
        return [] if abs(ours - theirs) <= TOLERANCE else [f"{where}: {ours} here, {theirs} in figures.json"]
    return [] if ours == theirs else [f"{where}: {ours} here, {theirs} in figures.json"]


def drift(now: dict[str, Any], before: dict[str, Any]) -> list[str]:
    """How much further apart each column's groups are than before, with the interval."""
    old, told = {row["column"]: row for row in before["columns"]}, []
    for row in now["columns"]:
        for name in ("parity", "odds"):
            here, there = row[name], old.get(row["column"], {}).get(name)
            if here and there:
                ends = [(each["difference"], each["low"], each["high"]) for each in (here, there)]
                value, low, high = apart(*ends)
                told.append(f"{row['column']}, {name}: {value:+.4f} ({low:+.4f} to {high:+.4f}) against the last time")
    return told


def main(folder: Path) -> int:
    """0 when every figure is the same."""
    counts, theirs = (json.loads((folder / f"{name}.json").read_text()) for name in ("counts", "figures"))
    ours = figures_of(counts)
    odd = differing(ours, theirs)
    print("\n".join(odd) or "Every figure is the same.")
    before = folder / "figures-before.json"
    if before.exists():
        print("\n".join(drift(ours, json.loads(before.read_text()))))
    return 1 if odd else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
