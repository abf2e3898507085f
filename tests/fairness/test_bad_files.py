"""Every file that is not taken, and what it is refused for: the column and the row, and never what stood there."""

from dataclasses import replace
from typing import Any

import pytest

from consents.algorithms.fairness import tables
from consents.algorithms.fairness.flaws import Flaw, Refused
from consents.algorithms.fairness.plans import (
    GroupColumn,
    Limits,
    Measure,
    NotAPlan,
    PlanFlaw,
    hold,
    plan_json,
    plan_of,
)
from consents.algorithms.fairness.reading import cells_of
from tests.fairness.files import HEADER, by_hand, cells_by_hand, csv_of, parquet_of, plan, rows_of, words

CODE = "131052-308T"
ROWS = rows_of(cells_by_hand())


def changed(row: int, column: str, value: str, header: tuple[str, ...] = HEADER) -> bytes:
    rows = [list(each) for each in ROWS]
    rows[row][HEADER.index(column)] = value
    return csv_of(rows, header)


def without(column: str) -> bytes:
    place = HEADER.index(column)
    cut = [each[:place] + each[place + 1 :] for each in (list(HEADER), *ROWS)]
    return csv_of(cut[1:], cut[0])


def beside(name: str, value: str) -> bytes:
    return csv_of([[*each, value] for each in ROWS], (*HEADER, name))


@pytest.mark.parametrize(
    ("content", "flaw", "column", "row"),
    [
        (b"", Flaw.EMPTY, "", 0),
        (csv_of([], HEADER), Flaw.EMPTY, "", 0),
        (b"PK\x03\x04" + b"\0" * 400 + b"\n", Flaw.NOT_A_TABLE, "", 0),
        (b"PAR1" + b"x" * 400, Flaw.NOT_A_TABLE, "", 0),
        (by_hand()[:4000] + b'"\n1,2\n', Flaw.NOT_A_TABLE, "", 0),
        (b"language,sex,invited,right,score\n\xe4,f,1,1,0.5\n", Flaw.NOT_A_TABLE, "", 0),
        (without("right"), Flaw.MISSING, "right", 0),
        (csv_of(ROWS, ("language", "sex", "invited", "right", "right")), Flaw.TWICE, "right", 0),
        (beside("name", "Raili"), Flaw.UNPLANNED, "name", 0),
        (beside("=cmd()|x", "1"), Flaw.UNPLANNED, "#6", 0),
        (beside("code", CODE), Flaw.IDENTITY_CODE, "code", 0),
        (beside(CODE, "1"), Flaw.IDENTITY_CODE, "#6", 0),
        (changed(5, "language", CODE), Flaw.IDENTITY_CODE, "language", 0),
        (changed(5, "sex", f"f ({CODE.lower()})"), Flaw.IDENTITY_CODE, "sex", 0),
        (changed(5, "score", CODE), Flaw.IDENTITY_CODE, "score", 0),
        (changed(7, "language", "=1+1"), Flaw.FORMULA, "language", 8),
        (changed(7, "sex", "@SUM(A1)"), Flaw.FORMULA, "sex", 8),
        (changed(7, "invited", "-cmd"), Flaw.FORMULA, "invited", 8),
        (changed(7, "score", "+x"), Flaw.FORMULA, "score", 8),
        (changed(9, "score", "NaN"), Flaw.NO_VALUE, "score", 10),
        (changed(9, "score", ""), Flaw.NO_VALUE, "score", 10),
        (changed(9, "right", "nan"), Flaw.NO_VALUE, "right", 10),
        (changed(9, "language", ""), Flaw.NO_VALUE, "language", 10),
        (changed(3, "score", "1.5"), Flaw.NOT_A_SHARE, "score", 4),
        (changed(3, "score", "-0.5"), Flaw.NOT_A_SHARE, "score", 4),
        (changed(3, "score", "inf"), Flaw.NOT_A_SHARE, "score", 4),
        (changed(3, "score", "high"), Flaw.NOT_A_SHARE, "score", 4),
        (changed(3, "invited", "maybe"), Flaw.NOT_YES_OR_NO, "invited", 4),
        (changed(3, "right", "2"), Flaw.NOT_YES_OR_NO, "right", 4),
        (changed(3, "language", "klingon"), Flaw.UNKNOWN_GROUP, "language", 4),
        (csv_of([[f"g{n}", "f", "1", "0", "0.5"] for n in range(10_000)], HEADER), Flaw.TOO_MANY_GROUPS, "language", 0),
        (csv_of([[*each[:3], "1", each[4]] for each in ROWS], HEADER), Flaw.ONE_CLASS, "right", 0),
        (csv_of([[*each[:2], "0", *each[3:]] for each in ROWS], HEADER), Flaw.ONE_CLASS, "invited", 0),
        (csv_of([ROWS[0], ROWS[25], ROWS[45]], HEADER), Flaw.TOO_FEW, "", 0),
    ],
)  # fmt: skip
def test_a_bad_file_is_refused_by_name_of_column_and_row(content: bytes, flaw: Flaw, column: str, row: int) -> None:
    with pytest.raises(Refused) as refused:
        cells_of(content, plan())
    assert (refused.value.flaw, refused.value.column, refused.value.row) == (flaw, column, row)
    assert CODE not in repr(vars(refused.value))


def columns(**more: Any) -> dict[str, Any]:
    turned = list(zip(*ROWS, strict=True))
    found = dict(zip(HEADER, turned, strict=True))
    typed = {"invited": [int(each) for each in found["invited"]], "right": [each == "1" for each in found["right"]]}
    return (
        {name: list(each) for name, each in found.items()} | typed | {"score": list(map(float, found["score"]))} | more
    )


def test_parquet_semicolons_and_comma_decimals_give_the_same_as_plain_csv() -> None:
    plain = sorted(cells_of(by_hand(), plan()).to_pylist(), key=str)
    spread = csv_of([[*each[:4], each[4].replace(".", ",")] for each in ROWS], HEADER, ";")
    assert sorted(cells_of(b"\xef\xbb\xbf" + spread, plan()).to_pylist(), key=str) == plain
    assert sorted(cells_of(parquet_of(columns()), plan()).to_pylist(), key=str) == plain


@pytest.mark.parametrize(
    ("more", "flaw", "column", "row"),
    [
        ({"score": [None, *columns()["score"][1:]]}, Flaw.NO_VALUE, "score", 1),
        ({"score": [float("nan"), *columns()["score"][1:]]}, Flaw.NO_VALUE, "score", 1),
        ({"score": [[0.5]] * len(ROWS)}, Flaw.NOT_TEXT, "score", 0),
        ({"language": [{"a": 1}] * len(ROWS)}, Flaw.NOT_TEXT, "language", 0),
        ({"invited": [3, *columns()["invited"][1:]]}, Flaw.NOT_YES_OR_NO, "invited", 1),
        ({"note": [CODE] * len(ROWS)}, Flaw.IDENTITY_CODE, "note", 0),
    ],
)
def test_parquet_is_looked_at_as_closely(more: dict[str, Any], flaw: Flaw, column: str, row: int) -> None:
    with pytest.raises(Refused) as refused:
        cells_of(parquet_of(columns(**more)), plan())
    assert (refused.value.flaw, refused.value.column, refused.value.row) == (flaw, column, row)


def test_a_row_is_named_though_it_stands_in_a_later_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "_BLOCK", 1 << 10)
    with pytest.raises(Refused) as refused:
        cells_of(changed(500, "score", "x"), plan())
    assert refused.value.row == 501


def test_more_rows_than_a_worker_takes_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_ROWS", 100)
    for content in (by_hand(), parquet_of(columns())):
        with pytest.raises(Refused, match="too_many_rows"):
            cells_of(content, plan())


def test_a_plan_is_the_same_after_it_was_stored() -> None:
    assert plan_of(plan_json(plan())) == plan()


MANY = {str(n): words("x") for n in range(21)}
LABELS = {"a": words("a"), "b": words("b")}


@pytest.mark.parametrize(
    ("more", "flaw"),
    [
        ({"judged": ()}, PlanFlaw.NOTHING_JUDGED),
        ({"groups": ()}, PlanFlaw.NO_GROUPS),
        ({"score": "", "judged": (Measure.CALIBRATION,)}, PlanFlaw.NO_SCORE),
        ({"why": words("") | {"fi": "x"}}, PlanFlaw.NO_WORDS),
        ({"least": 29}, PlanFlaw.LIMIT),
        ({"limits": Limits(ratio=1.2)}, PlanFlaw.LIMIT),
        ({"outcome": "=x"}, PlanFlaw.COLUMN_NAME),
        ({"outcome": "sex"}, PlanFlaw.COLUMN_TWICE),
        ({"groups": (GroupColumn("a", words("a"), {"x": words("x")}),)}, PlanFlaw.TOO_FEW_GROUPS),
        ({"groups": (GroupColumn("a", words("a"), MANY),)}, PlanFlaw.TOO_MANY_GROUPS),
        ({"groups": (GroupColumn("health", words("h"), LABELS),)}, PlanFlaw.NO_GROUND),
        ({"groups": (GroupColumn("a", words("h") | {"fi": "Vammaisuus"}, LABELS),)}, PlanFlaw.NO_GROUND),
        ({"groups": (GroupColumn("health", words("h"), LABELS, "9(2)(g)", {}),)}, PlanFlaw.NO_GROUND),
    ],
)  # fmt: skip
def test_a_plan_that_cannot_stand_is_refused(more: dict[str, Any], flaw: PlanFlaw) -> None:
    with pytest.raises(NotAPlan) as refused:
        hold(replace(plan(), **more))
    assert refused.value.flaw is flaw


def test_special_data_with_a_ground_of_its_own_may_be_used() -> None:
    group = GroupColumn("health", words("health"), LABELS, "9(2)(g)", words("21 § of act 1325/2014"))
    hold(replace(plan(), groups=(group,)))
