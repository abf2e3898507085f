"""Files stay small, and stand where the plan has a place for them."""

import ast

from tests.house.sources import PRODUCT, ROOT, files, product_code

LONGEST, LONGEST_TEMPLATE = 300, 120
DRAWERS = {"utils", "common", "core", "helpers", "services", "misc", "lib"}


def _lines(suffix: str) -> dict[str, int]:
    ours = [path for path in files() if path.suffix == suffix and "vendor" not in path.parts]
    return {str(path): len((ROOT / path).read_text().splitlines()) for path in ours}


def test_no_module_is_longer_than_300_lines() -> None:
    assert {path: count for path, count in _lines(".py").items() if count > LONGEST} == {}


def test_no_template_is_longer_than_120_lines() -> None:
    assert {path: count for path, count in _lines(".html").items() if count > LONGEST_TEMPLATE} == {}


def test_there_are_rooms_and_no_drawers() -> None:
    assert [str(path) for path in files() if DRAWERS & {*path.parts[:-1], path.stem}] == []


def test_python_stands_in_the_packages_of_the_plan() -> None:
    tops = {path.parts[0] for path in files() if path.suffix == ".py" and len(path.parts) > 1}
    assert tops - {"docs"} == {*PRODUCT, "demo", "tests"}


def test_every_module_says_what_it_is() -> None:
    silent = [str(path) for path, tree in product_code() if tree.body and not ast.get_docstring(tree)]
    assert silent == []
