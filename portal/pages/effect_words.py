"""The effect of use cases in words: numbers with their bounds, months, and what they mean."""

from datetime import date

from django.utils.formats import number_format
from django.utils.translation import gettext, ngettext

from consents.usecases.rules.effect import Effect, Gain, Range
from portal.i18n.dates import day_text
from portal.pages.measured import whole_text

_FEW = 10
_MINUS, _NBSP = "\N{MINUS SIGN}", "\N{NO-BREAK SPACE}"


def number_text(value: float) -> str:
    """A whole number, or one with a decimal where it is small."""
    size = abs(value)
    text = whole_text(size) if size >= _FEW or size == round(size) else str(number_format(size, 1, use_l10n=True))
    return f"{_MINUS}{text}" if value < 0 and text.strip("0., ") else text


def uses_text(gain: Gain) -> str:
    """How many, and in how many of them an algorithm took part."""
    uses = number_text(gain.uses)
    if not gain.by_algorithm:
        return uses
    told = {"uses": uses, "n": number_text(gain.by_algorithm)}
    return gettext("%(uses)s, in %(n)s of them an algorithm took part") % told


def range_text(value: Range, unit: str) -> str:
    """15 hours (12 to 20): what is most likely, and the bounds where they differ."""
    likely = f"{number_text(value.likely)}{_NBSP}{unit}"
    low, high = number_text(value.low), number_text(value.high)
    if low == high:
        return likely
    return gettext("%(likely)s (%(low)s to %(high)s)") % {"likely": likely, "low": low, "high": high}


def hours_text(value: Range) -> str:
    """With the unit."""
    return range_text(value, gettext("h"))


def euro_text(value: Range | float) -> str:
    """With the sign of the euro."""
    return range_text(value if isinstance(value, Range) else Range(value, value, value), "€")


def month_text(month: date) -> str:
    """11/2026."""
    return f"{month.month}/{month.year}"


def finding(effect: Effect) -> str:
    """What was counted since the trial began, in a few sentences; empty where no use may be told."""
    if not effect.shows:
        return ""
    actual = effect.actual
    uses = round(actual.uses)
    told = ngettext(
        "Data was used %(n)s time for this since %(month)s.",
        "Data was used %(n)s times for this since %(month)s.",
        uses,
    ) % {"n": whole_text(uses), "month": month_text(effect.months[0].month)}
    saved = gettext("Residents saved %(resident)s and staff %(staff)s.") % {
        "resident": _between(actual.resident_hours),
        "staff": _between(actual.staff_hours),
    }
    return f"{told} {saved} {_money(actual.net)}"


def _between(value: Range) -> str:
    """About 15 hours, between 12 and 20."""
    told = {"likely": number_text(value.likely), "low": number_text(value.low), "high": number_text(value.high)}
    if told["low"] == told["high"]:
        return gettext("about %(likely)s hours") % told
    return gettext("about %(likely)s hours, at least %(low)s and at most %(high)s") % told


def _money(net: Range) -> str:
    """Whether it has paid for itself, and how sure that is."""
    told = {"low": number_text(abs(net.low)), "high": number_text(abs(net.high))}
    if net.low >= 0:
        return gettext("It has saved the city more than it cost: at least %(low)s € and at most %(high)s €.") % told
    if net.high <= 0:
        told = {"low": told["high"], "high": told["low"]}
        return gettext("It has cost the city more than it saved: at least %(low)s € and at most %(high)s €.") % told
    return (
        gettext(
            "It is not certain that it has paid for itself: between %(low)s € more spent and %(high)s € more saved."
        )
        % told
    )


def version_text(version: int, on: date) -> str:
    """Which version, since when."""
    return gettext("Version %(n)s, %(on)s") % {"n": version, "on": day_text(on)}
