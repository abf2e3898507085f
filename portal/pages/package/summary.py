"""The summary on paper: PDF/UA-1 (ISO 14289-1), made as receipts are. All it says comes in as data."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from django.utils.translation import gettext, ngettext

from portal import paper
from portal.i18n.dates import day_text, moment_text

_SHEET = Path(__file__).with_name("summary.typ").read_bytes()


@dataclass(frozen=True)
class Entry:
    """One dataset of the package: `place` is where its files stand, without an ending."""

    name: str
    department: str
    place: str
    rows: int
    as_of: datetime
    by_right: bool = True

    def out_of_courtesy(self) -> "Entry":
        """Article 20 does not cover it."""
        return replace(self, by_right=False)


@dataclass(frozen=True)
class Summary:
    """What is in a package; `silent` and `by_hand` name what is missing: systems that did not answer, and registers
    in which a person looks. `own`: whoever reads it is the person; else it names whose data it is.
    """

    whose: str
    number: str
    made_at: datetime
    tables: Sequence[Entry]
    silent: Sequence[str]
    by_hand: Sequence[str]
    receipts: int
    own: bool = True

    @property
    def of_right(self) -> list[Entry]:
        """What may be taken elsewhere by right (GDPR 20)."""
        return [each for each in self.tables if each.by_right]

    @property
    def of_courtesy(self) -> list[Entry]:
        """What is given in the same form though no law says so."""
        return [each for each in self.tables if not each.by_right]


def printed(told: Summary, *, language: str) -> bytes:
    """The PDF, in the language in force; the same summary gives the same bytes."""
    title, other, looked_for = _of_whom(told)
    words = {
        "language": language,
        "title": title,
        "facts": [
            (gettext("Whose data"), told.whose),
            (gettext("Number"), told.number),
            (gettext("Made"), moment_text(told.made_at)),
        ],
        "lists": [
            (gettext("Data you may take to another service"), _lines(told.of_right)),
            (other, _lines(told.of_courtesy)),
            (gettext("Systems that did not answer"), list(told.silent)),
            (looked_for, list(told.by_hand)),
        ],
        "open": gettext("Open the file index.html of the package to read everything."),
    }
    told_as_json = {"told": json.dumps(words, ensure_ascii=False)}
    return paper.printed(_SHEET, told_as_json)


def _of_whom(told: Summary) -> tuple[str, str, str]:
    """The title, and the heads of two lists: to the person, or of a person who is named."""
    if told.own:
        return (
            gettext("A copy of your data"),
            gettext("Other data the city holds about you"),
            gettext("Registers in which a person looks for your data"),
        )
    whose = {"whose": told.whose}
    return (
        gettext("A copy of data about %(whose)s") % whose,
        gettext("Other data the city holds about %(whose)s") % whose,
        gettext("Registers in which a person looks for the data"),
    )


def _lines(entries: Sequence[Entry]) -> list[str]:
    return [f"{each.name} ({each.department}): {count_text(each.rows)}, {day_text(each.as_of)}" for each in entries]


def count_text(rows: int) -> str:
    """How many records."""
    return ngettext("%(n)s record", "%(n)s records", rows) % {"n": rows}
