"""One chart: marks placed and written as a picture. The floors are what a page may spend on it: 5 ms, and 15 kB."""

from datetime import date, timedelta
from statistics import median
from time import perf_counter

from datasources.wearables.charts import Span, chart_of, marks_of, period_of
from datasources.wearables.points import Measure
from portal.pages.charts import svg
from tests.bench.framework import Portal, Row, interleaved

MAY_TAKE_MS, MAY_BE_KB = 5.0, 15.0
BAR = 1.0
TIMES = 50
_FIRST = date(2024, 1, 1)
_DAYS = {_FIRST + timedelta(days=number): 4000.0 + 37 * (number % 200) for number in range(3 * 365)}


def rows(portal: Portal) -> list[Row]:
    """The slowest and the largest of all measures and periods, at the median; three years are held."""
    kinds = [(measure, span) for measure in Measure for span in Span]
    figures = interleaved({"draw": lambda: max(median(_takes(*kind) for _ in range(TIMES)) for kind in kinds)})
    largest = max(len(_drawn(*kind).encode()) for kind in kinds) / 1000
    return [
        Row("draw", figures["draw"], MAY_TAKE_MS, "ms", BAR, "lower"),
        Row("size", largest, MAY_BE_KB, "kB", BAR, "lower"),
    ]


def _takes(measure: Measure, span: Span) -> float:
    began = perf_counter()
    _drawn(measure, span)
    return (perf_counter() - began) * 1000


def _drawn(measure: Measure, span: Span) -> str:
    marks = marks_of(_DAYS, period_of(span, date(2025, 5, 20)))
    return svg(chart_of(measure, marks), title="What a period shows", unit="steps", means="8 412 steps")
