"""Values in words: dates, times, money and numbers as each language writes them."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Protocol

from datasources.enums import FieldType

Scalar = str | int | float | bool | date | datetime | None

_NBSP = "\N{NO-BREAK SPACE}"
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_CLOCK = {"fi": "klo", "sv": "kl.", "en": "at"}
_YES_NO = {"fi": ("kyllä", "ei"), "sv": ("ja", "nej"), "en": ("yes", "no")}


class Described(Protocol):
    """The type and the code list of a field."""

    @property
    def type(self) -> FieldType: ...
    @property
    def codes(self) -> Mapping[str, str]: ...


def text_of(value: Scalar, spec: Described, language: str) -> str:
    """The value as it is read in `language` (fi, sv, en); empty for nothing. Times are the wall's clock in Finland."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _YES_NO[language][0 if value else 1]
    if isinstance(value, datetime):
        return f"{_day(value, language)} {_CLOCK[language]}{_NBSP}{value:%H.%M}"
    if isinstance(value, date):
        return _day(value, language)
    if spec.type == FieldType.MONEY and isinstance(value, int):
        return _money(value, language)
    text = str(value)
    if isinstance(value, float) and language != "en":
        text = text.replace(".", ",")
    return spec.codes.get(text, text)


def _day(day: date, language: str) -> str:
    if language == "en":
        return f"{day.day}{_NBSP}{_MONTHS[day.month - 1]}{_NBSP}{day.year}"
    return f"{day.day}.{day.month}.{day.year}"


def _money(cents: int, language: str) -> str:
    whole, part = divmod(abs(cents), 100)
    sign = "\N{MINUS SIGN}" if cents < 0 else ""
    if language == "en":
        return f"{sign}€{whole:,}.{part:02d}"
    return f"{sign}{whole:,}".replace(",", _NBSP) + f",{part:02d}{_NBSP}€"
