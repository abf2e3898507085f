"""Reading a FIT activity of six hours, a record each second, against fitdecode as it comes. In records a second."""

import io
from datetime import UTC, datetime
from time import perf_counter
from zoneinfo import ZoneInfo

import fitdecode  # type: ignore[import-untyped]

from datasources.wearables.collecting import Collector
from datasources.wearables.formats import read
from demo.watches.fit import fit_of
from demo.watches.life import Run
from tests.bench.framework import Portal, Row, interleaved

_MINUTES = 360
_RECORDS = _MINUTES * 60
_CONTENT = fit_of(Run(datetime(2026, 5, 4, 8, tzinfo=UTC), _MINUTES, 42_195))


def rows(portal: Portal) -> list[Row]:
    """`parse`."""
    seconds = interleaved({"floor": _bare, "parse": _read})
    return [Row("parse", _RECORDS / seconds["parse"], _RECORDS / seconds["floor"], "rec/s", 0.8, "higher")]


def _bare() -> float:
    began = perf_counter()
    with fitdecode.FitReader(io.BytesIO(_CONTENT)) as reader:
        assert sum(frame.frame_type == fitdecode.FIT_FRAME_DATA for frame in reader) > _RECORDS
    return perf_counter() - began


def _read() -> float:
    began = perf_counter()
    assert sum(map(len, read(io.BytesIO(_CONTENT), Collector(ZoneInfo("Europe/Helsinki"))))) > _RECORDS
    return perf_counter() - began
