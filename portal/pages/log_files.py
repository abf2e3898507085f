"""The log as a file to keep: a page to read, a table for people, JSON with proofs for whoever checks it.

Most rows of a long log are said in the same words: these are made once, in the form of each file, and what is a row's
own is put between.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from msgspec import json

from portal.ledger.columns import BYTEWISE, Like, Told, whole_log
from portal.ledger.models import Entry
from portal.ledger.proofs import bundle
from portal.ledger.reading import details_opened
from portal.pages.log_lines import Line, Names, line_of
from portal.pages.spreadsheets import MARK, table
from portal.pages.uses import WITH_DETAILS, Wanted, names_for

# Of each entry, beside its words; whoever of the staff it was is not told (C-579/21).
COLUMNS = (
    *("id", "kind", "at", "actor_kind", "actor_right", "unit", "role", "department", "purpose", "datasets"),
    *("reference", "counts", "index", "sequenced_at"),
)
# Those that entries have alike.
_ALIKE = [name for name in COLUMNS if name not in {"id", "kind", "at", "index", "sequenced_at"}]
_AT_ONCE = 500
# Of a time as RFC 3339 has it.
_TO_MINUTES, _TO_SECONDS = len("2026-11-30T12:00"), len("2026-11-30T12:00:00")


class Words(NamedTuple):
    """What rows say alike, bytewise, as it stands in each file: `json` and `columns` in a row's JSON; `cells` of the
    table before and behind its place; on the `page`.
    """

    json: str
    columns: str
    cells: tuple[str, str]
    page: str


@dataclass(frozen=True)
class Log:
    """Entries newest first, and the words of each."""

    rows: Sequence[Told]
    words: Sequence[Words]

    def some(self) -> Iterator[Iterator[tuple[Told, Words]]]:
        """As many rows as are written at once, again and again."""
        for first in range(0, len(self.rows), _AT_ONCE):
            end = first + _AT_ONCE
            yield zip(self.rows[first:end], self.words[first:end], strict=True)


def log_of(entries: QuerySet[Entry], wanted: Wanted, *, person: UUID, reader: UUID, at: datetime) -> Log:
    """Every entry that was asked for; nothing is folded."""
    rows = whole_log(wanted.within(entries, at=at))
    if wanted.narrows:
        rows = [row for row in rows if _is_wanted(row, wanted, at=at)]
    return Log(rows, _words(rows, person=person, reader=reader))


def _is_wanted(row: Told, wanted: Wanted, *, at: datetime) -> bool:
    like, when = row.like, datetime.fromisoformat(row.at)
    return wanted.wants(when=when, kind=like.kind, actor=like.actor_kind, department=like.facts.department, at=at)


# ---- words -----------------------------------------------------------------------------------------------------------
def _words(rows: Sequence[Told], *, person: UUID, reader: UUID) -> list[Words]:
    details = _details(rows, person)
    names = names_for([row.entry for row in {row.like: row for row in rows}.values()])
    made: dict[tuple[Like, bytes | None], Words] = {}
    found = []
    for row in rows:
        sealed = details.get(row.pk)
        if (words := made.get((row.like, sealed))) is None:
            words = made[row.like, sealed] = _words_of(row, sealed, names, reader)
        found.append(words)
    return found


def _details(rows: Sequence[Told], person: UUID) -> dict[str, bytes]:
    """{entry: details in JSON} of rows whose words are made of them."""
    sealed = {UUID(row.pk): row.details for row in rows if row.details and row.like.kind in WITH_DETAILS}
    return {str(pk): told for pk, told in details_opened(sealed.items(), person).items()}


def _words_of(row: Told, sealed: bytes | None, names: Names, reader: UUID) -> Words:
    entry = row.entry
    line = line_of(entry, names, reader=reader, told=json.decode(sealed) if sealed else None)
    told = {part: getattr(line, part) for part in ("who", "what", "data", "why", "how", "case")} | _of_algorithm(line)
    columns = {name: getattr(entry, name) for name in _ALIKE}
    cells = [line.who, line.what, line.data, line.why, line.how]
    return Words(
        json=_members(told),
        columns=_members(columns),
        cells=(_cells([*cells, line.case]), _cells(_algorithm_cells(line))),
        page="</td><td>".join(map(escape, cells)).encode().decode(BYTEWISE),
    )


def _members(told: Mapping[str, Any]) -> str:
    """In JSON, without the braces around them."""
    return json.encode(told).decode(BYTEWISE)[1:-1]


def _cells(texts: Sequence[str]) -> str:
    """Of a row of a table, without its end."""
    return table([texts]).removeprefix(MARK).removesuffix(b"\r\n").decode(BYTEWISE)


def _of_algorithm(line: Line) -> dict[str, Any]:
    """What only a row of an algorithm's use tells."""
    if not line.algorithm:
        return {}
    came = line.came_of_it
    told = {"result": came.result, "reasons": list(came.reasons), "decided": came.decided} if came else {}
    return {"algorithm": {"name": line.algorithm, **told}}


def _algorithm_cells(line: Line) -> list[str]:
    """Empty but for an algorithm's use."""
    came = line.came_of_it
    if not came:
        return [line.algorithm, "", "", ""]
    return [line.algorithm, came.result, " ".join(came.reasons), came.decided]


# ---- times -----------------------------------------------------------------------------------------------------------
class _Here(dict[str, str]):
    """{UTC to the second: Finnish time, RFC 3339}: what happened in one second is worked out once."""

    def __missing__(self, second: str) -> str:
        here = datetime.fromisoformat(f"{second}Z").astimezone(timezone.get_current_timezone()).isoformat()
        self[second] = here
        return here


class _Locked(NamedTuple):
    """Since when a row cannot be changed unseen: in JSON here and in UTC, and as spreadsheet programs read it."""

    here: str
    utc: str
    cell: str


class _Locks(dict[datetime | None, _Locked]):
    """Thousands of rows were locked at once."""

    def __missing__(self, at: datetime | None) -> _Locked:
        if at is None:
            locked = _Locked("null", "null", "")
        else:
            here = at.astimezone(timezone.get_current_timezone()).isoformat()
            locked = _Locked(f'"{here}"', json.encode(at).decode(), _as_cell(here))
        self[at] = locked
        return locked


def _as_cell(here: str) -> str:
    return here[:_TO_SECONDS].replace("T", " ")


# ---- files -----------------------------------------------------------------------------------------------------------
def as_table(log: Log) -> Iterator[bytes]:
    """For spreadsheet programs."""
    heads = [
        *(gettext("When"), gettext("Who"), gettext("What"), gettext("Data"), gettext("Why"), gettext("How")),
        *(gettext("Case number"), gettext("Place in the log"), gettext("Locked"), gettext("Identifier")),
        *(gettext("Algorithm"), gettext("What came of it"), gettext("The main reasons"), gettext("Who decided")),
    ]
    yield table([heads])
    here, locks = _Here(), _Locks()

    def line(row: Told, words: Words) -> str:
        number = "" if row.index is None else row.index
        when = _as_cell(here[row.at[:_TO_SECONDS]])
        before, behind = words.cells
        return f"{when};{before};{number};{locks[row.sequenced_at].cell};{row.pk};{behind}\r\n"

    yield from _written(log, line)


def as_rows(log: Log) -> Iterator[bytes]:
    """Of a page's table."""
    here = _Here()

    def line(row: Told, words: Words) -> str:
        when = here[row.at[:_TO_SECONDS]][:_TO_MINUTES].replace("T", " ")
        return f"<tr><td>{when}</td><td>{words.page}</td></tr>\n"

    yield from _written(log, line)


def as_bundle(log: Log, *, at: datetime, columns: bool = False) -> Iterator[bytes]:
    """JSON: what proves the entries without us (docs/log.md), and beside it each row in words (`rows`).

    `columns`: each row has those of its entry, too.
    """
    return bundle(log.rows, beside=_rows(log, at=at, columns=columns))


def _rows(log: Log, *, at: datetime, columns: bool) -> Iterator[bytes]:
    yield b',"made_at":' + json.encode(at) + b',"rows":['
    comma = b""
    for some in _written(log, _in_words(columns=columns)):
        # Each row ends with a comma; the last one's is not written.
        yield comma + some[:-1]
        comma = b","
    yield b"]"


def _in_words(*, columns: bool) -> Callable[[Told, Words], str]:
    here, locks = _Here(), _Locks()

    def line(row: Told, words: Words) -> str:
        place = "null" if row.index is None else row.index
        locked = locks[row.sequenced_at]
        second = here[row.at[:_TO_SECONDS]]
        fraction = _fraction(row.at)
        told = (
            f'{{"id":"{row.pk}","at":"{second[:_TO_SECONDS]}{fraction}{second[_TO_SECONDS:]}",{words.json},'
            f'"place":{place},"locked_at":{locked.here}'
        )
        if not columns:
            return told + "},"
        return (
            f'{told},"columns":{{"id":"{row.pk}","kind":"{row.like.kind}","at":"{row.at[:_TO_SECONDS]}{fraction}Z",'
            f'{words.columns},"index":{place},"sequenced_at":{locked.utc}}}}},'
        )

    return line


def _fraction(at: str) -> str:
    """Of a second; none where it is a whole one."""
    told = at[_TO_SECONDS:-1]
    return told if told.strip(".0") else ""


def _written(log: Log, line: Callable[[Told, Words], str]) -> Iterator[bytes]:
    for some in log.some():
        yield "".join([line(row, words) for row, words in some]).encode(BYTEWISE)
