"""The log as a file to keep: a table for people, JSON with proofs for whoever checks it."""

from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from msgspec import json

from portal.ledger.models import Entry
from portal.ledger.proofs import bundle
from portal.ledger.reading import every_entry
from portal.pages.log_lines import Line
from portal.pages.spreadsheets import table
from portal.pages.uses import Wanted, lines_of, names_for

_AT_ONCE = 2000
# Of a time, without its distance from UTC.
_TO_SECONDS = len("2026-11-30 12:00:00")
Row = tuple[Entry, Line]


def rows_of(entries: QuerySet[Entry], wanted: Wanted, *, person: UUID, reader: UUID, at: datetime) -> Iterator[Row]:
    """Every entry that was asked for with its words, newest first, read some at a time."""
    rows = every_entry(wanted.within(entries, at=at), at_once=_AT_ONCE)
    asked = (
        row
        for row in rows
        if wanted.wants(when=row.at, kind=row.kind, actor=row.actor_kind, department=row.department, at=at)
    )
    while some := list(islice(asked, _AT_ONCE)):
        lines = lines_of(some, names_for(some), person=person, reader=reader)
        yield from zip(some, lines, strict=True)


def as_table(rows: Iterator[Row]) -> tuple[bytes, int]:
    """(the file, how many rows)."""
    heads = [
        *(gettext("When"), gettext("Who"), gettext("What"), gettext("Data"), gettext("Why"), gettext("How")),
        *(gettext("Case number"), gettext("Place in the log"), gettext("Locked"), gettext("Identifier")),
        *(gettext("Algorithm"), gettext("What came of it"), gettext("The main reasons"), gettext("Who decided")),
    ]
    zone = timezone.get_current_timezone()
    told = [_cells(line, zone) for _, line in rows]
    return table([heads, *told]), len(told)


def _cells(line: Line, zone: tzinfo) -> list[str]:
    number = "" if line.number is None else str(line.number)
    parts = [line.who, line.what, line.data, line.why, line.how, line.case, number]
    return [_here(line.at, zone), *parts, _here(line.sealed_at, zone), str(line.id), *_algorithm_cells(line)]


def _algorithm_cells(line: Line) -> list[str]:
    """Empty but for an algorithm's use."""
    came = line.came_of_it
    if not came:
        return [line.algorithm, "", "", ""]
    return [line.algorithm, came.result, " ".join(came.reasons), came.decided]


def _here(at: datetime | None, zone: tzinfo) -> str:
    """Finnish time, to the second, as spreadsheet programs read it."""
    return at.astimezone(zone).isoformat(" ", "seconds")[:_TO_SECONDS] if at else ""


def as_document(rows: Iterator[Row], *, at: datetime) -> dict[str, Any]:
    """JSON: a bundle that proves the entries without us (docs/log.md), and beside it each row in words (`rows`)."""
    found, zone = list(rows), timezone.get_current_timezone()
    return {
        **proofs_of([entry for entry, _ in found]),
        "made_at": at.isoformat(),
        "rows": [told_of(line, zone) for _, line in found],
    }


def told_of(line: Line, zone: tzinfo) -> dict[str, Any]:
    """A row in words, as JSON, with times as they are in `zone`."""
    return {
        "id": str(line.id),
        "at": line.at.astimezone(zone).isoformat(),
        **{part: getattr(line, part) for part in ("who", "what", "data", "why", "how", "case")},
        **_of_algorithm(line),
        "place": line.number,
        "locked_at": line.sealed_at.astimezone(zone).isoformat() if line.sealed_at else None,
    }


def _of_algorithm(line: Line) -> dict[str, Any]:
    """What only a row of an algorithm's use tells."""
    if not line.algorithm:
        return {}
    came = line.came_of_it
    told = {"result": came.result, "reasons": list(came.reasons), "decided": came.decided} if came else {}
    return {"algorithm": {"name": line.algorithm, **told}}


def proofs_of(entries: Sequence[Entry]) -> dict[str, Any]:
    """What shows, without trust in us, that these entries stand in the log: a checkpoint and the hashes they need."""
    proofs: dict[str, Any] = json.decode(bundle(entries))
    return proofs
