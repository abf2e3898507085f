"""Fairlearn's figures against tables computed by hand, and the published program against fairlearn's figures."""

import importlib.util
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fairlearn.metrics import demographic_parity_difference, equalized_odds_difference

from consents.algorithms.fairness.computing import figures_of
from consents.algorithms.fairness.counting import counts_of
from consents.algorithms.fairness.intervals import difference, ratio, share
from consents.algorithms.fairness.judging import Change, Finding, Verdict, compared, drift, verdict
from consents.algorithms.fairness.plans import Limits, Measure
from consents.algorithms.fairness.reading import cells_of
from tests.fairness.files import GROUPS, HEADER, TABLE, by_hand, csv_of, plan

PROGRAM = Path(__file__).resolve().parents[2] / "docs" / "fairness" / "recompute.py"


def figures(content: bytes, **more: Any) -> dict[str, Any]:
    given = plan(**more)
    return figures_of(counts_of(cells_of(content, given), given))


def rates(row: Any) -> dict[str, float]:
    return {"+".join(map(str, each["groups"])): each["rate"] for each in row}


def test_shares_of_groups_are_those_counted_by_hand() -> None:
    language = figures(by_hand())["columns"][0]
    # 200 of each: 66, 62 and 30 invited; yes was right for 80, of whom 40, 40 and 20 were; of 120 others 26, 22, 10.
    assert rates(language["selection"]) == {"fi": 0.33, "sv": 0.31, "other": 0.15}
    assert rates(language["tpr"]) == {"fi": 0.5, "sv": 0.5, "other": 0.25}
    assert rates(language["fpr"]) == {"fi": 0.216667, "sv": 0.183333, "other": 0.083333}
    assert rates(language["precision"]) == {
        "fi": round(40 / 66, 6),
        "sv": round(40 / 62, 6),
        "other": round(20 / 30, 6),
    }
    assert rates(language["base"]) == {"fi": 0.4, "sv": 0.4, "other": 0.4}


def test_differences_and_ratio_are_those_counted_by_hand() -> None:
    language, sex = figures(by_hand())["columns"]
    parity, odds = language["parity"], language["odds"]
    assert (parity["difference"], parity["ratio"]) == (0.18, round(0.15 / 0.33, 6))
    assert (parity["most"], parity["least"]) == (["fi"], ["other"])
    assert (odds["tpr"]["difference"], odds["fpr"]["difference"], odds["difference"]) == (0.25, 0.133333, 0.25)
    assert (sex["parity"]["difference"], sex["parity"]["ratio"], sex["odds"]["difference"]) == (0.0, 1.0, 0.0)


def test_groups_that_cross_are_counted_too() -> None:
    crossing = figures(by_hand())["crossings"][0]
    assert crossing["columns"] == ["language", "sex"]
    found = {(pair[0][0], pair[1][0]): each["rate"] for each in crossing["selection"] for pair in [each["groups"]]}
    assert found == {key: (four[0] + four[2]) / 100 for key, four in TABLE.items()}


def test_scores_that_come_true_are_told_by_group() -> None:
    language = figures(by_hand())["columns"][0]
    # Of the lower half of the score, 0.3 or 0.2, the people of `fi` for whom it was right are 40 of 134.
    parts = counts_of(cells_of(by_hand(), plan()), plan())["columns"][0]["calibration"][0]
    assert parts["groups"] == ["fi"]
    assert [(part["n"], part["positives"]) for part in parts["bins"]] == [(94, 0), (40, 40), (66, 40)]
    assert language["calibration"]["gap"] == 0.7


def test_weighted_counts_give_what_fairlearn_gives_for_the_rows() -> None:
    drawn = np.random.default_rng(20261130)
    size = 3000
    language = np.array(GROUPS["language"])[drawn.integers(0, 3, size)]
    right = drawn.integers(0, 2, size)
    invited = ((drawn.random(size) + right * 0.3) > 0.7).astype(int)
    rows = [[a, "f", str(b), str(c), "0.5"] for a, b, c in zip(language, invited, right, strict=True)]
    rows[0][1] = "m"
    found = figures(csv_of(rows, HEADER))["columns"][0]
    parity = demographic_parity_difference(right, invited, sensitive_features=language)
    odds = equalized_odds_difference(right, invited, sensitive_features=language)
    assert (found["parity"]["difference"], found["odds"]["difference"]) == (round(parity, 6), round(odds, 6))


def test_intervals_are_those_of_the_literature() -> None:
    # Newcombe 1998, Statistics in Medicine 17: 857-872 (81/263, 0/20) and 873-890 (56/70 less 48/80), by score.
    assert [round(each, 4) for each in share(81, 263)[1:]] == [0.2553, 0.3662]
    assert [round(each, 4) for each in share(0, 20)[1:]] == [0.0, 0.1611]
    assert [round(each, 4) for each in difference(share(56, 70), share(48, 80))[1:]] == [0.0524, 0.3339]


def test_a_ratio_lies_within_its_interval() -> None:
    around = ratio(share(15, 100), share(33, 100))
    assert around.low < around.value < around.high
    assert ratio(share(0, 50), share(0, 50)).value == 1.0


def test_the_plan_decides_which_figures_judge() -> None:
    found = figures(by_hand())
    assert verdict(found, plan()) is Verdict.FAILED
    assert verdict(found, plan(limits=Limits(difference=0.3, ratio=0.4, odds=0.3))) is Verdict.PASSED
    lenient = plan(judged=(Measure.CALIBRATION,), limits=Limits(calibration=0.9))
    assert verdict(found, lenient) is Verdict.PASSED


def test_what_may_be_chance_neither_fails_nor_passes() -> None:
    few = {key: tuple(n // 2 for n in four) for key, four in TABLE.items() if key[0] != "other"}
    few["fi", "f"] = (13, 7, 13, 17)
    given = plan({"language": ("fi", "sv"), "sex": ("f", "m")}, judged=(Measure.PARITY,), crossings=False)
    found = figures_of(counts_of(cells_of(by_hand(few), given), given))  # type: ignore[arg-type]
    told = {(each.columns, each.measure): each.finding for each in compared(found, given)}
    assert told[("sex",), Measure.PARITY] is Finding.MAY_BE_CHANCE
    assert verdict(found, given) is Verdict.TOO_LITTLE


def test_drift_is_told_with_its_interval() -> None:
    worse = {key: tuple(10 * n for n in four) for key, four in TABLE.items()}
    better = worse | {("other", sex): (200, 200, 130, 470) for sex in ("f", "m")}
    now, before = (figures(by_hand(each)) for each in (worse, better))  # type: ignore[arg-type]
    found = {(each.columns, each.measure): each for each in drift(now, before)}
    language = found[("language",), Measure.PARITY]
    assert (language.change, round(language.by.value, 4)) == (Change.WORSE, 0.16)
    assert found[("sex",), Measure.PARITY].change is Change.CHANCE
    assert {each.change for each in drift(before, now) if each.columns == ("language",)} == {Change.BETTER}


@pytest.mark.parametrize("table", [TABLE, {k: (v[0], v[1], 3, 20) for k, v in TABLE.items()}])
def test_the_published_program_computes_every_figure_again(table: Any, tmp_path: Path) -> None:
    spec = importlib.util.spec_from_file_location("recompute", PROGRAM)
    assert spec
    assert spec.loader
    program = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(program)
    given = plan()
    counts = counts_of(cells_of(by_hand(table), given), given)
    told = figures_of(counts)
    for name, content in (("counts", counts), ("figures", told), ("figures-before", told)):
        (tmp_path / f"{name}.json").write_text(json.dumps(content))
    assert program.main(tmp_path) == 0
    told["columns"][0]["parity"]["difference"] += 0.001
    (tmp_path / "figures.json").write_text(json.dumps(told))
    assert program.main(tmp_path) == 1
