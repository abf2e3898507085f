"""The whole verification, spread over processes: memory stays flat, however long the log is."""

import multiprocessing
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from django.db import connections

from portal.keys.ring import ring
from portal.ledger.checkpoints import note_over, verifiers
from portal.ledger.copies import copies_in, read_copy
from portal.ledger.models import Cosignature
from portal.ledger.notes import NoteBroken, cosigned
from portal.ledger.parts import least_id, parts_of, salt_of
from portal.ledger.tiles import WIDTH
from portal.ledger.verification.bodies import Account, Ids, check_bodies
from portal.ledger.verification.findings import Fault, Finding, elsewhere, merged
from portal.ledger.verification.months import MONTH_REMOVED, Months
from portal.ledger.verification.shape import TILES, Climb, Row, check_tiles
from portal.ledger.witnesses import witnesses
from portal.walls import Role, bulk, scope

# As `map` does it.
Spread = Callable[[Callable[[Any], Any], Iterable[Any]], Iterable[Any]]

# Entries that are looked at together.
CHUNK = 1 << 14
# A log that somebody wrecked has more faults than anybody reads.
MOST_FINDINGS = 10_000
_PENDING_TOO_OLD = timedelta(minutes=1)

_SIZE = "SELECT coalesce(max(index) + 1, 0) FROM ledger_leaf"
_SEALED = "SELECT coalesce(max(size), 0) FROM ledger_checkpoint"
_BORDERS = "SELECT entry_id FROM ledger_leaf WHERE index = ANY (%b) ORDER BY entry_id"
_PENDING = "SELECT count(*) FROM ledger_pending WHERE uuid_extract_timestamp(id) < %b"
_BACK = """
SELECT size, before, signed_at FROM (
    SELECT size, signed_at, lag(signed_at) OVER (ORDER BY size) AS before FROM ledger_checkpoint
) AS seals WHERE signed_at < before ORDER BY size LIMIT 100
"""
_NEWS = """
SELECT id, body FROM ledger_log
WHERE department = '' AND subject IS NULL AND id >= %b AND position(%b::bytea IN body) > 0
    AND (index IS NULL OR index >= %b)
"""
_LAST = UUID(int=2**128 - 1)


@dataclass
class Report:
    """What was verified. `findings` are faults, `more` counts those that were not kept; `notes` are no faults."""

    size: int = 0
    seals: int = 0
    copies: int = 0
    checked: int = 0
    keyless: int = 0
    expired: Mapping[str, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    more: int = 0

    def add(self, found: Sequence[Finding]) -> None:
        """Keep as many as anybody reads, and count the rest."""
        room = max(0, MOST_FINDINGS - len(self.findings))
        self.findings += found[:room]
        self.more += len(found[room:])


def verify(*, at: datetime, folder: Path | None, processes: int) -> Report:
    """Verify all that there is now, and the copies in `folder`; outside of every scope unless `processes` is 1."""
    report = Report()
    with scope(Role.WORKER):
        ((report.size,),), ((sealed,),) = bulk(_SIZE, []), bulk(_SEALED, [])
        ids = list(_id_ranges(report.size))
        _add_what_waits(report, at)
        _add_witnessed(report)
    copies = sorted(copies_in(folder)) if folder else []
    report.copies = len(copies)
    _add_ends(report, sealed, copies)
    with _spread(processes) as spread:
        _add_tree(report, [each for each in copies if each[0] <= report.size], spread)
        months = _add_bodies(report, spread(check_bodies, ids))
    _add_months(report, months, at)
    report.findings = list(merged(report.findings))
    return report


def _add_what_waits(report: Report, at: datetime) -> None:
    ((waiting,),) = bulk(_PENDING, [at - _PENDING_TOO_OLD])
    if waiting:
        report.add([elsewhere(Fault.WAITING, str(waiting))])
    for size, before, after in bulk(_BACK, []):
        report.notes.append(f"The clock went back by {before - after} before the seal over {size} entries.")


def _add_witnessed(report: Report) -> None:
    """The newest seal that each witness of ours cosigned: all before it is under it."""
    for each in witnesses():
        newest = Cosignature.objects.filter(witness=each.cosigner.name).order_by("-size").first()
        if newest and (at := cosigned(note_over(newest.size) or "", newest.line, each.cosigner)):
            report.notes.append(
                f"{newest.witness} cosigned the seal over {newest.size} entries at {at:%Y-%m-%d %H:%M:%SZ}."
            )
        elif newest:
            report.add([Finding(0, newest.size, Fault.WITNESSED, newest.witness)])


def _add_ends(report: Report, sealed: int, copies: Sequence[tuple[int, Path]]) -> None:
    """Where the log, its seals and the copies of them do not end together."""
    if sealed > report.size:
        report.add([Finding(report.size, sealed, Fault.TRUNCATED, str(sealed))])
    if sealed < report.size:
        report.add([Finding(sealed, report.size, Fault.UNSEALED)])
    by = verifiers()
    for size, path in copies:
        if size > report.size:
            try:
                read_copy(path, by)
                report.add([Finding(report.size, size, Fault.ROLLED_BACK, path.name)])
            except NoteBroken:
                report.add([elsewhere(Fault.COPY, path.name)])


def _id_ranges(size: int) -> Iterator[Ids]:
    """Ranges of ids, each of about as many entries, that leave no id out."""
    borders = [row[0] for row in bulk(_BORDERS, [list(range(CHUNK, size, CHUNK))])]
    first = UUID(int=0)
    for border in borders:
        yield first, UUID(int=border.int - 1)
        first = border
    yield first, _LAST


def _add_tree(report: Report, copies: Sequence[tuple[int, Path]], spread: Spread) -> None:
    tiles, climb = -(-report.size // WIDTH), Climb(report.size)
    parts = [(first, min(first + TILES, tiles), report.size) for first in range(0, tiles, TILES)]
    asked = ((*part, _within(part, copies)) for part in parts)
    row: Row
    for part, row in zip(parts, spread(_tiles, asked), strict=True):
        climb.take(row, part[0])
        report.seals += row.seals
    climb.finish()
    report.add(climb.findings)


def _within(part: tuple[int, int, int], copies: Sequence[tuple[int, Path]]) -> list[Path]:
    first, end, _ = part
    return [path for size, path in copies if first * WIDTH < size <= end * WIDTH]


def _tiles(asked: tuple[int, int, int, list[Path]]) -> Row:
    return check_tiles(*asked)


def _add_bodies(report: Report, accounts: Iterable[Account]) -> Months:
    """The months that are gone: which entries tell of them is known when all were read."""
    months = Months()
    for account in accounts:
        report.add(account.findings)
        report.checked += account.checked
        report.keyless += account.keyless
        months.add(account.months)
    return months


def _add_months(report: Report, months: Months, at: datetime) -> None:
    now = f"{at:%Y_%m}"
    for month in _just_told(months, report.size, at):
        del months.gone[month]
        report.notes.append(f"The month {month} was just taken away; the next run asks for the entry that tells of it.")
    report.add(list(months.judge(now)))
    report.expired = months.expired(now)


def _just_told(months: Months, size: int, at: datetime) -> set[str]:
    """Months that were taken away while the log was read: their entries wait, or were numbered behind our back."""
    untold = months.gone.keys() - months.told.keys()
    if not untold:
        return set()
    news, salts = Months(), ring().secrets["salts"].values()
    with scope(Role.WORKER):
        rows = bulk(_NEWS, [least_id(at - _PENDING_TOO_OLD), MONTH_REMOVED, size])
    for entry, body in rows:
        with suppress(msgspec.DecodeError):
            parts = parts_of(body)
            if any(parts.keeps_its_word(salt_of(key, entry)) for key in salts):
                news.hear(parts, entry)
    return untold & news.told.keys()


@contextmanager
def _spread(processes: int) -> Iterator[Spread]:
    """What does a task for each, in this process or in several; results come in the order of the tasks."""
    if processes == 1:
        yield map
        return
    # A connection belongs to one process: each opens its own.
    connections.close_all()
    with multiprocessing.get_context("fork").Pool(processes) as pool:
        yield pool.imap
