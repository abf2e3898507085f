"""`python -m tests.bench [NAME ...] [--json]`: run benches; exit code 1 when a bar is not met."""

import argparse
import importlib
import json
import subprocess
import sys
from typing import Any

from tests.bench import NAMES, wrk
from tests.bench.framework import ROOT, portal


def run(name: str) -> list[dict[str, Any]]:
    """The rows of one bench, measured in this process."""
    with portal() as running:
        # Imported after Django is set up, so that a bench may import models.
        return [row.told() for row in importlib.import_module(f"tests.bench.{name}").rows(running)]


def _run_apart(name: str) -> list[dict[str, Any]]:
    argv = [sys.executable, "-m", "tests.bench", name, "--json"]
    done = subprocess.run(argv, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    rows: list[dict[str, Any]] = json.loads(done.stdout)
    return rows


def _table(name: str, rows: list[dict[str, Any]]) -> str:
    return "\n".join(
        f"{name:8} {row['name']:14} {row['ours']:>10} {row['unit']:6} floor {row['floor']:>10}"
        f"  ratio {row['ratio']:>6}  bar {row['bar']:>5}  {'ok' if row['ok'] else 'NOT MET'}"
        for row in rows
    )


def main() -> int:
    """0 when every bar is met."""
    arguments = argparse.ArgumentParser(prog="python -m tests.bench")
    arguments.add_argument("names", nargs="*", metavar="NAME", help=f"one of {', '.join(NAMES)}; none means all")
    arguments.add_argument("--json", action="store_true", help="print a JSON array of rows")
    given = arguments.parse_args()
    if odd := set(given.names) - set(NAMES):
        arguments.error(f"there is no bench named {', '.join(sorted(odd))}")
    if wrk.find() is None:
        print(wrk.MISSING, file=sys.stderr)
        return 1
    names = given.names or NAMES
    found = {name: run(name) if len(names) == 1 else _run_apart(name) for name in names}
    rows = [row for each in found.values() for row in each]
    if given.json:
        print(json.dumps(rows))
    else:
        print("\n".join(_table(name, each) for name, each in found.items()))
    return 0 if all(row["ok"] for row in rows) else 1


sys.exit(main())
