"""Counting uses of data from numbered entries of the log: each entry once, whatever happens in between."""

import hmac
from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID, uuid4

from django.db import connection

from consents.usecases.effects import Counting, FirstPeople, UsesOfMonth
from consents.usecases.queries.uses import Used, used_between
from consents.usecases.rules.effect import FEWEST
from portal.keys.ring import ring

BATCH = 20_000
_MARK_BYTES = 16
_COUNT = """
INSERT INTO usecases_usesofmonth AS held (id, purpose, kind, month, by_algorithm, uses, of_enough)
VALUES (%s, %s, %s, %s, %s, %s, false)
ON CONFLICT (purpose, kind, month, by_algorithm) DO UPDATE SET uses = held.uses + EXCLUDED.uses
RETURNING id, of_enough
"""


def count_uses(*, at: datetime, batch: int = BATCH) -> int:
    """Count the uses in up to `batch` numbered entries that were not looked at yet, and return how many entries.

    Within a scope of the worker role, whose transaction holds the counts and how far they go: after a crash neither is
    there. A second one waits and goes on where the first ended.
    """
    Counting.objects.bulk_create([Counting()], ignore_conflicts=True)
    held = Counting.objects.select_for_update().get()
    until, found = used_between(held.next_index, held.next_index + batch)
    for used in found:
        row, enough = _count(used)
        if not enough:
            _look_for_enough(row, used.purpose, used.month, used.people, at=at)
    looked_at = until - held.next_index
    held.next_index, held.counted_at = until, at
    held.save(update_fields=["next_index", "counted_at"])
    return looked_at


def _count(used: Used) -> tuple[UUID, bool]:
    with connection.cursor() as cursor:
        told = (uuid4(), used.purpose, used.kind.value, used.month, used.by_algorithm, used.uses)
        cursor.execute(_COUNT, told)
        row, enough = cursor.fetchall()[0]
    return row, enough


def _look_for_enough(row: UUID, purpose: str, month: date, people: Sequence[UUID], *, at: datetime) -> None:
    """Keep marks of the first four; with a fifth the count may be told, and no mark is needed any more."""
    marks = {_mark(purpose, month, person) for person in people}
    marks |= {bytes(mark) for mark in FirstPeople.objects.filter(of=row).values_list("mark", flat=True)}
    if len(marks) >= FEWEST:
        UsesOfMonth.objects.filter(pk=row).update(of_enough=True)
        FirstPeople.objects.filter(of=row).delete()
        return
    new = [FirstPeople(of_id=row, mark=mark, counted_at=at) for mark in marks]
    FirstPeople.objects.bulk_create(new, ignore_conflicts=True)


def _mark(purpose: str, month: date, person: UUID) -> bytes:
    """Another one in every month and for every purpose, so that rows tell nothing of each other."""
    told = b"\x1f".join((b"first people", purpose.encode(), month.isoformat().encode(), person.bytes))
    return hmac.digest(ring().newest("digest")[1], told, "sha256")[:_MARK_BYTES]
