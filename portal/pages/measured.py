"""What was measured, in words: values with their units, the finding of a period, and how it was before."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from statistics import fmean

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from datasources.wearables.charts import MONTHS, Period, Span, measured_within
from datasources.wearables.days import Days
from datasources.wearables.points import Device, Measure

NAMES: Mapping[Measure, str | Promise] = {
    Measure.STEPS: _("Steps"),
    Measure.DISTANCE: _("Distance"),
    Measure.ACTIVE: _("Movement"),
    Measure.HEART_RATE: _("Heart rate"),
    Measure.RESTING_HEART_RATE: _("Resting heart rate"),
    Measure.SLEEP: _("Sleep"),
    Measure.WORKOUT: _("Workouts"),
}
DEVICES: Mapping[Device, str | Promise] = {
    Device.WATCH: _("Watch"),
    Device.PHONE: _("Phone"),
    Device.OTHER: _("Other device"),
}
_FINDINGS: Mapping[Measure, str | Promise] = {
    Measure.STEPS: _("You took %(value)s a day on average."),
    Measure.DISTANCE: _("You moved %(value)s a day on average."),
    Measure.ACTIVE: _("You were on the move for %(value)s a day on average."),
    Measure.HEART_RATE: _("Your heart rate was %(value)s on average."),
    Measure.RESTING_HEART_RATE: _("Your resting heart rate was %(value)s on average."),
    Measure.SLEEP: _("You slept %(value)s on average."),
    Measure.WORKOUT: _("Your workouts took %(value)s on average, on days that had one."),
}
_MORE: Mapping[Span, str | Promise] = {
    Span.WEEK: _("That is %(difference)s more than in the seven days before."),
    Span.MONTH: _("That is %(difference)s more than in the month before."),
    Span.YEAR: _("That is %(difference)s more than in the year before."),
}
_LESS: Mapping[Span, str | Promise] = {
    Span.WEEK: _("That is %(difference)s less than in the seven days before."),
    Span.MONTH: _("That is %(difference)s less than in the month before."),
    Span.YEAR: _("That is %(difference)s less than in the year before."),
}
_SAME: Mapping[Span, str | Promise] = {
    Span.WEEK: _("That is as much as in the seven days before."),
    Span.MONTH: _("That is as much as in the month before."),
    Span.YEAR: _("That is as much as in the year before."),
}
_IN_MINUTES = frozenset({Measure.ACTIVE, Measure.SLEEP, Measure.WORKOUT})
_HOUR, _KILOMETRE = 60, 1000
_LONG = 3 * _HOUR
# Fewer days than this are no habit: nothing is compared.
_LEAST_DAYS = 3
_NBSP = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True)
class Spread:
    """Least, mean and most of a period in words, and how many days were measured and missed."""

    least: str
    mean: str
    most: str
    measured: int
    missing: int


def value_text(measure: Measure, value: float) -> str:
    """8 412 steps · 5,2 km · 6 h 50 min · 62 beats a minute."""
    if measure is Measure.STEPS:
        return ngettext("%(n)s step", "%(n)s steps", round(value)) % {"n": whole_text(value)}
    if measure is Measure.DISTANCE:
        return f"{number_format(value / _KILOMETRE, 1, use_l10n=True)}{_NBSP}km"
    if measure in _IN_MINUTES:
        return _duration(round(value))
    return ngettext("%(n)s beat a minute", "%(n)s beats a minute", round(value)) % {"n": whole_text(value)}


def whole_text(value: float) -> str:
    """8 412: a whole number as it is written here."""
    return f"{round(value):,}".replace(",", _NBSP)


def _duration(minutes: int) -> str:
    hours, rest = divmod(minutes, _HOUR)
    told = [f"{hours}{_NBSP}h"] if hours else []
    return _NBSP.join([*told, f"{rest}{_NBSP}min"] if rest or not hours else told)


def unit_of(measure: Measure, most: float) -> tuple[float, str]:
    """(what one step of the axis counts, its unit in words)."""
    if measure is Measure.STEPS:
        return 1, gettext("steps")
    if measure is Measure.DISTANCE:
        return _KILOMETRE, "km"
    if measure in _IN_MINUTES:
        return (_HOUR, gettext("hours")) if most >= _LONG else (1, gettext("minutes"))
    return 1, gettext("beats a minute")


def axis_text(value: float) -> str:
    """A value on the axis: as short as it is right."""
    if value == round(value):
        return whole_text(value)
    return str(number_format(value, 1, use_l10n=True))


def day_label(day: date, marks: int) -> str:
    """Below the axis: 3.6. for a day, the number of the month in a year."""
    if marks == MONTHS:
        return str(day.month)
    return f"{day.day}.{day.month}."


def finding(measure: Measure, days: Days, period: Period) -> str:
    """What a period shows in a sentence or two; empty where nothing was measured."""
    now, before = measured_within(days, period), measured_within(days, period.before)
    if not now:
        return ""
    mean = fmean(now)
    told = str(_FINDINGS[measure]) % {"value": value_text(measure, mean)}
    if min(len(now), len(before)) < _LEAST_DAYS:
        return told
    difference = mean - fmean(before)
    words = value_text(measure, abs(difference))
    if words == value_text(measure, 0):
        return f"{told} {_SAME[period.span]}"
    compared = _MORE if difference > 0 else _LESS
    return f"{told} {str(compared[period.span]) % {'difference': words}}"


def spread(measure: Measure, days: Days, period: Period, *, today: date) -> Spread | None:
    """None where nothing was measured. Days that are not over yet are not missing."""
    values = measured_within(days, period)
    if not values:
        return None
    over = (min(period.last, today) - period.first).days + 1
    least, mean, most = (value_text(measure, each) for each in (min(values), fmean(values), max(values)))
    return Spread(least, mean, most, len(values), max(over - len(values), 0))
