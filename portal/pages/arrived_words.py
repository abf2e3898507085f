"""What arrived from another city, in words: how far it is, how it stands beside what is here, its rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import msgspec
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from datasources.enums import FieldType
from datasources.rules.wording import Scalar, text_of
from datasources.transfers.arriving.comparing import Comparison, Verdict
from datasources.transfers.arriving.items import Brought
from datasources.transfers.enums import ArrivalState, Fault
from datasources.transfers.package.reasons import Reason
from datasources.transfers.package.texts import LABELS, REASONS
from portal.i18n.languages import language_now
from portal.pages.measured import whole_text

_PROGRESS: Mapping[str, str | Promise] = {
    ArrivalState.ASKED: _("You have not come back from the other city yet."),
    ArrivalState.FETCHING: _("The package is being fetched from the other city."),
    ArrivalState.WAITING: _("The package is here and waits to be checked."),
    ArrivalState.CHECKING: _("The package is being checked."),
    ArrivalState.READY: _("The package was checked, and it is whole."),
    ArrivalState.CLOSED: _("Everything in this package has been answered or removed."),
}
_VERDICTS: Mapping[Verdict, str | Promise] = {
    Verdict.UNKNOWN: _("This city has no data of this kind. It is kept and shown just as it came."),
    Verdict.NEW: _("New: this city holds nothing of this kind about you."),
    Verdict.SAME: _("The same as what this city already holds."),
    Verdict.DIFFERENT: _("Different from what this city holds."),
}
# A comma, a longer text or a list in one cell.
_LONGEST = 500


@dataclass(frozen=True)
class _Spec:
    type: FieldType
    codes: Mapping[str, str]


@dataclass(frozen=True)
class Rows:
    """Some rows as a table: titles of the columns, and each row's cells."""

    titles: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]


def progress_told(row: Any) -> str:
    """How far a package (an `Arrival`) is, or why it was not taken in."""
    state, made, parts = row.state, row.made, row.parts
    if state == ArrivalState.FAILED:
        return fault_told(row.fault)
    if state == ArrivalState.WAITING and row.beat_at:
        # It was begun, and put back.
        return gettext("The city that made the package does not answer. It is asked again every half a minute.")
    if state == ArrivalState.FETCHING and parts:
        told = gettext("The other city is making the package: %(made)s of %(parts)s parts are ready.")
        return told % {"made": whole_text(made), "parts": whole_text(parts)}
    return str(_PROGRESS[ArrivalState(state)])


def fault_told(fault: str) -> str:
    """Why nothing came of it, and what to do."""
    if fault in set(Reason):
        return str(REASONS[Reason(fault)])
    return str(Fault(fault).label) if fault in Fault.values else str(Fault.OTHER.label)


def label_told(item: Brought) -> str:
    """What the law says of it, by the city that issued it."""
    return str(LABELS[item.told.label])


def verdict_told(found: Comparison) -> str:
    """How it stands beside what this city holds."""
    return str(_VERDICTS[found.verdict])


def counts_told(found: Comparison) -> list[str]:
    """In rows; nothing where there is nothing to count beside."""
    if found.verdict in {Verdict.UNKNOWN, Verdict.NEW}:
        return []
    told = [_n(ngettext("%(n)s row is the same in both.", "%(n)s rows are the same in both.", found.both), found.both)]
    if count := found.only_came:
        told.append(
            _n(ngettext("%(n)s row is only in the package.", "%(n)s rows are only in the package.", count), count)
        )
    if count := found.only_here:
        told.append(_n(ngettext("%(n)s row is only here.", "%(n)s rows are only here.", count), count))
    return told


def _n(text: str, count: int) -> str:
    return text % {"n": whole_text(count)}


def rows_told(item: Brought, numbers: Sequence[int]) -> Rows:
    """These rows, in the reader's language, as the package's own schema names and words them."""
    language = language_now()
    properties: Mapping[str, Any] = item.schema["properties"]
    columns = list(item.told.columns)
    titles = tuple(str(item.told.columns[name] or name) for name in columns)
    specs = {name: _spec(properties.get(name), language) for name in columns}
    rows = [item.rows[number] for number in numbers]
    return Rows(titles, tuple(tuple(_cell(row.get(name), specs[name], language) for name in columns) for row in rows))


def _spec(told: Any, language: str) -> _Spec:
    words = told.get("words") if isinstance(told, dict) else None
    codes = {
        str(code): str(texts.get(language, code))
        for code, texts in (words.items() if isinstance(words, dict) else ())
        if isinstance(texts, dict)
    }
    money = isinstance(told, dict) and told.get("unit") == "cents"
    return _Spec(FieldType.MONEY if money else FieldType.TEXT, codes)


def _cell(value: Any, spec: _Spec, language: str) -> str:
    if isinstance(value, list | dict):
        value = msgspec.json.encode(value).decode()
    text = text_of(_moment(value), spec, language)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _moment(value: Any) -> Scalar:
    """A day or a time, where a text is one: read as such in every language."""
    if isinstance(value, str) and value[:4].isdecimal() and value[4:5] == "-":
        try:
            return date.fromisoformat(value) if len(value) == len("2026-01-31") else datetime.fromisoformat(value)
        except ValueError:
            return value
    told: Scalar = value
    return told
