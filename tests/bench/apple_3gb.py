"""The whole import of an Apple Health export of 3 GB, every record another one: memory stays flat.

Some five million points are laid by in a sealed file, and come back day by day. `seconds` has no floor: it is a
worker's time, told against ten minutes.
"""

from datetime import UTC, datetime

from demo.watches.apple import write_large
from tests.bench.exports import alone
from tests.bench.framework import Portal, Row

_MEGABYTES = 3000
_FIRST = datetime(2016, 1, 1, tzinfo=UTC)
_TEN_MINUTES = 600.0


def rows(portal: Portal) -> list[Row]:
    """`peak_mib` and `seconds`."""
    file = portal.folder / "export.zip"
    with file.open("wb") as packed:
        write_large(packed, _MEGABYTES, _FIRST)
    came = alone(file, "take_in")
    return [
        Row("peak_mib", came.peak_mib, 1.0, "MiB", 256, "lower"),
        Row("seconds", came.seconds, _TEN_MINUTES, "s", 1.0, "lower"),
    ]
