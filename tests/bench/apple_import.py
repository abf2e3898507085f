"""The whole import of an Apple Health export of 3 GB (APPLE_IMPORT_MEGABYTES), against lxml counting its elements.

Every record is another one but for one in twenty, which stands twice; a phone counted steps and ways of the same hours
as the watch. All of `take_in` is measured: reading, setting apart, days, the sealed file, duplicates, overlap, figures,
and what is kept of each day; only the database is left out. The floor is a bare target of lxml's parser over the same
archive. Both in processes of their own, by their own time: neither waits for anything.
"""

import os
from datetime import UTC, datetime
from pathlib import Path

from demo.watches.apple import Written, write_large
from tests.bench.exports import Alone, alone
from tests.bench.framework import Portal, Row

_MEGABYTES = int(os.environ.get("APPLE_IMPORT_MEGABYTES", "3000"))
_FIRST = datetime(2016, 1, 1, tzinfo=UTC)


def rows(portal: Portal) -> list[Row]:
    """`parse_3gb`, in megabytes of XML a second, and `peak_mib_3gb`."""
    file = portal.folder / "export.zip"
    written = _made(file)
    # The floor before and after, for the machine may be busier at one time than at another.
    before, came, after = alone(file, "count"), alone(file, "take_in"), alone(file, "count")
    _check(written, came)
    floor = (before.seconds + after.seconds) / 2
    return [
        Row("parse_3gb", _MEGABYTES / came.seconds, _MEGABYTES / floor, "MB/s", 0.4, "higher"),
        Row("peak_mib_3gb", came.peak_mib, 1.0, "MiB", 256, "lower"),
    ]


def _made(file: Path) -> Written:
    with file.open("wb") as packed:
        return write_large(packed, _MEGABYTES, _FIRST, duplicates=0.05, phone=True)


def _check(written: Written, came: Alone) -> None:
    """Nothing is lost, and there was something of everything. What crosses midnight is two."""
    told, apart = came.report, came.report["apart"]
    assert told["read"] == told["added"] + told["merged"] + sum(apart.values()) >= written.wanted
    assert apart["duplicate"] >= written.doubled > 0
    assert apart["overlap"] > 0 < told["added"]
