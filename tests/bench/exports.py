"""What the benches of exports share: reading one in a process of its own, and the least that lxml can be asked of it.

`python -m tests.bench.exports FILE count|read|take_in` is that process.
"""

import json
import re
import subprocess
import sys
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path
from time import process_time
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from lxml import etree  # type: ignore[import-untyped]

from datasources.wearables.collecting import Collector
from datasources.wearables.formats import read
from datasources.wearables.importing import take_in
from datasources.wearables.points import Report

ROOT = Path(__file__).resolve().parents[2]
_CHUNK = 256 << 10
_AT = datetime(2026, 11, 1, tzinfo=UTC)


class Alone(NamedTuple):
    """`found` elements, points or days, in `seconds` of the process's own time, with at most `peak_mib` of memory.

    `report` is of days: {read, added, merged, apart: {why: how many}}.
    """

    found: int
    seconds: float
    peak_mib: float
    report: dict[str, Any]


class _Counting:
    """The least that lxml can be asked."""

    def __init__(self) -> None:
        self.count = 0

    def start(self, tag: str, attributes: Any) -> None:
        self.count += 1

    def close(self) -> int:
        return self.count


def count_elements(file: Path) -> int:
    """By a target that does nothing else; without the document type, which no parser takes."""
    parser = etree.XMLParser(target=_Counting(), resolve_entities=False, load_dtd=False, no_network=True)
    with zipfile.ZipFile(file) as archive, archive.open(archive.infolist()[0]) as xml:
        head = xml.read(_CHUNK)
        parser.feed(head[head.index(b"<HealthData") :])
        while chunk := xml.read(_CHUNK):
            parser.feed(chunk)
    return int(parser.close())


def count_points(file: Path) -> int:
    """As they stand in the file."""
    with file.open("rb") as packed:
        return sum(map(len, read(packed, _collector())))


def import_days(file: Path) -> tuple[int, Report]:
    """All that is done of a file before a person's rows are written; what memory does not hold lies beside it."""
    collector = _collector()
    with file.open("rb") as packed:
        merged = take_in(read(packed, collector), collector, held=_nothing, at=_AT, folder=file.parent)
        count = sum(1 for _ in merged)
    return count, collector.report()


def _collector() -> Collector:
    return Collector(ZoneInfo("Europe/Helsinki"))


def _nothing(_day: date) -> None:
    """What was there before."""


def alone(file: Path, what: str) -> Alone:
    """`what`: "count" for elements, "read" for points, "take_in" for the days that they come to."""
    argv = [sys.executable, "-m", __name__, str(file), what]
    done = subprocess.run(argv, cwd=ROOT, stdout=subprocess.PIPE, check=True)
    return Alone(*json.loads(done.stdout))


def main(file: Path, what: str) -> None:
    """Print what `Alone` tells."""
    began, report = process_time(), dict[str, Any]()
    match what:
        case "count":
            found = count_elements(file)
        case "read":
            found = count_points(file)
        case _:
            found, told = import_days(file)
            report = {"read": told.read, "added": told.added, "merged": told.merged, "apart": told.apart}
    seconds = process_time() - began
    # Not getrusage's figure: that one begins with the memory of whoever started the process.
    [peak] = re.findall(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    print(json.dumps([found, seconds, int(peak) / 1024, report]))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
