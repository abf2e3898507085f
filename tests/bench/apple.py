"""Reading an Apple Health export of 500 MB (APPLE_MEGABYTES), against lxml counting its elements from the same archive.

The floor is a bare target of lxml's parser that counts, fed from the same member of the archive; without its document
type, which no parser takes. `parse` are megabytes of XML a second of the own time of this process: neither waits for
anything. `peak_mib` is a process that reads it.
"""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from time import process_time

from demo.watches.apple import write_large
from tests.bench.exports import alone, count_elements, count_points
from tests.bench.framework import Portal, Row, interleaved

MEGABYTES = int(os.environ.get("APPLE_MEGABYTES", "500"))
_FIRST = datetime(2016, 1, 1, tzinfo=UTC)
_RUNS = 3


def rows(portal: Portal) -> list[Row]:
    """`parse` and `peak_mib`."""
    file = portal.folder / "export.zip"
    with file.open("wb") as packed:
        written = write_large(packed, MEGABYTES, _FIRST)
    seconds = interleaved({"floor": _timed(count_elements, file), "parse": _timed(count_points, file)}, runs=_RUNS)
    peak = alone(file, "read")
    assert peak.found == written.wanted
    return [
        Row("parse", MEGABYTES / seconds["parse"], MEGABYTES / seconds["floor"], "MB/s", 0.6, "higher"),
        Row("peak_mib", peak.peak_mib, 1.0, "MiB", 150, "lower"),
    ]


def _timed(measured: Callable[[Path], int], file: Path) -> Callable[[], float]:
    def measure() -> float:
        began = process_time()
        assert measured(file)
        return process_time() - began

    return measure
