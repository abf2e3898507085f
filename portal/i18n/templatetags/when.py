"""Filters: `{{ at|moment }}`, `{{ at|day }}`, `{{ at|clock }}`."""

from datetime import date, datetime

from django import template

from portal.i18n.dates import clock_text, day_text, moment_text

register = template.Library()


@register.filter
def moment(when: datetime | None) -> str:
    """Day and time, or nothing."""
    return moment_text(when) if when else ""


@register.filter
def day(when: date | datetime | None) -> str:
    """The day, or nothing."""
    return day_text(when) if when else ""


@register.filter
def clock(when: datetime | None) -> str:
    """The time, or nothing."""
    return clock_text(when) if when else ""
