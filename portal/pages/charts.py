"""A chart as a picture in the page (SVG): no style of its own, no script; colours and letters are the page's."""

from collections.abc import Iterable, Iterator
from itertools import pairwise

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from datasources.wearables.charts import GROUND, HEIGHT, LEFT, MONTHS, RIGHT, WIDTH, Chart, Placed
from portal.pages.measured import axis_text, day_label

_POINT = 4
_PICTURE = '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}"><text x="4" y="14">{}</text>{}</svg>'
_TICK = '<line x1="{}" y1="{}" x2="{}" y2="{}"/><text x="{}" y="{}" text-anchor="end">{}</text>'
_BAR = '<rect x="{}" y="{}" width="{}" height="{}"/>'
_LABEL = '<text x="{}" y="{}" text-anchor="middle">{}</text>'
# A broken line on a ground of its own, with a rhomb at its end: told from the marks by its shape too. Its value stands
# above the marks, beside a rhomb like it.
_MEAN = (
    '<path class="under" d="M{left} {y}H{right}"/><path class="mean" d="M{left} {y}H{right}"/>'
    '<path class="rhomb" d="M{rhomb} {y}l6 -6 6 6 -6 6z"/>'
    '<text class="mean" x="{right}" y="14" text-anchor="end">◆ {words}</text>'
)


def svg(chart: Chart, *, title: str, unit: str, means: str) -> SafeString:
    """The whole picture. `title` tells what it shows, `unit` stands on the axis, `means` is the value of the mean.

    Whoever does not see it reads the same below it, in words and in a table.
    """
    parts = [
        axis_drawn(chart.ticks),
        *([_bars(chart.placed)] if chart.bars else _points(chart.placed)),
        _labels(chart),
        _mean(chart, means),
    ]
    return format_html(_PICTURE, WIDTH, HEIGHT, title, unit, format_html_join("", "{}", ((each,) for each in parts)))


def axis_drawn(ticks: Iterable[tuple[float, float]]) -> SafeString:
    """A line and its value for each (height, value)."""
    rows = ((LEFT, height, RIGHT, height, LEFT - 6, height + 4, axis_text(value)) for height, value in ticks)
    return format_html_join("", _TICK, rows)


def bars_drawn(bars: Iterable[tuple[float, float, float]]) -> SafeString:
    """A bar on the ground for each (left, top, width)."""
    return format_html_join("", _BAR, ((left, top, width, round(GROUND - top, 1)) for left, top, width in bars))


def labels_drawn(labels: Iterable[tuple[float, object]]) -> SafeString:
    """Below the ground, for each (middle, words)."""
    return format_html_join("", _LABEL, ((middle, GROUND + 20, words) for middle, words in labels))


def _bars(placed: tuple[Placed, ...]) -> SafeString:
    return bars_drawn((each.left, each.top, each.width) for each in placed if each.top is not None)


def _points(placed: tuple[Placed, ...]) -> Iterator[SafeString]:
    """Points, joined where days follow on one another: a line over a gap would tell what nobody measured."""
    joined = (
        (before.middle, before.top, each.middle, each.top)
        for before, each in pairwise(placed)
        if before.top is not None and each.top is not None
    )
    yield format_html_join("", '<path d="M{} {}L{} {}"/>', joined)
    there = ((each.middle, each.top, _POINT) for each in placed if each.top is not None)
    yield format_html_join("", '<circle cx="{}" cy="{}" r="{}"/>', there)


def _labels(chart: Chart) -> SafeString:
    """Every day of a week, every fifth of a month, every month."""
    marks = len(chart.placed)
    shown = chart.placed[:: 1 if marks <= MONTHS else 5]
    return labels_drawn((each.middle, day_label(each.mark.day, marks)) for each in shown)


def _mean(chart: Chart, words: str) -> SafeString:
    if chart.mean is None:
        return SafeString()
    return format_html(_MEAN, left=LEFT, right=RIGHT, y=chart.mean, rhomb=RIGHT - 8, words=words)
