"""Uses by month as a picture (SVG): bars are what was counted, broken lines what was expected."""

from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from consents.usecases.rules.effect import Month
from datasources.wearables.charts import HEIGHT, WIDTH, round_values
from portal.pages.measured import axis_text

_LEFT, _RIGHT, _TOP, _BOTTOM = 50, 10, 26, 32
_GROUND = HEIGHT - _BOTTOM
# So many months have room for their numbers.
_MOST_LABELS = 12
_PICTURE = (
    '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}"><text x="4" y="14">{}</text>'
    '<text class="mean" x="{}" y="14" text-anchor="end">– – {}</text>{}{}{}{}</svg>'
)
_TICK = '<line x1="{}" y1="{}" x2="{}" y2="{}"/><text x="{}" y="{}" text-anchor="end">{}</text>'
_BAR = '<rect x="{}" y="{}" width="{}" height="{}"/>'
_LINE = '<path class="under" d="M{0} {1}H{2}"/><path class="mean" d="M{0} {1}H{2}"/>'
_LABEL = '<text x="{}" y="{}" text-anchor="middle">{}</text>'


def uses_chart(months: Sequence[Month], *, title: str) -> SafeString:
    """One bar and one line a month, from zero; a month that may not be told is a gap. The table below says the same."""
    most = max((max(month.actual.uses, month.expected.uses) for month in months), default=1.0)
    axis = round_values(0.0, most)
    slot = (WIDTH - _LEFT - _RIGHT) / max(len(months), 1)
    every = -(-len(months) // _MOST_LABELS)

    def height(value: float) -> float:
        return round(_GROUND - value / axis[-1] * (_GROUND - _TOP), 1)

    def left(number: int, share: float) -> float:
        return round(_LEFT + slot * (number + share), 1)

    lines = (
        (_LEFT, height(tick), WIDTH - _RIGHT, height(tick), _LEFT - 6, height(tick) + 4, axis_text(tick))
        for tick in axis
    )
    bars = (
        (
            left(number, 0.2),
            height(month.actual.uses),
            round(slot * 0.6, 1),
            round(_GROUND - height(month.actual.uses), 1),
        )
        for number, month in enumerate(months)
        if month.actual.uses
    )
    wanted = ((left(n, 0.05), height(month.expected.uses), left(n, 0.95)) for n, month in enumerate(months))
    labels = (
        (left(number, 0.5), _GROUND + 20, month.month.month)
        for number, month in enumerate(months)
        if number % every == 0
    )
    return format_html(
        _PICTURE,
        *(WIDTH, HEIGHT, title, gettext("uses"), WIDTH - _RIGHT, gettext("expected")),
        format_html_join("", _TICK, lines),
        format_html_join("", _BAR, bars),
        format_html_join("", _LINE, wanted),
        format_html_join("", _LABEL, labels),
    )
