"""`python -m tests.proof PART`: prove one part within 15 minutes (`--minutes N`); `--today` names the day's part."""

import argparse
import importlib
import signal
import subprocess
import sys
import time
import traceback
from datetime import UTC, date, datetime
from types import FrameType

from tests.web import ROOT

# One of these a day; what takes an hour is asked for.
DAILY = ("benches", "crash", "axe", "journeys", "load", "demo", "fuzz")
PARTS = (*DAILY, "guards", "uploads")
TABLE = ROOT / "docs" / "proof.md"
_LONGEST_MINUTES = 15


def part_of(day: date) -> str:
    """Each part in its turn, by day of the year."""
    return DAILY[day.timetuple().tm_yday % len(DAILY)]


def row(part: str, *, at: datetime, seconds: float, seen: str) -> str:
    """One line of the table."""
    return f"| {at:%Y-%m-%d %H:%M} | {part} | {_commit()} | {seconds:.0f} | {seen} |\n"


def _commit() -> str:
    """The commit this was seen at; a plus tells that something was not committed yet."""
    head = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True)
    status = ["git", "status", "--porcelain", "--", ".", f":!{TABLE.relative_to(ROOT)}"]
    changed = subprocess.run(status, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return head.stdout.strip() + ("+" if changed else "")


def _too_long(number: int, frame: FrameType | None) -> None:
    raise TimeoutError("It took longer than it may.")


def main() -> int:
    """0 when the part is proven; 1 with what was seen instead."""
    arguments = argparse.ArgumentParser(prog="python -m tests.proof")
    arguments.add_argument("part", nargs="?", choices=PARTS)
    arguments.add_argument("--no-row", action="store_true", help="leave docs/proof.md as it is")
    arguments.add_argument("--today", action="store_true", help="say which part is today's turn, and do nothing")
    arguments.add_argument("--minutes", type=int, default=_LONGEST_MINUTES, help="how long it may take")
    given = arguments.parse_args()
    at = datetime.now(UTC)
    if given.today:
        print(part_of(at.date()))
        return 0
    if given.part is None:
        arguments.error(f"PART is one of: {', '.join(PARTS)}")
    signal.signal(signal.SIGALRM, _too_long)
    signal.alarm(60 * given.minutes)
    began = time.monotonic()
    try:
        seen = importlib.import_module(f"tests.proof.{given.part}").prove()
    except (AssertionError, TimeoutError) as fault:
        where = traceback.extract_tb(fault.__traceback__)[-1]
        print(f"NOT PROVEN  {given.part}: {where.name}, line {where.lineno} ({where.line}): {fault}", file=sys.stderr)
        return 1
    told = row(given.part, at=at, seconds=time.monotonic() - began, seen=seen)
    print(told, end="")
    if not given.no_row:
        with TABLE.open("a") as table:
            table.write(told)
    return 0


if __name__ == "__main__":
    sys.exit(main())
