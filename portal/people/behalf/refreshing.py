"""Keeping what registers tell of who may act for whom: asked anew, and what is no longer told is gone.

The same statements are made whatever is told: how many there were would otherwise tell why somebody is missing.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from uuid import UUID, uuid4

from django.db import connection
from msgspec import json

from portal.keys.indexes import (
    blind_index,
    blind_indexes,
    index_version,
    moved_on,
    normal_identity_code,
    second_mark,
)
from portal.keys.models import KeyScope
from portal.keys.person_keys import person_keys
from portal.keys.seals import place, seal
from portal.people.actions import Arrival, Names, find_or_make, identity_code_of, marks_place, sealed_names
from portal.people.behalf.register import SubjectTold, Told, ask
from portal.people.codes import new_code_place
from portal.people.kinds import PeopleEntry
from portal.people.models import Person
from portal.walls import Role, scope

_KNOWN = "SELECT blind_index, index_version, id FROM people_person WHERE blind_index = ANY (%s)"
# One after another where two guardians ask at once, always in the same order.
_HOLD = "SELECT id FROM people_person WHERE id = ANY (%s) ORDER BY id FOR UPDATE"
_NOT_TOLD = "DELETE FROM people_actingright WHERE actor_index = ANY (%s) AND NOT person_id = ANY (%s)"
_DESCRIBE = """
UPDATE people_person p SET sealed_names = new.names, sealed_protection = new.marks
FROM unnest(%s::uuid[], %s::bytea[], %s::bytea[]) AS new (person, names, marks) WHERE p.id = new.person
"""
# Who is named here has their account closed by a job: nobody's page waits for it.
_DIED = "UPDATE people_person SET death_told_at = %s WHERE id = ANY (%s::uuid[]) AND death_told_at IS NULL"
# Who has moved back is as if they had never left.
_MOVED = """
UPDATE people_person SET moved_away_at = CASE WHEN moved_away_at IS NULL THEN %s::timestamptz END, moved_step = 0
WHERE id = ANY (%s::uuid[]) AND (moved_away_at IS NOT NULL) <> (id = ANY (%s::uuid[]))
"""
# Nothing is changed by it: two staff look into it. One code is told once, however often the register tells it.
_NEW_CODES = """
UPDATE people_person p SET new_code_told_at = %s, sealed_new_code = new.code, new_code_mark = new.mark
FROM unnest(%s::uuid[], %s::bytea[], %s::bytea[]) AS new (person, code, mark)
WHERE p.id = new.person AND p.new_code_mark IS DISTINCT FROM new.mark
"""
_HELD = "SELECT id, person_id, actor_index, index_version, kind FROM people_actingright WHERE person_id = ANY (%s)"
_GONE = "DELETE FROM people_actingright WHERE id = ANY (%s)"
_KEEP = """
INSERT INTO people_actingright AS held
    (id, person_id, actor_index, kind, sealed_facts, index_version, actor_id, told_at)
SELECT id, person, actor, kind, facts, %s, CASE WHEN actor = %s THEN %s::uuid END, %s::timestamptz
FROM unnest(%s::uuid[], %s::uuid[], %s::bytea[], %s::text[], %s::bytea[]) AS new (id, person, actor, kind, facts)
ON CONFLICT (id) DO UPDATE SET sealed_facts = EXCLUDED.sealed_facts, told_at = EXCLUDED.told_at,
    actor_index = EXCLUDED.actor_index, index_version = EXCLUDED.index_version,
    actor_id = coalesce(EXCLUDED.actor_id, held.actor_id)
"""
# (whose, by whom, of which kind): what tells one right from another.
_Name = tuple[UUID, bytes, str]


def refresh_rights(actor: UUID, *, at: datetime) -> None:
    """Ask for whom this person may act, and keep just that. RegisterSilent: then nothing changes. Opens its scopes."""
    with scope(Role.RESIDENT, persons=[actor]):
        code = identity_code_of(Person.objects.get(pk=actor))
    mine, *older = blind_indexes(code)
    heard = ask(code)
    by_index = {blind_index(subject.identity_code): subject for subject in heard.acts_for}
    told = _known(by_index, mine, at=at)
    with scope(Role.LOGIN, persons=[actor, *told], lookups=[mine, *older, *by_index]), connection.cursor() as cursor:
        cursor.execute(_HOLD, [list(told)])
        cursor.execute(_NOT_TOLD, [[mine, *older], list(told)])
        keys = person_keys([actor, *told], KeyScope.IDENTITY)
        living = {subject: said for subject, said in told.items() if subject in keys}
        cursor.execute(_DESCRIBE, _columns(_described(living, keys), 3))
        cursor.execute(_HELD, [list(living)])
        held = {
            (subject, moved_on(bytes(index), version=version), kind): row
            for row, subject, index, version, kind in cursor.fetchall()
        }
        rights = dict(_rights(living))
        cursor.execute(_GONE, [_no_longer(held, rights, mine)])
        cursor.execute(_KEEP, [index_version(), mine, actor, at, *_columns(_kept(held, rights, keys), 5)])
        dead = [*([actor] if heard.died else []), *(subject for subject, said in told.items() if said.died)]
        cursor.execute(_DIED, [at, dead])
        moved = [*([actor] if heard.moved_away else []), *(who for who, said in told.items() if said.moved_away)]
        new = {actor: (code, heard.new_code)} | {
            who: (said.identity_code, said.new_code) for who, said in living.items()
        }
        cursor.execute(_NEW_CODES, [at, *_columns(_new_codes(new, keys), 3)])
        cursor.execute(_MOVED, [at, [actor, *told], moved])


def _new_codes(told: Mapping[UUID, tuple[str, str]], keys: Mapping[UUID, bytes]) -> Iterator[tuple[object, ...]]:
    """`told` is {person: (code, code from now on, or none)}."""
    for person, (code, new) in told.items():
        if new and person in keys and blind_index(new) != blind_index(code):
            sealed = seal(keys[person], normal_identity_code(new).encode(), aad=new_code_place(person))
            yield person, sealed, second_mark(blind_index(new))


def _known(by_index: Mapping[bytes, SubjectTold], mine: bytes, *, at: datetime) -> dict[UUID, SubjectTold]:
    """{person: what is told of them}; who was never heard of becomes known, with an entry."""
    lookups = [index for said in by_index.values() for index in blind_indexes(said.identity_code)]
    with scope(Role.LOGIN, lookups=[mine, *lookups]), connection.cursor() as cursor:
        cursor.execute(_KNOWN, [lookups])
        rows = cursor.fetchall()
    found = {moved_on(bytes(index), version=version): person for index, version, person in rows}
    for index in by_index.keys() - found.keys():
        said = by_index[index]
        arrival = Arrival(said.identity_code, Names(said.given_names, said.family_name))
        found[index] = find_or_make(arrival, at=at, told_as=PeopleEntry.BECAME_KNOWN).pk
    return {found[index]: said for index, said in by_index.items()}


def _columns(rows: Iterator[tuple[object, ...]], width: int) -> list[list[object]]:
    """Rows turned into columns, as `unnest` takes them; as many of them where there is no row."""
    columns: list[list[object]] = [[] for _ in range(width)]
    for row in rows:
        for column, value in zip(columns, row, strict=True):
            column.append(value)
    return columns


def _described(told: Mapping[UUID, SubjectTold], keys: Mapping[UUID, bytes]) -> Iterator[tuple[object, ...]]:
    for subject, said in told.items():
        key = keys[subject]
        marks = json.encode({"protected": said.protected, "in_care": said.in_care, "died": said.died})
        names = sealed_names(subject, Names(said.given_names, said.family_name), key=key)
        yield subject, names, seal(key, marks, aad=marks_place(subject))


def _rights(told: Mapping[UUID, SubjectTold]) -> Iterator[tuple[_Name, Told]]:
    for subject, said in told.items():
        for right in said.rights:
            yield (subject, blind_index(right.identity_code), right.kind.value), right


def _no_longer(held: Mapping[_Name, UUID], rights: Mapping[_Name, Told], mine: bytes) -> list[UUID]:
    """Guardians are as told; of other rights only the asker's own, as only those were asked about."""
    return [row for name, row in held.items() if name not in rights and (name[2] == "custody" or name[1] == mine)]


def _kept(
    held: Mapping[_Name, UUID], rights: Mapping[_Name, Told], keys: Mapping[UUID, bytes]
) -> Iterator[tuple[object, ...]]:
    for name, right in rights.items():
        subject, index, kind = name
        row = held.get(name) or uuid4()
        facts = seal(keys[subject], json.encode(right.bounds), aad=rights_place(subject, row))
        yield row, subject, index, kind, facts


def rights_place(subject: UUID, row: UUID) -> bytes:
    """Where the bounds of a right stand sealed."""
    return place("people_actingright", "sealed_facts", subject, row)
