"""Reading an Apple Health export of 500 MB (APPLE_MEGABYTES), against lxml counting its elements from the same archive.

The floor is a bare target of lxml's parser that counts, fed from the same member of the archive; without its document
type, which no parser takes. `parse` are megabytes of XML a second of the own time of this process: neither waits for
anything. `peak_mib` is a process that reads it.
"""

import os
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from time import process_time
from typing import Any
from zoneinfo import ZoneInfo

from lxml import etree  # type: ignore[import-untyped]

from datasources.wearables.collecting import Collector
from datasources.wearables.formats import read
from demo.watches.apple import write_large
from tests.bench.exports import alone
from tests.bench.framework import Portal, Row, interleaved

MEGABYTES = int(os.environ.get("APPLE_MEGABYTES", "500"))
_FIRST = datetime(2016, 1, 1, tzinfo=UTC)
_CHUNK = 256 << 10
_RUNS = 3


class _Counting:
    """The least that lxml can be asked."""

    def __init__(self) -> None:
        self.count = 0

    def start(self, tag: str, attributes: Any) -> None:
        self.count += 1

    def close(self) -> int:
        return self.count


def rows(portal: Portal) -> list[Row]:
    """`parse` and `peak_mib`."""
    file = portal.folder / "export.zip"
    with file.open("wb") as packed:
        records = write_large(packed, MEGABYTES, _FIRST)
    seconds = interleaved({"floor": _timed(_bare, file), "parse": _timed(_read, file)}, runs=_RUNS)
    peak = alone(file, "read")
    assert peak.found == records * 3 // 5, "three of five kinds are wanted"
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


def _bare(file: Path) -> int:
    parser = etree.XMLParser(target=_Counting(), resolve_entities=False, load_dtd=False, no_network=True)
    with zipfile.ZipFile(file) as archive, archive.open(archive.infolist()[0]) as xml:
        head = xml.read(_CHUNK)
        parser.feed(head[head.index(b"<HealthData") :])
        while chunk := xml.read(_CHUNK):
            parser.feed(chunk)
    return int(parser.close())


def _read(file: Path) -> int:
    with file.open("rb") as packed:
        return sum(1 for _ in read(packed, Collector(ZoneInfo("Europe/Helsinki"))))
