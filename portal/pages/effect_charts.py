"""Uses by month as a picture (SVG): bars are what was counted, broken lines what was expected."""

from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from consents.usecases.rules.effect import Month
from datasources.wearables.charts import HEIGHT, RIGHT, WIDTH, Scale, round_values
from portal.pages.charts import axis_drawn, bars_drawn, labels_drawn

# So many months have room for their numbers.
_MOST_LABELS = 12
_PICTURE = (
    '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}"><text x="4" y="14">{}</text>'
    '<text class="mean" x="{}" y="14" text-anchor="end">– – {}</text>{}{}{}{}</svg>'
)
_LINE = '<path class="under" d="M{0} {1}H{2}"/><path class="mean" d="M{0} {1}H{2}"/>'


def uses_chart(months: Sequence[Month], *, title: str) -> SafeString:
    """One bar and one line a month, from zero; a month that may not be told is a gap. The table below says the same."""
    most = max((max(month.actual.uses, month.expected.uses) for month in months), default=1.0)
    scale = Scale(round_values(0.0, most), len(months))
    numbered = list(enumerate(months))
    counted = ((number, month.actual.uses) for number, month in numbered if month.actual.uses)
    wanted = (
        (scale.across(number + 0.05), scale.height(month.expected.uses), scale.across(number + 0.95))
        for number, month in numbered
    )
    every = -(-len(months) // _MOST_LABELS)
    labels = ((scale.across(number + 0.5), month.month.month) for number, month in numbered if number % every == 0)
    return format_html(
        _PICTURE,
        *(WIDTH, HEIGHT, title, gettext("uses"), RIGHT, gettext("expected")),
        axis_drawn(scale.ticks),
        bars_drawn((scale.across(number + 0.2), scale.height(uses), scale.width(0.6)) for number, uses in counted),
        format_html_join("", _LINE, wanted),
        labels_drawn(labels),
    )
