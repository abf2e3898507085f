"""The log in a package: to read, for a spreadsheet, and with the proof of all its rows under one seal."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from operator import attrgetter
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext
from msgspec import json

from portal.ledger.models import Entry
from portal.ledger.proofs import bundle
from portal.pages.door import ResidentRequest
from portal.pages.log_files import Row, as_table, rows_of, told_of
from portal.pages.matters import entries
from portal.pages.package.tables import as_page
from portal.pages.uses import Wanted

File = tuple[str, Iterable[bytes]]
# Of each entry, beside its words; whoever of the staff it was is not told (C-579/21).
COLUMNS = (
    *("id", "kind", "at", "actor_kind", "actor_right", "unit", "role", "department", "purpose", "datasets"),
    *("reference", "counts", "index", "sequenced_at"),
)
_columns_of = attrgetter(*COLUMNS)
# Of a time, without its seconds and its distance from UTC.
_TO_MINUTES = len("2026-11-30 12:00")


def log_files(asking: ResidentRequest, shared: Mapping[str, Any], *, at: datetime) -> Iterator[File]:
    """Every row that whoever asks may see, newest first."""
    rows = list(rows_of(entries(asking), Wanted(), person=asking.person, reader=asking.me, at=at))
    yield "log/log.json", [_proven(rows, at=at)]
    yield "log/log.csv", [as_table(iter(rows))[0]]
    heads = [gettext("When"), gettext("Who"), gettext("What"), gettext("Data"), gettext("Why"), gettext("How")]
    yield "log/log.html", as_page("package/log.html", {**shared, "heads": heads}, _columns(rows))


def _proven(rows: list[Row], *, at: datetime) -> bytes:
    """A bundle (docs/log.md), with each row in words and by its columns beside it."""
    zone = timezone.get_current_timezone()
    told = [{**told_of(line, zone), "columns": _by_column(entry)} for entry, line in rows]
    more = json.encode({"made_at": at, "rows": told})
    return bundle([entry for entry, _ in rows])[:-1] + b"," + more[1:]


def _by_column(entry: Entry) -> dict[str, Any]:
    return dict(zip(COLUMNS, _columns_of(entry), strict=True))


def _columns(rows: list[Row]) -> list[list[str]]:
    lines, zone = [line for _, line in rows], timezone.get_current_timezone()
    when = [line.at.astimezone(zone).isoformat(" ", "minutes")[:_TO_MINUTES] for line in lines]
    return [when, *([getattr(line, part) for line in lines] for part in ("who", "what", "data", "why", "how"))]
