"""Uses of data as the log's numbered entries tell them: in counts, and in their first few people for the counting."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.conf import settings
from django.db import connection

from consents.kinds import ConsentEntry
from consents.usecases.effects import Counting, UsesOfMonth
from consents.usecases.enums import UseKind
from consents.usecases.rules.effect import FEWEST

# {kind of entry: (kind of use, whether an algorithm took part)}
_KINDS = {
    ConsentEntry.DISCLOSED.value: (UseKind.DISCLOSED, False),
    ConsentEntry.USE_REPORTED.value: (UseKind.REPORTED, False),
    ConsentEntry.ALGORITHM_GIVEN.value: (UseKind.DISCLOSED, True),
    ConsentEntry.ALGORITHM_USED.value: (UseKind.REPORTED, True),
}
# The bytes are looked through before they are read as JSON, which costs ten times as much.
_SIGNS = [f'"kind":"{kind}"'.encode() for kind in _KINDS]
_UNTIL = "SELECT coalesce(max(index) + 1, %s) FROM ledger_leaf WHERE index >= %s AND index < %s"
# The bounds keep the planner from looking into months that none of these ids is of.
_BOUNDS = (
    "SELECT min(entry_id::text)::uuid, max(entry_id::text)::uuid FROM ledger_leaf WHERE index >= %s AND index < %s"
)
# What gave no record was allowed, but helped nobody.
_USED = """
WITH read AS MATERIALIZED (
    SELECT e.subject, ledger_json(e.body) AS told
    FROM ledger_leaf l JOIN ledger_entry e ON e.id = l.entry_id
    WHERE l.index >= %s AND l.index < %s {bounds}
        AND ({signs})
), used AS MATERIALIZED (
    SELECT subject, told ->> 'kind' AS kind, told ->> 'purpose' AS purpose,
        date_trunc('month', (told ->> 'at')::timestamptz AT TIME ZONE %s)::date AS month,
        coalesce(told #>> '{{counts,records}}', '') <> '0' AS gave
    FROM read
)
SELECT purpose, kind, month, count(*), (array_agg(DISTINCT subject) FILTER (WHERE subject IS NOT NULL))[1:{people}]
FROM used WHERE kind = ANY (%s) AND purpose <> '' AND gave GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""
_HAS_A_SIGN = " OR ".join(["position(%s IN e.body) > 0"] * len(_SIGNS))
# The first of the log whose body is still there, and whether that is the first of all.
_OLDEST = """
SELECT (date_trunc('month', uuid_extract_timestamp(id) AT TIME ZONE %s) + interval '1 month')::date,
    EXISTS (SELECT FROM ledger_entry e JOIN ledger_leaf l ON l.entry_id = e.id WHERE l.index = 0)
FROM ledger_entry ORDER BY id LIMIT 1
"""


@dataclass(frozen=True)
class Used:
    """Uses for one purpose, of one kind, in one month, with an algorithm or without.

    `people`: the first few of them, FEWEST at the most.
    """

    purpose: str
    kind: UseKind
    by_algorithm: bool
    month: date
    uses: int
    people: Sequence[UUID] = ()


def used_between(first: int, until: int) -> tuple[int, list[Used]]:
    """(The entry after the last one that is numbered, uses in entries from `first` up to it), the worker's to read."""
    with connection.cursor() as cursor:
        cursor.execute(_UNTIL, [first, first, until])
        (end,) = cursor.fetchone() or (first,)
        cursor.execute(_BOUNDS, [first, end])
        low, high = cursor.fetchone() or (None, None)
        sql = _USED.format(bounds="AND e.id BETWEEN %s AND %s", signs=_HAS_A_SIGN, people=FEWEST)
        cursor.execute(sql, [first, end, low, high, *_SIGNS, settings.TIME_ZONE, list(_KINDS)])
        return end, [_used(row) for row in cursor.fetchall()]


def _used(row: tuple[str, str, date, int, list[UUID] | None]) -> Used:
    purpose, kind, month, uses, people = row
    return Used(purpose, *_KINDS[kind], month, uses, people or ())


@dataclass(frozen=True)
class Compared:
    """What is counted against what the log says. `odd`: (purpose, kind, month, counted, in the log).

    The kind of what an algorithm took part in ends with "by an algorithm".
    """

    looked_at: int
    unreadable_before: date | None
    odd: Sequence[tuple[str, str, date, int, int]]


def compared() -> Compared:
    """Every entry that was counted, read again at once. The worker's, in one snapshot.

    Months whose entries were removed after their time cannot be compared; they are before `unreadable_before`.
    """
    held = Counting.objects.first()
    until = held.next_index if held else 0
    with connection.cursor() as cursor:
        cursor.execute(_OLDEST, [settings.TIME_ZONE])
        oldest, whole = cursor.fetchone() or (None, True)
        sql = _USED.format(bounds="", signs=_HAS_A_SIGN, people=1)
        cursor.execute(sql, [0, until, *_SIGNS, settings.TIME_ZONE, list(_KINDS)])
        raw = {
            (each.purpose, _kind_told(each.kind, each.by_algorithm), each.month): each.uses
            for each in map(_used, cursor.fetchall())
        }
    counts = {
        (row.purpose, _kind_told(row.kind, row.by_algorithm), row.month): row.uses for row in UsesOfMonth.objects.all()
    }
    since = None if whole else oldest
    odd = [
        (*key, counts.get(key, 0), raw.get(key, 0))
        for key in sorted(counts.keys() | raw.keys())
        if counts.get(key) != raw.get(key) and (since is None or key[2] >= since)
    ]
    return Compared(until, since, odd)


def _kind_told(kind: str, by_algorithm: bool) -> str:  # noqa: FBT001 - a column
    return f"{UseKind(kind).value} by an algorithm" if by_algorithm else UseKind(kind).value
