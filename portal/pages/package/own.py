"""The portal's own rows about the person, as a page and for programs: account, permissions, requests, letters."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any
from uuid import UUID

from django.template.loader import render_to_string
from msgspec import json

from portal.privacy.words import TABLES
from portal.requests.package.opened import files_kept, routes_kept
from portal.requests.package.own_rows import OwnTable, rows_inside

FORMAT = "package-rows-1"
File = tuple[str, Iterable[bytes]]


def own_files(person: UUID, log_ins: Sequence[OwnTable], shared: Mapping[str, Any]) -> Iterator[File]:
    """Within the person's scope."""
    tables = [each for each in (*rows_inside(person), *log_ins) if each.rows]
    told: list[dict[str, Any]] = [
        {"table": each.label, "name": str(TABLES[each.label]), "rows": each.rows} for each in tables
    ]
    yield "portal/rows.json", [json.encode({"format": FORMAT, "tables": told}, enc_hook=str), b"\n"]
    shown = [
        {"name": each["name"], "rows": [[(name, _text(value)) for name, value in row.items()] for row in each["rows"]]}
        for each in told
    ]
    yield "portal/rows.html", [render_to_string("package/rows.html", {**shared, "tables": shown}).encode()]
    for name, body in chain(files_kept(person), routes_kept(person)):
        yield name, [body]


def _text(value: Any) -> str:
    if value is None or value == "":
        return "–"
    return value if isinstance(value, str) else json.encode(value, enc_hook=str).decode().strip('"')
