"""Every bench still measures what it says: none rots unseen while nobody asks how fast things are.

Whether bars hold is for `make bench`, on a machine that does nothing else. As many as there is time for, beginning
behind those that had their turn the time before.
"""

import json
import os
import subprocess
import sys
import time
from datetime import UTC, datetime

from tests.bench import NAMES, wrk
from tests.web import ROOT

# Within the quarter of an hour that a proof may take, the longest bench begun last.
_MINUTES = 9
_DAYS_BETWEEN, _A_TURN = 7, 10


def prove() -> str:
    """Each prints its rows with figures in them; AssertionError with the end of what the first said that fails."""
    assert wrk.find() is not None, wrk.MISSING
    began, seen = time.monotonic(), list[str]()
    for name in _in_turn(datetime.now(UTC)):
        if time.monotonic() - began > 60 * _MINUTES:
            break
        _runs(name)
        seen.append(name)
        print(f"{name} after {time.monotonic() - began:.0f} s", flush=True)
    return f"{len(seen)} of {len(NAMES)} benches run: {', '.join(seen)}"


def _in_turn(now: datetime) -> list[str]:
    first = now.timetuple().tm_yday // _DAYS_BETWEEN * _A_TURN % len(NAMES)
    return [*NAMES[first:], *NAMES[:first]]


def _runs(name: str) -> None:
    argv = [sys.executable, "-W", "ignore", "-m", "tests.bench", name, "--json"]
    environment = os.environ | {"BENCH_RUNS": "1"}
    done = subprocess.run(argv, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    # It ends with 1 when a bar is not met, as when it fails: only one that ran tells rows.
    rows = json.loads(done.stdout) if done.stdout.strip() else []
    assert rows, f"{name} told no rows: {done.stderr[-1500:]}"
    assert all(row["ours"] > 0 and row["floor"] > 0 for row in rows), f"{name} measured nothing: {rows}"
