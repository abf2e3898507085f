"""A chart as a picture in the page (SVG): no style of its own, no script; colours and letters are the page's."""

from itertools import pairwise

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from datasources.wearables.charts import HEIGHT, MONTHS, WIDTH, Chart, Placed
from portal.pages.measured import axis_text, day_label

_POINT = 4


def svg(chart: Chart, *, title: str, unit: str, means: str) -> SafeString:
    """The whole picture. `title` tells what it shows, `unit` stands on the axis, `means` names the line of the mean.

    Whoever does not see it reads the same below it, in words and in a table.
    """
    parts = [
        f'<svg class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title)}">',
        f'<text x="4" y="14">{escape(unit)}</text>',
        *(_tick(chart, height, value) for height, value in chart.ticks),
        *(_bars(chart.placed, chart.ground) if chart.bars else _points(chart.placed)),
        *_labels(chart),
        *_mean(chart, means),
        "</svg>",
    ]
    # Numbers of ours, and words that were escaped.
    return mark_safe("".join(parts))  # noqa: S308


def _tick(chart: Chart, height: float, value: float) -> str:
    line = f'<line x1="{chart.left}" y1="{height}" x2="{chart.right}" y2="{height}"/>'
    text = f'<text x="{chart.left - 6}" y="{height + 4}" text-anchor="end">{escape(axis_text(value))}</text>'
    return line + text


def _bars(placed: tuple[Placed, ...], ground: float) -> list[str]:
    return [
        f'<rect x="{each.left}" y="{each.top}" width="{each.width}" height="{round(ground - each.top, 1)}"/>'
        for each in placed
        if each.top is not None
    ]


def _points(placed: tuple[Placed, ...]) -> list[str]:
    """Points, joined where days follow on one another: a line over a gap would tell what nobody measured."""
    parts = []
    for before, each in pairwise(placed):
        if before.top is not None and each.top is not None:
            parts.append(f'<path d="M{before.middle} {before.top}L{each.middle} {each.top}"/>')
    for each in placed:
        if each.top is not None:
            parts.append(f'<circle cx="{each.middle}" cy="{each.top}" r="{_POINT}"/>')
    return parts


def _labels(chart: Chart) -> list[str]:
    """Every day of a week, every fifth of a month, every month."""
    y, marks = chart.ground + 20, len(chart.placed)
    return [
        f'<text x="{each.middle}" y="{y}" text-anchor="middle">{escape(day_label(each.mark.day, marks))}</text>'
        for each in chart.placed[:: 1 if marks <= MONTHS else 5]
    ]


def _mean(chart: Chart, words: str) -> list[str]:
    """A broken line with a rhomb at its end: told from the marks by its shape too."""
    if chart.mean is None:
        return []
    x, y = chart.right, chart.mean
    return [
        f'<path class="mean" d="M{chart.left} {y}H{x}"/>',
        f'<path class="rhomb" d="M{x - 8} {y}l6 -6 6 6 -6 6z"/>',
        f'<text class="mean" x="{x - 12}" y="{y - 6}" text-anchor="end">{escape(words)}</text>',
    ]
