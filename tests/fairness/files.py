"""Plans and files of evaluations, made by hand."""

import io
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from consents.algorithms.fairness.plans import LANGUAGES, GroupColumn, Limits, Measure, Plan

GROUPS = {"language": ("fi", "sv", "other"), "sex": ("f", "m")}
Cells = Mapping[tuple[str, ...], int]


def words(text: str) -> dict[str, str]:
    return dict.fromkeys(LANGUAGES, text)


def plan(groups: Mapping[str, Sequence[str]] = GROUPS, **more: Any) -> Plan:
    columns = tuple(
        GroupColumn(name, words(name), {value: words(f"{name} {value}") for value in values})
        for name, values in groups.items()
    )
    told: dict[str, Any] = {
        "judged": (Measure.PARITY, Measure.ODDS),
        "limits": Limits(),
        "groups": columns,
        "outcome": "invited",
        "truth": "right",
        "score": "score",
        "about": words("Who is invited first."),
        "done": words("were invited"),
        "why": words("An invitation is a good that groups should get alike."),
    }
    return Plan(**told | more)


def rows_of(cells: Cells) -> list[list[str]]:
    """{(groups ..., invited, right, score): how many} as rows of text."""
    return [list(key) for key, count in cells.items() for _ in range(count)]


def csv_of(rows: Sequence[Sequence[str]], header: Sequence[str], delimiter: str = ",") -> bytes:
    return "".join(delimiter.join(row) + "\n" for row in [header, *rows]).encode()


def parquet_of(columns: Mapping[str, Any]) -> bytes:
    packed = io.BytesIO()
    pq.write_table(pa.table(dict(columns)), packed)
    return packed.getvalue()


HEADER = ("language", "sex", "invited", "right", "score")
# 100 people of each pair: (invited and right, not invited and right, invited and wrong, neither).
TABLE = {
    ("fi", "f"): (20, 20, 13, 47),
    ("fi", "m"): (20, 20, 13, 47),
    ("sv", "f"): (20, 20, 11, 49),
    ("sv", "m"): (20, 20, 11, 49),
    ("other", "f"): (10, 30, 5, 55),
    ("other", "m"): (10, 30, 5, 55),
}


def cells_by_hand(table: Mapping[tuple[str, str], tuple[int, int, int, int]] = TABLE) -> dict[tuple[str, ...], int]:
    kinds = (("1", "1", "0.8"), ("0", "1", "0.3"), ("1", "0", "0.7"), ("0", "0", "0.2"))
    return {(*key, *kind): n for key, four in table.items() for kind, n in zip(kinds, four, strict=True)}


def by_hand(table: Mapping[tuple[str, str], tuple[int, int, int, int]] = TABLE) -> bytes:
    return csv_of(rows_of(cells_by_hand(table)), HEADER)
