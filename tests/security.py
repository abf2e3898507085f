"""`python -m tests.security`: the table of docs/security.md, each item with its tests, run and told (`make security`).

Run as a plugin of pytest (`-p tests.security`) it carries each test's items along with its report.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.web import ROOT

TABLE = ROOT / "docs" / "security.md"
_TOLD = "SECURITY_TOLD"
_ROW = re.compile(r"^\| (?P<item>(?:V\d+\.\d+\.\d+|[BF]\d+)) \| (?P<how>[^|]+) \| (?P<tests>[^|]+) \|$")
_TEST = re.compile(r"`(tests/[^`]+::test_\w+)`")


@dataclass(frozen=True)
class Row:
    """One item of the table and the tests that are named for it."""

    item: str
    tests: tuple[str, ...]


@dataclass
class Seen:
    """What was seen of a test, in all its cases: items that it is marked with, and outcomes."""

    items: set[str] = field(default_factory=set)
    outcomes: set[str] = field(default_factory=set)


def rows(text: str) -> list[Row]:
    """The items of the table that have tests."""
    found = filter(None, map(_ROW.match, text.splitlines()))
    return [Row(row["item"], tuple(_TEST.findall(row["tests"]))) for row in found]


def faults(table: Iterable[Row], seen: dict[str, Seen]) -> Iterator[str]:
    """Why the table is not proven: a test that is not there, not marked, or did not pass; a mark without a row."""
    told: set[tuple[str, str]] = set()
    for row in table:
        told |= {(row.item, test) for test in row.tests}
        yield from [f"{row.item}: no test"] if not row.tests else []
        yield from filter(None, (_fault(row.item, test, seen.get(test, Seen())) for test in row.tests))
    marked = {(item, test) for test, found in seen.items() for item in found.items}
    for item, test in sorted(marked - told):
        yield f"{item}: {test} is marked with it and not in the table"


def _fault(item: str, test: str, seen: Seen) -> str:
    if item not in seen.items:
        return f"{item}: {test} is not there, or not marked with it"
    return "" if seen.outcomes == {"passed"} else f"{item}: {test} did not pass"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A worker's report travels with the items of its test."""
    for item in items:
        for mark in item.iter_markers("security"):
            item.user_properties.append(("security", list(mark.args)))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Written down by the process that all reports come to."""
    if _TOLD in os.environ and "PYTEST_XDIST_WORKER" not in os.environ:
        kept: list[tuple[str, Any]] = report.user_properties
        items = [item for name, told in kept if name == "security" for item in told]
        line = {"test": report.nodeid.partition("[")[0], "items": items, "outcome": report.outcome}
        with Path(os.environ[_TOLD]).open("a") as file:
            file.write(json.dumps(line) + "\n")


def run(folder: Path) -> dict[str, Seen]:
    """Run all tests that are marked; what was seen of each."""
    told = folder / "told.jsonl"
    told.touch()
    argv = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-n",
        "2",
        "--dist",
        "loadgroup",
        "-p",
        "tests.security",
        "-m",
        "security",
    ]
    subprocess.run(argv, cwd=ROOT, env=os.environ | {_TOLD: str(told)}, check=False)
    seen: dict[str, Seen] = defaultdict(Seen)
    for line in map(json.loads, told.read_text().splitlines()):
        seen[line["test"]].items.update(line["items"])
        seen[line["test"]].outcomes.add(line["outcome"])
    return seen


def main() -> int:
    """0 when every test of the table is there and passes; the table, and what is wrong with it."""
    table = rows(TABLE.read_text())
    with tempfile.TemporaryDirectory() as folder:
        seen = run(Path(folder))
    for row in table:
        for test in row.tests:
            print(f"{row.item:9} {'passed' if seen[test].outcomes == {'passed'} else 'NOT PASSED':11} {test}")
    wrong = list(faults(table, seen))
    print("\n".join(wrong) or f"{len(table)} items, {len(seen)} tests: all there, all pass.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
