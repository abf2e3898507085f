"""Lines of a push folded into the sheets of those they are about: read, opened, changed and sealed, in one transaction.

Two temporary tables remember for the length of a push, in the database, so that memory does not grow with it: which
keys have come, and whose log has been told already.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec
import zstandard
from django.db import connection

from datasources.connectors.push.records import Told
from datasources.enums import KeepsFor
from datasources.kinds import SourcesEntry
from datasources.models import Dataset, Source
from datasources.places import changes_place, sheet_place
from datasources.queries.bodies import body_of
from datasources.queries.erased import erased_people
from datasources.rules.changes import Changes, together
from datasources.rules.records import Records, Verdict
from portal.keys.indexes import digest, index_as_written, is_moving, older_as_written
from portal.keys.models import KeyScope
from portal.keys.person_keys import person_keys
from portal.keys.seals import seal, unseal
from portal.ledger.actor import Actor
from portal.ledger.drafts import Drafts
from portal.people.queries import people_among
from portal.people.subjects import NotASubject, raw_subject
from portal.walls import bulk

_LEVEL = 1
_EPOCH, _STEP = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)

_REMEMBER = (
    "DROP TABLE IF EXISTS pg_temp.push_key, pg_temp.push_person",
    "CREATE TEMPORARY TABLE push_key (of bigint PRIMARY KEY)",
    "CREATE TEMPORARY TABLE push_person (id uuid PRIMARY KEY)",
)
_NEW_KEYS = "INSERT INTO push_key SELECT unnest(%b::bigint[]) ON CONFLICT DO NOTHING RETURNING of"
_NEW_PEOPLE = "INSERT INTO push_person SELECT unnest(%b::uuid[]) ON CONFLICT DO NOTHING RETURNING id"
# One push of a dataset after the other: what is read here is written a moment later.
_IN_TURN = "SELECT pg_advisory_xact_lock(%s)"
_HELD = """
SELECT person_id, body, changes, changed_at FROM datasources_sheet
WHERE dataset_id = %b AND person_id = ANY (%b) ORDER BY person_id FOR UPDATE
"""
_WRITE = """
INSERT INTO datasources_sheet AS held (id, person_id, dataset_id, source_id, digest, body, row_count, mapping_version,
                                       pulled_at, changed_at, changes, confirmed)
SELECT gen_random_uuid(), person, %b, %b, digest, body, row_count, %b, %b, changed_at, NULLIF(changes, ''), true
FROM unnest(%b::uuid[], %b::bytea[], %b::bytea[], %b::int[], %b::timestamptz[], %b::bytea[])
     AS new (person, digest, body, row_count, changed_at, changes)
ON CONFLICT (person_id, dataset_id) DO UPDATE SET
    source_id = excluded.source_id, digest = excluded.digest, body = excluded.body, row_count = excluded.row_count,
    mapping_version = excluded.mapping_version, pulled_at = greatest(held.pulled_at, excluded.pulled_at),
    changed_at = excluded.changed_at, changes = excluded.changes, confirmed = true
RETURNING person_id
"""
_DELETE = "DELETE FROM datasources_sheet WHERE dataset_id = %b AND person_id = ANY (%b) RETURNING person_id"


@dataclass
class Batch:
    """What became of some lines: counts, and (why, number) of those refused, numbers of those with a repeated key."""

    stored: int = 0
    unchanged: int = 0
    deleted: int = 0
    passed_over: int = 0
    refused: list[tuple[str, int]] = field(default_factory=list)
    repeated: list[int] = field(default_factory=list)

    def count(self, verdict: Verdict, number: int) -> None:
        """One line more."""
        match verdict:
            case Verdict.STORED:
                self.stored += 1
            case Verdict.UNCHANGED:
                self.unchanged += 1
            case Verdict.DELETED:
                self.deleted += 1
            case Verdict.FULL:
                self.refused.append(("full", number))


@dataclass
class _Open:
    """One person's sheet while lines are folded into it. `key` opens it; `changes` and `changed_at` as they stood."""

    records: Records
    key: bytes = field(repr=False)
    is_new: bool
    changes: bytes | None = field(default=None, repr=False)
    changed_at: datetime | None = None


_Named = tuple[int, bytes, Told]


class Fold:
    """Folds lines into the sheets of one dataset, within the worker's scope. `columns`: the names that are kept.

    `reference` ties the entries to the Pull.
    """

    def __init__(
        self, source: Source, dataset: Dataset, columns: Sequence[str], *, most: int, by: Actor, reference: str
    ) -> None:
        self._source, self._dataset, self._columns, self._most = source, dataset, columns, most
        self._by, self._reference = by, reference
        self._department = source.department.slug
        self._compress = zstandard.ZstdCompressor(level=_LEVEL).compress

    def open(self) -> None:
        """Begin to remember."""
        with connection.cursor() as cursor:
            for statement in _REMEMBER:
                cursor.execute(statement)

    def close(self) -> None:
        """Forget."""
        with connection.cursor() as cursor:
            cursor.execute(_REMEMBER[0])

    def take(self, lines: Iterable[tuple[int, Told]], *, at: datetime) -> Batch:
        """Fold these lines, (number, what it tells), into the sheets; the caller's transaction makes it all or nothing.

        Whoever is not kept here is passed over, and so is whoever's key was destroyed.
        """
        batch = Batch()
        with connection.cursor() as cursor:
            cursor.execute(_IN_TURN, [int.from_bytes(self._dataset.pk.bytes[:8], "big", signed=True)])
        named = list(_named(lines, batch))
        batch.repeated = self._repeated(named)
        about = self._sorted(named, batch, at=at)
        sheets = self._opened(about)
        for person, told in about.items():
            if person not in sheets:
                batch.passed_over += len(told)
                continue
            records = sheets[person].records
            for number, _, each in told:
                batch.count(_fold(records, each), number)
        self._keep(sheets, at=at)
        return batch

    def _repeated(self, named: Sequence[_Named]) -> list[int]:
        """Asked of all lines alike, or the answer would tell who is kept here."""
        marks = [_mark(lookup, told.key) for _, lookup, told in named]
        new = {mark for (mark,) in bulk(_NEW_KEYS, [marks])} if marks else set()
        repeated = []
        for (number, _, _), mark in zip(named, marks, strict=True):
            if mark in new:
                new.discard(mark)
            else:
                repeated.append(number)
        return repeated

    def _sorted(self, named: Sequence[_Named], batch: Batch, *, at: datetime) -> dict[UUID, list[_Named]]:
        active_at = at if self._source.keeps_for == KeepsFor.ACTIVE else None
        codes = {lookup for _, lookup, told in named if told.subject is None}
        subjects = {lookup for _, lookup, told in named if told.subject is not None}
        older = _older(named)
        codes |= {index for indexes in older.values() for index in indexes}
        found = people_among(codes, subjects, department=self._department, active_at=active_at)
        about: dict[UUID, list[_Named]] = {}
        for each in named:
            lookups = [each[1], *older.get(each[1], ())]
            person = next((found[lookup] for lookup in lookups if lookup in found), None)
            if person is None:
                batch.passed_over += 1
            else:
                about.setdefault(person, []).append(each)
        return about

    def _opened(self, people: Iterable[UUID]) -> dict[UUID, _Open]:
        """Whoever had these copies erased, or whose key was destroyed, is left out: nothing is kept of them."""
        asked = set(people)
        keys = person_keys(asked - erased_people(self._dataset.pk, asked), KeyScope.RECORDS)
        held = {row[0]: row[1:] for row in bulk(_HELD, [self._dataset.pk, list(keys)])}
        return {person: self._open_one(person, key, held.get(person)) for person, key in keys.items()}

    def _open_one(self, person: UUID, key: bytes, held: tuple[bytes, bytes | None, datetime] | None) -> _Open:
        if held is None:
            return _Open(Records(None, self._columns, most=self._most), key, is_new=True)
        sealed, changes, changed_at = held
        body = body_of(unseal(key, sealed, aad=sheet_place(person, self._dataset.pk)))
        records = Records(body, self._columns, most=self._most)
        return _Open(records, key, is_new=False, changes=changes, changed_at=changed_at)

    def _keep(self, sheets: dict[UUID, _Open], *, at: datetime) -> None:
        moved = {person: each for person, each in sheets.items() if each.records.moved}
        gone = [person for person, each in moved.items() if not each.is_new and not each.records]
        written = {person: each for person, each in moved.items() if each.records}
        altered = [person for person in [*gone, *written] if moved[person].records.altered]
        first = {person for (person,) in bulk(_NEW_PEOPLE, [altered])} if altered else set()
        if gone:
            bulk(_DELETE, [self._dataset.pk, gone])
        if written:
            self._write(written, first, at=at)
        self._tell(written, gone, first, at=at)

    def _write(self, sheets: dict[UUID, _Open], first: set[UUID], *, at: datetime) -> None:
        now = (at - _EPOCH) // _STEP
        digests, bodies, counts, times, changes = [], [], [], [], []
        for person, each in sheets.items():
            body = each.records.body(now=now)
            digests.append(digest(body, of=person.bytes))
            bodies.append(seal(each.key, self._compress(body), aad=sheet_place(person, self._dataset.pk)))
            counts.append(len(each.records))
            times.append(at if each.records.altered or each.changed_at is None else each.changed_at)
            changes.append(self._changes(person, each, is_first=person in first))
        facts = [self._dataset.pk, self._source.pk, self._source.mapping_version, at]
        bulk(_WRITE, [*facts, list(sheets), digests, bodies, counts, times, changes])

    def _changes(self, person: UUID, each: _Open, *, is_first: bool) -> bytes:
        """Sealed, of the push as a whole; empty when nothing can be said, as of what is new or mapped anew."""
        if not each.records.altered:
            return each.changes or b""
        found, place = each.records.changes, changes_place(person, self._dataset.pk)
        if found is None or each.is_new or not (is_first or each.changes):
            return b""
        if not is_first and each.changes:
            found = together(msgspec.json.decode(unseal(each.key, each.changes, aad=place), type=Changes), found)
        return seal(each.key, msgspec.json.encode(found), aad=place)

    def _tell(self, written: dict[UUID, _Open], gone: Sequence[UUID], first: set[UUID], *, at: datetime) -> None:
        """One entry for each whose sheet came, changed for the first time in this push, or went."""
        arrived = [person for person, each in written.items() if each.is_new]
        changed = [person for person in written if person in first and not written[person].is_new]
        by, department, datasets = self._by, self._department, [self._dataset.slug]
        drafts = Drafts(by=by, at=at, department=department, datasets=datasets, reference=self._reference)
        drafts.draft(SourcesEntry.SHEET_ARRIVED, about=arrived)
        drafts.draft(SourcesEntry.SHEET_CHANGED, about=changed)
        drafts.draft(SourcesEntry.SHEET_REMOVED, about=gone)
        drafts.append()


def _named(lines: Iterable[tuple[int, Told]], batch: Batch) -> Iterable[_Named]:
    """(number, what finds the person, what is told) of those lines that name anybody."""
    for number, told in lines:
        lookup = _lookup(told)
        if lookup is None:
            batch.refused.append(("person", number))
        else:
            yield number, lookup, told


def _lookup(told: Told) -> bytes | None:
    if told.identity_code is not None:
        return index_as_written(told.identity_code)
    try:
        return raw_subject(told.subject or "")
    except NotASubject:
        return None


def _older(named: Sequence[_Named]) -> dict[bytes, list[bytes]]:
    """{lookup: what rows may still carry in its place}, while the key of the index is being changed."""
    if not is_moving():
        return {}
    return {lookup: older_as_written(told.identity_code) for _, lookup, told in named if told.identity_code}


def _mark(lookup: bytes, key: str) -> int:
    """64 bits that stand for a person's key; in the database for the length of a push."""
    told = hashlib.blake2b(key.encode(), key=lookup, digest_size=8).digest()
    return int.from_bytes(told, "big", signed=True)


def _fold(records: Records, told: Told) -> Verdict:
    if told.row is None or told.at is None:
        return records.drop(told.key, told.at)
    return records.put(told.key, told.at, told.row)
