"""People as a department may name them: by identity code in a body, or by a pseudonym of its own."""

import base64
import binascii
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from uuid import UUID

from msgspec import Struct

from portal.keys.indexes import index_and_pairwise, pairwise
from portal.keys.models import KeyScope
from portal.keys.person_keys import existing_person_keys
from portal.people.actions import identity_code_of
from portal.people.models import PairwiseSubject, Person
from portal.walls import array_of, sent, told

# 16 bytes in base64url, without its padding.
_WRITTEN = re.compile(r"[A-Za-z0-9_-]{22}", re.ASCII)
_USUAL = str.maketrans("-_", "+/")


class NotASubject(Exception):
    """This is not a pseudonym that we gave."""


class Named(Struct, frozen=True, gc=False):
    """One person as asked about: `lookup` finds them, what the scope must be opened for; the reply says `subject`."""

    subject: str
    lookup: bytes
    by_code: bool


def raw_subject(subject: str) -> bytes:
    """The 16 bytes of a pseudonym as departments write it; NotASubject when it cannot be one."""
    if not _WRITTEN.fullmatch(subject):
        raise NotASubject
    return binascii.a2b_base64(subject.translate(_USUAL) + "==")


def by_code(department: str, identity_code: str) -> Named:
    """NotAnIdentityCode when it is none."""
    index, subject = index_and_pairwise(department, identity_code)
    return Named(subject, index, by_code=True)


def by_subject(subject: str) -> Named:
    """NotASubject when it cannot be one."""
    return Named(subject, raw_subject(subject), by_code=False)


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
    indexes = array_of(each.lookup for each in named if each.by_code)
    subjects = array_of(each.lookup for each in named if not each.by_code)
    rows = sent(_FIND, [indexes, department, subjects], binary=True)

    def read() -> dict[bytes, UUID]:
        ((found, persons, _),) = rows()
        return dict(zip(map(bytes, found), persons, strict=True))

    return read


def keep_subjects(department: str, named: Iterable[Named], found: Mapping[bytes, UUID]) -> None:
    """Remember the pseudonyms of people held who were named by code; the same statement runs for strangers."""
    coded = [each for each in named if each.by_code]
    subjects = array_of(raw_subject(each.subject) for each in coded)
    persons = array_of(found.get(each.lookup) for each in coded)
    told(_KEEP, [department, subjects, persons])


def subjects_of(pairs: Collection[tuple[str, UUID]]) -> dict[tuple[str, UUID], bytes]:
    """{(department, person): the person's pseudonym there, 16 bytes}, within the worker's scope.

    Kept or made of the identity code; whoever is erased and was never named by that department is not in it.
    """
    known = PairwiseSubject.objects.filter(
        department__in={department for department, _ in pairs}, person_id__in={person for _, person in pairs}
    )
    found = {(row.department, row.person_id): bytes(row.subject) for row in known}
    missing = [pair for pair in pairs if pair not in found]
    people = Person.objects.in_bulk({person for _, person in missing})
    keys = existing_person_keys(people, KeyScope.IDENTITY)
    made = {
        (department, person): raw_subject(pairwise(department, identity_code_of(people[person], key=keys[person])))
        for department, person in missing
        if person in keys
    }
    PairwiseSubject.objects.bulk_create(
        (
            PairwiseSubject(department=department, person_id=person, subject=subject)
            for (department, person), subject in made.items()
        ),
        ignore_conflicts=True,
    )
    return found | made


def written(subject: bytes) -> str:
    """A pseudonym as departments read it."""
    return base64.urlsafe_b64encode(subject).rstrip(b"=").decode()
