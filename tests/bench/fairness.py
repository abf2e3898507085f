"""A fairness evaluation of 1,000,000 people in four columns of groups, in a process of its own, as a worker does it.

`million_s` are the seconds of its own time (all its threads together; it waits for nothing) from the bytes of a CSV
to the figures of every group, pair of groups and measure, with the import of fairlearn; `peak_mib` is the most memory
of that process, the file among it. Bars are those of the requirement: at most 20 seconds, at most 1 GiB.
"""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import csv

from tests.bench.framework import ROOT, Portal, Row

PEOPLE = 1_000_000
_GROUPS = {"language": 3, "sex": 2, "age": 6, "area": 7}
# Not getrusage's figure: that one begins with the memory of whoever started the process.
_ALONE = """
import json, re, sys
from pathlib import Path
from time import process_time
began = process_time()
from consents.algorithms.fairness.computing import figures_of
from consents.algorithms.fairness.counting import counts_of
from consents.algorithms.fairness.plans import GroupColumn, Limits, Measure, Plan
from consents.algorithms.fairness.reading import cells_of
words = dict.fromkeys(("fi", "sv", "en"), "x")
groups = tuple(
    GroupColumn(name, words, {f"{name}{n}": words for n in range(count)})
    for name, count in json.loads(sys.argv[2]).items()
)
plan = Plan((Measure.PARITY,), Limits(), groups, "outcome", "truth", "score", words, words, words)
counts = counts_of(cells_of(Path(sys.argv[1]).read_bytes(), plan), plan)
figures = figures_of(counts)
peak = re.search(r"VmHWM:\\s+(\\d+) kB", open("/proc/self/status").read())[1]
told = sum(len(each["selection"]) for each in (*figures["columns"], *figures["crossings"]))
print(json.dumps([told, counts["everyone"]["n"], process_time() - began, int(peak) / 1024]))
"""


def rows(portal: Portal) -> list[Row]:
    """`million_s` and `peak_mib`."""
    file = portal.folder / "evaluation.csv"
    _write(file)
    argv = [sys.executable, "-c", _ALONE, str(file), json.dumps(_GROUPS)]
    done = subprocess.run(argv, cwd=ROOT, stdout=subprocess.PIPE, check=True)
    told, people, seconds, peak = json.loads(done.stdout)
    assert people == PEOPLE
    assert told == sum(_GROUPS.values()) + (18**2 - sum(count**2 for count in _GROUPS.values())) // 2
    return [Row("million_s", seconds, 1.0, "s", 20, "lower"), Row("peak_mib", peak, 1.0, "MiB", 1024, "lower")]


def _write(file: Path) -> None:
    drawn = np.random.default_rng(20261130)
    columns = {
        name: np.array([f"{name}{n}" for n in range(count)])[drawn.integers(0, count, PEOPLE)]
        for name, count in _GROUPS.items()
    }
    truth = drawn.random(PEOPLE) < 0.4
    score = np.clip(truth * 0.3 + drawn.random(PEOPLE) * 0.7, 0, 1).round(4)
    told = {"outcome": (score > 0.5).astype(int), "truth": truth.astype(int), "score": score}
    csv.write_csv(pa.table(columns | told), file)
