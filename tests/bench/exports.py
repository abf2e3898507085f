"""What the benches of exports share: a process of its own, whose most memory is told when it has read a file."""

import json
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from tests.bench.framework import ROOT

# Not getrusage's figure: that one begins with the memory of whoever started the process.
_ALONE = """
import json, re, sys
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from zoneinfo import ZoneInfo
from datasources.wearables.collecting import Collector
from datasources.wearables.formats import read
from datasources.wearables.importing import take_in
began = perf_counter()
collector = Collector(ZoneInfo("Europe/Helsinki"))
with open(sys.argv[1], "rb") as file:
    points = read(file, collector)
    if sys.argv[2] == "read":
        count = sum(1 for _ in points)
    else:
        folder, at = Path(sys.argv[1]).parent, datetime(2026, 11, 1, tzinfo=UTC)
        count = sum(1 for _ in take_in(points, collector, held=lambda day: None, at=at, folder=folder))
peak = re.search(r"VmHWM:\\s+(\\d+) kB", open("/proc/self/status").read())[1]
print(json.dumps([count, perf_counter() - began, int(peak) / 1024]))
"""


class Alone(NamedTuple):
    """`found` points or days, in `seconds`, with at most `peak_mib` of memory."""

    found: int
    seconds: float
    peak_mib: float


def alone(file: Path, what: str) -> Alone:
    """`what`: "read" for the points, "take_in" for the days that they come to."""
    argv = [sys.executable, "-c", _ALONE, str(file), what]
    done = subprocess.run(argv, cwd=ROOT, stdout=subprocess.PIPE, check=True)
    return Alone(*json.loads(done.stdout))
