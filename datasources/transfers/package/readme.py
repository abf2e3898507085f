"""The page of a package that a person reads with any browser and nothing else, written as its items come by."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from html import escape
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext, ngettext, override
from msgspec import json

from datasources.enums import FieldType
from datasources.rules.wording import text_of
from datasources.transfers.package.schemas import CENTS
from datasources.transfers.package.shape import Fact, Head, Item
from datasources.transfers.package.texts import LABELS
from portal.i18n.dates import moment_text

# The whole of it is in the table beside; a page of twenty megabytes opens nowhere.
MOST_ROWS = 20
_STYLE = (
    "body{font:1rem/1.5 sans-serif;margin:0 auto;max-width:60rem;padding:1rem}"
    "table{border-collapse:collapse;display:block;overflow-x:auto}"
    "td,th{border:1px solid #767676;padding:.25rem .5rem;text-align:left;vertical-align:top}"
    "section{border-top:1px solid #767676;margin-top:2rem}dt{font-weight:bold}"
)


@dataclass(frozen=True)
class _Column:
    """How a column is read and worded, in one language, by the annotations of its schema."""

    type: FieldType
    codes: Mapping[str, str]

    def read(self, value: Any) -> Any:
        """A day or a moment that is written as one; anything else as it is."""
        try:
            match self.type:
                case FieldType.DATE:
                    return date.fromisoformat(value)
                case FieldType.MOMENT:
                    return localtime(datetime.fromisoformat(value))
        except (ValueError, TypeError):
            pass
        return value


_DEEPER = frozenset({dict, list})
_FORMATS = {"date": FieldType.DATE, "date-time": FieldType.MOMENT}


def _column(told: Mapping[str, Any], language: str) -> _Column:
    kind = FieldType.MONEY if told.get("unit") == CENTS else _FORMATS.get(str(told.get("format")), FieldType.TEXT)
    words = told.get("words")
    pairs = words.items() if isinstance(words, Mapping) else ()
    return _Column(kind, {code: str(texts[language]) for code, texts in pairs if _tells(texts, language)})


def _tells(texts: Any, language: str) -> bool:
    """A schema that another city wrote may annotate what it likes."""
    return isinstance(texts, Mapping) and language in texts


class ReadMe:
    """`beginning`, then each item, then `end`: pieces of HTML in one language."""

    def __init__(self, language: str) -> None:
        self._language = language

    def beginning(self, head: Head) -> bytes:
        """Who made it, when, for whom, and what it is for."""
        with override(self._language):
            title = gettext("Data to take along")
            return "".join(
                [
                    f'<!doctype html><html lang="{self._language}"><meta charset="utf-8">',
                    '<meta name="viewport" content="width=device-width, initial-scale=1">',
                    f"<title>{escape(title)}</title><style>{_STYLE}</style><main><h1>{escape(title)}</h1>",
                    _list(_facts_of(head)),
                    _paragraph(
                        gettext(
                            "The file is signed: nobody can change it without being found out. "
                            "Give it to the city you move to as it is, without unpacking it."
                        )
                    ),
                    _paragraph(gettext("It holds your personal data. Keep it where others do not read it.")),
                ]
            ).encode()

    def item(self, item: Item) -> bytes:
        """What it is, by whom, and the first of its rows."""
        with override(self._language):
            told = [
                (gettext("Department"), str(item.department)),
                (gettext("Register"), str(item.register)),
                (gettext("As of"), _moment(item.as_of)),
                (gettext("By law"), str(LABELS[item.label])),
            ]
            if item.origin:
                told.append((gettext("First issued by"), f"{item.origin.name}, {_moment(item.origin.issued)}"))
            count = len(item.rows)
            rows = ngettext("%(count)d row", "%(count)d rows", count) % {"count": count}
            files = " · ".join(f'<a href="data/{item.id}.{end}">{end.upper()}</a>' for end in ("csv", "json"))
            parts = [f"<section><h2>{escape(str(item.title))}</h2>", _list(told), f"<p>{escape(rows)} · {files}</p>"]
            return "".join([*parts, *self._table(item), "</section>"]).encode()

    def _table(self, item: Item) -> Iterator[str]:
        columns: Mapping[str, Any] = item.schema["properties"]
        yield "<table><thead><tr>"
        yield from (f'<th scope="col">{escape(self._title(name, told))}</th>' for name, told in columns.items())
        yield "</tr></thead><tbody>"
        read = {name: _column(told, self._language) for name, told in columns.items()}
        for row in item.rows[:MOST_ROWS]:
            # Escaped together: no sign of a text is the one between, or it would stand in two cells.
            cells = escape("\0".join([self._value(row.get(name), column) for name, column in read.items()]))
            yield "<tr><td>" + cells.replace("\0", "</td><td>") + "</td></tr>"
        yield "</tbody></table>"
        if len(item.rows) > MOST_ROWS:
            yield _paragraph(gettext("The first rows only; all of them are in the files."))

    def _title(self, name: str, told: Mapping[str, Any]) -> str:
        titles: Any = told.get("titles")
        return str(titles[self._language] if _tells(titles, self._language) else told.get("title", name))

    def _value(self, value: Any, column: "_Column") -> str:
        if value is None:
            return ""
        if type(value) in _DEEPER:
            return json.encode(value).decode()
        return text_of(column.read(value), column, self._language).replace("\0", "")

    def facts(self, facts: list[Fact]) -> bytes:
        """What can be shown alone."""
        if not facts:
            return b""
        with override(self._language):
            named = "".join(
                f'<li><a href="facts/{fact.id}.sd-jwt">{escape(str(fact.title))}</a></li>' for fact in facts
            )
            told = _paragraph(gettext("Each of these can be shown alone, and only the parts of it that you choose."))
            title = gettext("Single facts")
            return f"<section><h2>{escape(title)}</h2>{told}<ul>{named}</ul></section>".encode()

    def end(self) -> bytes:
        """The last of the page."""
        return b"</main></html>\n"


def _facts_of(head: Head) -> list[tuple[str, str]]:
    told = [
        (gettext("Issued by"), f"{head.city_name} ({head.url})"),
        (gettext("Issued"), _moment(head.issued)),
        (gettext("Can be brought until"), _moment(head.expires)),
    ]
    return told + ([(gettext("Receiving city"), str(head.audience_name or head.audience))] if head.audience else [])


def _list(told: list[tuple[str, str]]) -> str:
    return "<dl>" + "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in told) + "</dl>"


def _paragraph(text: str) -> str:
    return f"<p>{escape(text)}</p>"


def _moment(at: datetime) -> str:
    return moment_text(at)
