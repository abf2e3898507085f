"""The table of docs/security.md names tests that are there, and says when it is wrong."""

import ast

from tests.house.sources import ROOT
from tests.security import TABLE, Row, Seen, faults, rows

TEST = "tests/walls/test_rows.py::test_one"


def _marked() -> dict[str, Seen]:
    """As a run would see them, read from the sources."""
    found: dict[str, Seen] = {}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef):
                items = {item for mark in node.decorator_list for item in _items(mark)}
                if items:
                    found[f"{path.relative_to(ROOT)}::{node.name}"] = Seen(items, {"passed"})
    return found


def _items(mark: ast.expr) -> list[str]:
    if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.security":
        return [str(ast.literal_eval(item)) for item in mark.args]
    return []


def test_every_test_that_the_table_names_is_there_and_marked_and_no_other() -> None:
    table = rows(TABLE.read_text())
    assert len(table) > 50
    assert list(faults(table, _marked())) == []


def test_a_table_that_is_wrong_is_told() -> None:
    table = [Row("V3.4.1", (TEST,)), Row("B1", ())]
    assert list(faults(table, {})) == [f"V3.4.1: {TEST} is not there, or not marked with it", "B1: no test"]
    failed = {TEST: Seen({"V3.4.1"}, {"passed", "failed"})}
    assert list(faults(table[:1], failed)) == [f"V3.4.1: {TEST} did not pass"]
    more = {TEST: Seen({"V3.4.1", "B2"}, {"passed"})}
    assert list(faults(table[:1], more)) == [f"B2: {TEST} is marked with it and not in the table"]
