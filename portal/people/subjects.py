"""People as a department may name them: by identity code in a body, or by a pseudonym of its own."""

import base64
import binascii
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from portal.keys.indexes import blind_index, pairwise
from portal.walls import sent

_BYTES = 16


class NotASubject(Exception):
    """This is not a pseudonym that we gave."""


@dataclass(frozen=True)
class Named:
    """One person as asked about: exactly one of the two finds them; `subject` is what the reply says."""

    subject: str
    index: bytes | None

    @property
    def lookup(self) -> bytes:
        """What the scope must be opened for."""
        return self.index if self.index is not None else _raw(self.subject)


def _raw(subject: str) -> bytes:
    try:
        raw = base64.b64decode(subject + "==", altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise NotASubject from None
    if len(raw) != _BYTES:
        raise NotASubject
    return raw


def by_code(department: str, identity_code: str) -> Named:
    """NotAnIdentityCode when it is none."""
    return Named(subject=pairwise(department, identity_code), index=blind_index(identity_code))


def by_subject(subject: str) -> Named:
    """NotASubject when it cannot be one."""
    _raw(subject)
    return Named(subject=subject, index=None)


_FIND = """
WITH found AS (
    SELECT b.lookup, p.id FROM unnest(%s::bytea[]) AS b (lookup) JOIN people_person p ON p.blind_index = b.lookup
    UNION ALL
    SELECT s.subject, s.person_id FROM people_pairwisesubject s
    WHERE s.department = %s AND s.subject = ANY (%s::bytea[])
)
SELECT coalesce(array_agg(lookup), '{}'), coalesce(array_agg(id), '{}'),
       set_config('mydata.persons', coalesce(array_agg(id), '{}')::text, true)
FROM found
"""
_KEEP = """
INSERT INTO people_pairwisesubject (id, department, subject, person_id)
SELECT gen_random_uuid(), %s, subject, person_id FROM unnest(%s::bytea[], %s::uuid[]) AS new (subject, person_id)
WHERE person_id IS NOT NULL
ON CONFLICT DO NOTHING
"""


def persons_named(department: str, named: Sequence[Named]) -> Callable[[], dict[bytes, UUID]]:
    """Let the API's scope, opened for these lookups, cover the people they find; returns what reads who they are.

    {lookup: person} of those held; strangers are just not in it.
    """
    lookups = [each.lookup for each in named]
    rows = sent(_FIND, [lookups, department, lookups])

    def read() -> dict[bytes, UUID]:
        ((found, persons, _),) = rows()
        return dict(zip(map(bytes, found), persons, strict=True))

    return read


def keep_subjects(department: str, named: Iterable[Named], found: Mapping[bytes, UUID]) -> None:
    """Remember the pseudonyms of people held who were named by code; the same statement runs for strangers."""
    coded = [each for each in named if each.index is not None]
    subjects = [_raw(each.subject) for each in coded]
    persons = [found.get(each.lookup) for each in coded]
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, [department, subjects, persons])
