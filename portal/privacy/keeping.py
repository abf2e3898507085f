"""How long, in the few words that policy.toml may say it in: what a page tells and what the retention job does.

`until COLUMN`, `until COLUMN + 30 days`, `while STATE`, `while STATE + 10 years`, `as its scope`, and
`with the log's month`.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from functools import lru_cache

# The log is evidence of what was done with data; claims expire after ten years at the latest (728/2003 7 §).
LOG_YEARS = 10
# What begins and ends by an act or by what registers tell, not by a date of its own.
STATES = (
    "a resident",
    "active",
    "connected",
    "fresh",
    "in force",
    "in the catalogue",
    "it is told",
    "it may call",
    "left there",
    "published",
    "put aside",
    "registers tell it",
    "signing in",
)
_UNTIL = re.compile(r"until ([a-z_]+)(?: \+ (\d+) (minutes|hours|days|years?))?")
_WHILE = re.compile(rf"while ({'|'.join(STATES)})(?: \+ (\d+) years)?")


class NotAKeep(Exception):
    """These are not words that say how long."""


class Kind(Enum):
    """What ends the time."""

    UNTIL = "until"
    WHILE = "while"
    SCOPE = "as its scope"
    MONTH = "with the log's month"


@dataclass(frozen=True)
class Keep:
    """`column` and `number` of `unit` for UNTIL, `state` and years for WHILE."""

    kind: Kind
    column: str = ""
    state: str = ""
    number: int = 0
    unit: str = ""

    def over_before(self, at: datetime) -> datetime:
        """Rows whose `column` is before this have been kept for long enough at `at`."""
        if self.unit == "years":
            return _years_before(at, self.number)
        return at - timedelta(**{self.unit: self.number}) if self.unit else at


def _years_before(at: datetime, years: int) -> datetime:
    try:
        return at.replace(year=at.year - years)
    except ValueError:
        # The 29th of February of a year that has none.
        return at.replace(year=at.year - years, day=28)


@lru_cache(maxsize=256)
def keep(text: str) -> Keep:
    """The meaning of a `keep`; NotAKeep."""
    if found := _UNTIL.fullmatch(text):
        unit = "years" if found[3] == "year" else found[3] or ""
        return Keep(Kind.UNTIL, column=found[1], number=int(found[2] or 0), unit=unit)
    if found := _WHILE.fullmatch(text):
        return Keep(Kind.WHILE, state=found[1], number=int(found[2] or 0), unit="years" if found[2] else "")
    if text in {Kind.SCOPE.value, Kind.MONTH.value}:
        return Keep(Kind(text))
    raise NotAKeep(text)
