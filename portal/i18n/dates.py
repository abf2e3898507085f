"""Dates and times in running text: 3.6.2026 kello 14.02 · den 3 juni 2026 kl. 14.02 · 3 June 2026 at 14.02."""

from datetime import date, datetime

from django.utils import timezone

from portal.i18n.languages import language_now

_NBSP = "\N{NO-BREAK SPACE}"
_SV = "januari februari mars april maj juni juli augusti september oktober november december".split()  # noqa: SIM905
_EN = "January February March April May June July August September October November December".split()  # noqa: SIM905
_CLOCK = {"fi": "kello", "sv": "kl.", "en": "at"}


def day_text(when: date | datetime, language: str | None = None) -> str:
    """The day in words of the language in force; Finnish time."""
    day = timezone.localtime(when) if isinstance(when, datetime) else when
    language = (language or language_now())[:2]
    if language == "sv":
        return f"den{_NBSP}{day.day}{_NBSP}{_SV[day.month - 1]}{_NBSP}{day.year}"
    if language == "en":
        return f"{day.day}{_NBSP}{_EN[day.month - 1]}{_NBSP}{day.year}"
    return f"{day.day}.{day.month}.{day.year}"


def clock_text(when: datetime) -> str:
    """14.02, Finnish time."""
    return f"{timezone.localtime(when):%H.%M}"


def moment_text(when: datetime, language: str | None = None) -> str:
    """Day and time."""
    language = (language or language_now())[:2]
    return f"{day_text(when, language)} {_CLOCK.get(language, 'at')}{_NBSP}{clock_text(when)}"
