"""One dataset as three files: to read, for a spreadsheet, for programs; written some records at a time."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from typing import Any

from django.template.loader import render_to_string
from msgspec import json

from consents.rules.rights import rights_of
from datasources.enums import Basis
from datasources.queries.sheets import Table
from datasources.rules.columns import texts_of
from portal.pages import portable
from portal.pages.rights_told import rights_told
from portal.pages.spreadsheets import MARK
from portal.pages.spreadsheets import table as as_cells

FORMAT = "package-data-1"
_AT_ONCE = 2000
RIGHT_FOLDER, COPY_FOLDER = "article-20", "copies"

File = tuple[str, Iterable[bytes]]


def by_right(table: Table) -> bool:
    """Article 20 covers it; everything else is the same file out of courtesy."""
    return portable.by_right(table.dataset.slug, table.dataset.register.basis)


def place_of(table: Table) -> str:
    """Where its files stand, without an ending."""
    return f"{RIGHT_FOLDER if by_right(table) else COPY_FOLDER}/{table.dataset.slug}"


def files_of(table: Table, shared: Mapping[str, Any], *, language: str) -> Iterator[File]:
    """The values as they are in the JSON; in the others as they are read in this language."""
    place = place_of(table)
    texts = [texts_of(spec, column, language) for spec, column in zip(table.fields, table.columns, strict=True)]
    heads = [spec.label for spec in table.fields]
    yield f"{place}.json", _as_json(table)
    yield f"{place}.csv", _as_csv(heads, texts)
    context = {**shared, "table": table, "heads": heads, "rights": rights_told(table.dataset.register.basis)}
    yield f"{place}.html", as_page("package/data.html", context, _as_rows(texts))


def _as_json(table: Table) -> Iterator[bytes]:
    names = [spec.slug for spec in table.fields]
    told = json.encode(_told(table))
    yield told[:-1] + b',"records":['
    between = b""
    for rows in _some(table.columns):
        records = json.encode([dict(zip(names, row, strict=True)) for row in rows])
        yield between + records[1:-1]
        between = b","
    yield b"]}\n"


def _told(table: Table) -> dict[str, Any]:
    dataset, register = table.dataset, table.dataset.register
    changes = table.changes
    return {
        "format": FORMAT,
        "dataset": dataset.slug,
        "name": dataset.name,
        "register": register.slug,
        "department": register.department.slug,
        "legal_basis": portable.basis_of(dataset.slug, register.basis).value,
        "article_20": by_right(table),
        "rights": [
            {"right": right.value, "verdict": told.verdict.value, "law": list(told.law), "appeal": told.appeal.value}
            for right, told in rights_of(Basis(register.basis)).items()
        ],
        "as_of": table.as_of,
        "changed": {"at": changes.at, "fields": changes.labels, "added": changes.added, "removed": changes.removed}
        if changes
        else None,
        "values_not_shown": table.held_back,
        "fields": [{"name": spec.slug, "label": spec.label, "type": spec.type.value} for spec in table.fields],
    }


def _as_csv(heads: Sequence[str], texts: Sequence[Sequence[str]]) -> Iterator[bytes]:
    first = as_cells([heads])
    yield first
    for rows in _some(texts):
        yield as_cells(rows).removeprefix(MARK)


def as_page(template: str, context: Mapping[str, Any], rows: Iterable[bytes]) -> Iterator[bytes]:
    """A page with one table of which these are the rows, some at a time; the template leaves its body empty."""
    head, body, foot = render_to_string(template, dict(context)).partition("</tbody>")
    yield head.encode()
    yield from rows
    yield (body + foot).encode()


def _as_rows(texts: Sequence[Sequence[str]]) -> Iterator[bytes]:
    for rows in _some(texts):
        yield "".join(["<tr><td>" + "</td><td>".join(map(escape, row)) + "</td></tr>\n" for row in rows]).encode()


def _some(columns: Sequence[Sequence[Any]]) -> Iterator[list[tuple[Any, ...]]]:
    """Rows of these columns, so many at once."""
    count = len(columns[0]) if columns else 0
    for first in range(0, count, _AT_ONCE):
        yield list(zip(*(column[first : first + _AT_ONCE] for column in columns), strict=True))
