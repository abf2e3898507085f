"""FIT activities: https://developer.garmin.com/fit/protocol/. Times are seconds since the end of 1989, in UTC."""

import io
import struct
from collections.abc import Iterator
from typing import IO, Any, cast

import fitdecode  # type: ignore[import-untyped]

from datasources.wearables.collecting import Collector
from datasources.wearables.formats.fit.activity import Activity
from datasources.wearables.points import Point
from datasources.wearables.reading.format import Format
from datasources.wearables.reading.forward import CHUNK, Broken, Forward
from datasources.wearables.troubles import Trouble, Unusable

# What the library raises, by design and not, for bytes that are no FIT.
_FAULTS = (fitdecode.FitError, struct.error, AssertionError, ValueError, LookupError, TypeError, ArithmeticError,
           AttributeError)  # fmt: skip


# Some months of seconds: no activity is longer, and each takes time to decode.
_MOST_MESSAGES = 3_000_000


def _recognises(head: bytes) -> bool:
    return head[8:12] == b".FIT"


def _read(stream: Forward, collector: Collector) -> Iterator[list[Point]]:
    """What was read before it breaks off counts; a wrong checksum makes it partial. Unusable(TOO_LARGE)."""
    activity = Activity(collector.routes)
    try:
        for frame in _frames(cast("IO[bytes]", io.BufferedReader(stream, CHUNK))):
            if frame.frame_type == fitdecode.FIT_FRAME_DATA:
                activity.take(frame)
            elif frame.frame_type == fitdecode.FIT_FRAME_CRC:
                collector.partial |= not frame.matched
                yield list(activity.points(collector))
                activity = Activity(collector.routes)
    except Broken:
        yield list(activity.points(collector))
        raise


def _frames(file: IO[bytes]) -> Iterator[Any]:
    reader = fitdecode.FitReader(
        file, processor=None, check_crc=fitdecode.CrcCheck.READONLY, error_handling=fitdecode.ErrorHandling.IGNORE
    )
    try:
        for count, frame in enumerate(reader):
            if count > _MOST_MESSAGES:
                raise Unusable(Trouble.TOO_LARGE)
            yield frame
    except _FAULTS:
        raise Broken from None


FIT = Format("fit", "FIT", _recognises, _read)
