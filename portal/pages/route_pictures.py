"""A route as a picture in the page (SVG): a line on nothing. No map is fetched, for that would tell where it is."""

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from datasources.wearables.routes.drawing import WIDTH, Point, Sketch
from portal.pages.route_words import length_text

_PICTURE = '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>'
_LINE = '<path d="M{}"/>'
_BEGIN = '<circle cx="{}" cy="{}" r="5"/>'
_END = '<rect x="{}" y="{}" width="9" height="9"/>'
_LABEL = '<text x="{}" y="{}" text-anchor="{}">{}</text>'
# The line may run under the word: it has a ground of its own.
_SPOT = '<text class="spot" x="{}" y="{}" text-anchor="{}">{}</text>'
_BAR = '<path class="bar" d="M{} {}v6h{}v-6"/>'
_ABOVE, _BELOW = -12, 22
# A third of the width is room enough for a word on one side.
_LEFT, _RIGHT = WIDTH / 3, WIDTH * 2 / 3


def route_svg(sketch: Sketch, *, title: str) -> SafeString:
    """The whole picture; `title` tells what it shows. Beginning and end are told apart by shape and by word."""
    begins_above = sketch.begin[1] <= sketch.end[1]
    left, top, width = sketch.bar
    parts = [
        format_html_join("", _LINE, ((_way(line),) for line in sketch.lines if len(line) > 1)),
        format_html(_BEGIN, *sketch.begin),
        format_html(_END, round(sketch.end[0] - 4.5, 1), round(sketch.end[1] - 4.5, 1)),
        _label(sketch.begin, gettext("Start"), above=begins_above),
        _label(sketch.end, gettext("End"), above=not begins_above),
        format_html(_BAR, left, round(top - 6, 1), width),
        format_html(_LABEL, round(left + width + 8, 1), top, "start", length_text(sketch.metres)),
    ]
    return format_html(_PICTURE, WIDTH, sketch.height, title, format_html_join("", "{}", ((each,) for each in parts)))


def _way(line: tuple[Point, ...]) -> str:
    return "L".join(f"{x} {y}" for x, y in line)


def _label(point: Point, words: str, *, above: bool) -> SafeString:
    x, y = point
    anchor = "start" if x < _LEFT else "end" if x > _RIGHT else "middle"
    return format_html(_SPOT, x, round(y + (_ABOVE if above else _BELOW), 1), anchor, words)
