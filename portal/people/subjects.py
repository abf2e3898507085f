"""People as a department may name them: by identity code in a body, or by a pseudonym of its own."""

import base64
import binascii
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from uuid import UUID

from msgspec import Struct, structs

from portal.keys.indexes import (
    index_and_pairwise,
    indexes_and_pairwise,
    is_moving,
    older_as_written,
    pairwise,
    pairwise_within,
)
from portal.keys.models import KeyScope
from portal.keys.person_keys import existing_person_keys
from portal.people.actions import identity_code_of
from portal.people.models import PairwiseSubject, Person
from portal.walls import array_of_bytes, array_of_ids, sent, told

# 16 bytes in base64url, without its padding.
_WRITTEN = re.compile(r"[A-Za-z0-9_-]{22}", re.ASCII)
_ALL_WRITTEN = re.compile(r"(?:[A-Za-z0-9_-]{22}\n)+", re.ASCII)
# Two more letters make 18 bytes of each, of which the first 16 are the pseudonym's.
_FILLING, _FILLED = "AA", 18
_BYTES, _LETTERS = 16, 22
_USUAL = str.maketrans("-_", "+/")


class NotASubject(Exception):
    """This is not a pseudonym that we gave."""


class Named(Struct, frozen=True, gc=False):
    """One person as asked about: `lookup` finds them, and the reply says `subject`, which is `raw` written out."""

    subject: str
    raw: bytes
    lookup: bytes
    by_code: bool
    # What the row may still carry, while the key of the index is being changed.
    older: tuple[bytes, ...] = ()


def raw_subject(subject: str) -> bytes:
    """The 16 bytes of a pseudonym as departments write it; NotASubject when it cannot be one."""
    if not _WRITTEN.fullmatch(subject):
        raise NotASubject
    return binascii.a2b_base64(subject.translate(_USUAL) + "==")


def by_code(department: str, identity_code: str) -> Named:
    """NotAnIdentityCode when it is none."""
    index, subject = index_and_pairwise(department, identity_code)
    return Named(subject, raw_subject(subject), index, by_code=True, older=tuple(older_as_written(identity_code)))


def by_subject(subject: str) -> Named:
    """NotASubject when it cannot be one."""
    raw = raw_subject(subject)
    return Named(subject, raw, raw, by_code=False)


def by_subjects(subjects: Sequence[str]) -> list[Named]:
    """`by_subject` for thousands at once; NotASubject when one of them cannot be one."""
    lines = "\n".join([*subjects, ""])
    if len(lines) != (_LETTERS + 1) * len(subjects) or not _ALL_WRITTEN.fullmatch(lines):
        raise NotASubject
    raw = binascii.a2b_base64(_FILLING.join([*subjects, ""]).translate(_USUAL))
    each = [raw[place : place + _BYTES] for place in range(0, len(raw), _FILLED)]
    return [Named(subject, one, one, by_code=False) for subject, one in zip(subjects, each, strict=True)]


def by_codes(department: str, identity_codes: Iterable[str]) -> list[Named]:
    """`by_code` for thousands at once; NotAnIdentityCode when one of them is none."""
    codes = list(identity_codes)
    found = indexes_and_pairwise(department, codes)
    subjects = written_each([subject for _, subject in found])
    named = [Named(subject, raw, index, by_code=True) for subject, (index, raw) in zip(subjects, found, strict=True)]
    if not is_moving():
        return named
    older = [tuple(older_as_written(code)) for code in codes]
    return [structs.replace(each, older=known) for each, known in zip(named, older, strict=True)]


def lookups_of(named: Iterable[Named]) -> list[bytes]:
    """What the API's scope is opened for: what finds these people, and their pseudonyms, so that kept ones are seen."""
    found = []
    for each in named:
        found.append(each.lookup)
        if each.by_code:
            found.append(each.raw)
            found.extend(each.older)
    return found


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
_FIND_MOVING = _FIND.replace(
    "WITH found AS (\n",
    """WITH found AS (
    SELECT o.lookup, p.id FROM unnest(%s::bytea[], %s::bytea[]) AS o (lookup, older)
    JOIN people_person p ON p.blind_index = o.older
    UNION ALL
""",
)
_KEEP = """
INSERT INTO people_pairwisesubject (id, department, subject, person_id)
SELECT gen_random_uuid(), asked.department, subject, person_id
FROM (SELECT %s::text) AS asked (department), unnest(%s::bytea[], %s::uuid[]) AS new (subject, person_id)
WHERE person_id IS NOT NULL AND NOT EXISTS (
    SELECT FROM people_pairwisesubject s WHERE (s.department, s.subject) = (asked.department, new.subject)
)
ON CONFLICT DO NOTHING
"""


def persons_named(department: str, named: Sequence[Named]) -> Callable[[], dict[bytes, UUID]]:
    """Let the API's scope, opened for these lookups, cover the people they find; returns what reads who they are.

    {lookup: person} of those held; strangers are just not in it.
    """
    indexes = array_of_bytes(each.lookup for each in named if each.by_code)
    subjects = array_of_bytes(each.lookup for each in named if not each.by_code)
    values = [indexes, department, subjects]
    if older := [(each.lookup, one) for each in named for one in each.older]:
        # Whoever was moved meanwhile is found by both, and is one.
        rows = sent(_FIND_MOVING, [*map(array_of_bytes, zip(*older, strict=True)), *values], binary=True)
    else:
        rows = sent(_FIND, values, binary=True)

    def read() -> dict[bytes, UUID]:
        ((found, persons, _),) = rows()
        return dict(zip(map(bytes, found), persons, strict=True))

    return read


def keep_subjects(department: str, named: Iterable[Named], found: Mapping[bytes, UUID]) -> None:
    """Remember the pseudonyms of people held who were named by code; the same statement runs for strangers."""
    coded = [each for each in named if each.by_code]
    subjects = array_of_bytes(each.raw for each in coded)
    persons = array_of_ids(found.get(each.lookup) for each in coded)
    told(_KEEP, [department, subjects, persons])


def subjects_of(pairs: Collection[tuple[str, UUID]]) -> dict[tuple[str, UUID], bytes]:
    """{(department, person): the person's pseudonym there, 16 bytes}, within the worker's scope.

    Kept or made of the identity code; whoever is erased and was never named by that department is not in it.
    """
    known = PairwiseSubject.objects.filter(
        department__in={department for department, _ in pairs}, person_id__in={person for _, person in pairs}
    ).order_by("pk")  # Of several, after a new code or two accounts made one, always the same.
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


def apart(department: str, purpose: str, who: Named) -> str:
    """A pseudonym of this purpose alone: by it what was given for the common good meets no other record."""
    return written(pairwise_within(department, purpose, who.raw))


def written_each(subjects: Sequence[bytes]) -> list[str]:
    """`written` for thousands at once."""
    # Two bytes more make whole groups of four letters, which are told apart by their place.
    told = base64.urlsafe_b64encode(b"\0\0".join([*subjects, b""])).decode()
    return [told[place : place + _LETTERS] for place in range(0, len(told), _LETTERS + len(_FILLING))]


def is_subject_of(person: UUID, department: str, subject: bytes) -> bool:
    """The pseudonym (16 bytes) is this person's at this department; within the person's scope.

    By their identity code, as a department may name somebody before the portal knows them.
    """
    row = Person.objects.get(pk=person)
    return raw_subject(pairwise(department, identity_code_of(row))) == subject
