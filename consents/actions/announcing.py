"""Putting changes before the systems of departments: written with the change, numbered after its commit."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection

from consents.enums import AnnouncementKind, ConsentState
from consents.models import Announcement, Consent, Telling
from consents.rules.announcing import ACT_WITHIN, Cover, announced
from consents.webhooks.owing import owe
from portal.people.subjects import subjects_of
from portal.rest.clients import Follower, followers_of

# Any number, the same in every process: the lock of whoever numbers announcements.
_NUMBERING = 0x6D796462
_NUMBER = """
UPDATE consents_announcement AS row SET number = new.number, numbered_at = %s, subject = new.subject
FROM unnest(%s::uuid[], %s::bigint[], %s::bytea[]) AS new (id, number, subject) WHERE row.id = new.id
"""


def announce_answer(consent: Consent, before: Consent | None, *, at: datetime) -> None:
    """In the transaction of the answer: what its recipient may hear of it. `before`: the row as it stood until now."""
    stood = Cover(ConsentState(before.state), before.fields) if before else None
    told = announced(stood, Cover(ConsentState(consent.state), consent.fields))
    if told is None:
        return
    Announcement.objects.create(
        department=consent.recipient,
        kind=told.kind,
        person_id=consent.person_id,
        purpose=consent.purpose.slug,
        consent=consent.pk,
        datasets=consent.datasets or (before.datasets if before else []),
        happened_at=at,
        due_at=at + ACT_WITHIN if told.must_act else None,
    )


def announce(
    kind: AnnouncementKind,
    *,
    person: UUID,
    department: str,
    datasets: Sequence[str],
    must_act: bool,
    at: datetime,
    purpose: str = "",
    algorithm: str = "",
) -> None:
    """In the transaction of what happened to a person's data: what this department is to hear of it.

    With a `purpose` only those of its systems hear that may name it; with an `algorithm` it is about that program only.
    """
    Announcement.objects.create(
        department=department,
        kind=kind,
        person_id=person,
        purpose=purpose,
        datasets=list(datasets),
        algorithm=algorithm,
        happened_at=at,
        due_at=at + ACT_WITHIN if must_act else None,
    )


def number_announcements(*, at: datetime, batch: int = 1000) -> int:
    """Number what has been committed, and name those who are to act; how many. Within the worker's scope.

    One holder of the lock at a time, so that a number once seen is never followed by a smaller one. What is announced
    of one person about one purpose keeps its order: an answer never happens before the one before it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_NUMBERING])
    rows = list(Announcement.objects.filter(number=None).order_by("happened_at", "id")[:batch])
    if not rows:
        return 0
    newest = Announcement.objects.exclude(number=None).order_by("-number").values_list("number", flat=True).first()
    subjects = subjects_of({(row.department, row.person_id) for row in rows})
    for number, row in enumerate(rows, 1 + (newest or 0)):
        row.number, row.subject = number, subjects.get((row.department, row.person_id))
    with connection.cursor() as cursor:
        ids, numbers, named = zip(*((row.pk, row.number, row.subject) for row in rows), strict=True)
        cursor.execute(_NUMBER, [at, list(ids), list(numbers), list(named)])
    known = [row for row in rows if row.subject]
    _name_who_acts(known)
    owe(known, at=at)
    return len(rows)


def _name_who_acts(rows: Sequence[Announcement]) -> None:
    systems = _followers({row.department for row in rows})
    Telling.objects.bulk_create(
        Telling(
            announcement=row,
            person_id=row.person_id,
            department=row.department,
            client=system.id,
            system=system.name,
            due_at=due_at,
        )
        for row in rows
        if (due_at := row.due_at)
        for system in systems[row.department]
        if system.may_hear_of(row.purpose)
    )


def _followers(departments: set[str]) -> Mapping[str, Sequence[Follower]]:
    return {department: followers_of(department) for department in departments}
