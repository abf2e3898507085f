"""Bringing one dataset's holdings into the sheets: digest, compare, seal what changed, stage, merge once."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import psycopg
from django.db import connection

from datasources.actions.staging import Ready, Staging
from datasources.errors import Garbled
from datasources.kinds import SourcesEntry
from datasources.models import Dataset, Source
from datasources.places import changes_place, sheet_place
from datasources.protocol import Holding, Mark
from datasources.queries.bodies import body_of
from datasources.queries.erased import erased_people
from datasources.queries.trials import fingerprint
from datasources.rules.changes import changes_between
from portal.keys.indexes import digester
from portal.keys.models import KeyScope
from portal.keys.person_keys import keys_of_each
from portal.keys.seals import seal, unseal
from portal.ledger.actor import Actor
from portal.ledger.drafts import Drafts
from portal.walls import bulk

# What a dataset holds on one person: a page could not show more, nor should a worker hold it many times over.
MOST_BYTES = 32 << 20
_FLUSH_PEOPLE, _FLUSH_BYTES = 500, 4 << 20
_NO_MARK = Mark()

_BEFORE = "SELECT person_id, body FROM datasources_sheet WHERE dataset_id = %b AND person_id = ANY (%b)"
_HELD = """
SELECT person_id, digest, confirmed FROM datasources_sheet
WHERE dataset_id = %b AND (%b::uuid IS NULL OR person_id = %b)
"""
_DELETE = """
DELETE FROM datasources_sheet WHERE dataset_id = %b AND person_id = ANY (%b) AND pulled_at <= %b RETURNING person_id
"""
_RENEW = """
UPDATE datasources_sheet SET pulled_at = %b, confirmed = true
WHERE dataset_id = %b AND person_id = ANY (%b) AND pulled_at <= %b
"""
# What this reading could not confirm stays as fresh as the reading before made it.
_DOUBT = """
UPDATE datasources_sheet AS held SET confirmed = false, pulled_at = greatest(pulled_at, (
    SELECT read_at FROM datasources_reading AS last
    WHERE last.source_id = held.source_id AND last.dataset_id = held.dataset_id
))
WHERE dataset_id = %b AND person_id = ANY (%b) AND confirmed
"""
_READ = """
INSERT INTO datasources_reading AS last (id, source_id, dataset_id, read_at, swept_at, watermark, seen, seen_by,
                                         mapping_version)
VALUES (gen_random_uuid(), %b, %b, %b, %b, %b, %b, %b, %b)
ON CONFLICT (source_id, dataset_id) DO UPDATE SET
    read_at = excluded.read_at, watermark = excluded.watermark, seen = excluded.seen, seen_by = excluded.seen_by,
    mapping_version = excluded.mapping_version,
    swept_at = CASE WHEN %b THEN excluded.swept_at ELSE last.swept_at END
"""
# A sheet that was asked for while this pull was reading is newer than what the pull read: it stays. Told is whose sheet
# was not taken, for of a city they are a handful.
_MERGE = """
WITH merged AS (
INSERT INTO datasources_sheet AS held (id, person_id, dataset_id, source_id, digest, body, row_count, mapping_version,
                                       pulled_at, changed_at, changes, confirmed)
SELECT id, person_id, %b, %b, digest, body, row_count, %b, %b, %b, changes, true
FROM sheet_staging AS new WHERE person_id <> ALL (%b) AND NOT EXISTS (
    SELECT FROM datasources_notcopied AS mark
    WHERE mark.person_id = new.person_id AND (mark.dataset_id = %b OR mark.dataset_id IS NULL)
)
ON CONFLICT (person_id, dataset_id) DO UPDATE SET
    source_id = excluded.source_id, digest = excluded.digest, body = excluded.body, row_count = excluded.row_count,
    mapping_version = excluded.mapping_version, pulled_at = excluded.pulled_at, changed_at = excluded.changed_at,
    changes = excluded.changes, confirmed = true
WHERE held.pulled_at <= excluded.pulled_at
RETURNING person_id
)
SELECT person_id FROM sheet_staging AS new WHERE NOT EXISTS (
    SELECT FROM merged WHERE merged.person_id = new.person_id
)
"""


@dataclass
class Outcome:
    """What a merge did; counts are of people, `rows_read` of rows."""

    rows_read: int = 0
    passed_over: int = 0
    unchanged: int = 0
    changed: int = 0
    removed: int = 0
    rejected: int = 0
    too_large: int = 0

    def add(self, other: "Outcome") -> None:
        """Sum up several datasets."""
        for name, count in vars(other).items():
            setattr(self, name, getattr(self, name) + count)


_Digested = tuple[UUID, bytes, Holding]


@dataclass
class _Batch:
    people: list[_Digested] = field(default_factory=list)
    size: int = 0


class Merge:
    """One dataset of one source, within the worker's scope: `take` each person's holding, then `finish`.

    `at` is when the reading began. `only`: the merge is about this one person, all others are left alone.
    `reference` ties the entries to the Pull. `swept`: everyone is handed in, so that whoever is not is gone.
    `mark` of what is handed in, and that the reading may tell before it finishes.
    """

    def __init__(
        self,
        source: Source,
        dataset: Dataset,
        *,
        by: Actor,
        at: datetime,
        reference: str,
        only: UUID | None = None,
        swept: bool = True,
        mark: Mark = _NO_MARK,
    ) -> None:
        self.source, self.dataset, self.at = source, dataset, at
        department = source.department.slug
        self._drafts = Drafts(by=by, at=at, department=department, datasets=[dataset.slug], reference=reference)
        self.outcome = Outcome()
        self.seen: set[UUID] = set()
        self._cursor: psycopg.Cursor[Any] = psycopg.Cursor(connection.connection)
        held = bulk(_HELD, [dataset.pk, only, only])
        self._held: dict[UUID, bytes] = {person: told for person, told, _ in held}
        self._doubted = {person for person, _, confirmed in held if not confirmed}
        self._erased = erased_people(dataset.pk, None if only is None else [only])
        self._only, self.swept, self.mark = only, swept, mark
        # Whose last good sheet stays.
        self._left: set[UUID] = set()
        self._gone: set[UUID] = set()
        self.doubtful: set[UUID] = set()
        self._unchanged = 0
        self._batch = _Batch()
        self._staging = Staging(self._cursor, dataset.pk)
        self._digest = digester()

    def pass_over(self, holding: Holding) -> None:
        """Somebody whose records are not kept: counted, nothing else."""
        self.outcome.rows_read += holding.row_count
        self.outcome.passed_over += 1

    def reject(self, holding: Holding) -> None:
        """A row under something that is no identity code: counted, nothing else."""
        self.outcome.rows_read += holding.row_count
        self.outcome.rejected += 1

    def doubt(self, person: UUID) -> None:
        """Something about this person changed: who reads asks what, before it finishes."""
        self.doubtful.add(person)

    def the_rest_is_the_same(self) -> None:
        """The source told that nothing changed of whomever it was not asked about beside that."""
        self._unchanged += len(self._held.keys() - self._doubted - self.seen - self._gone)

    def let_go(self, person: UUID) -> None:
        """The source holds nothing on this person any more."""
        self._gone.add(person)

    def take(self, person: UUID, holding: Holding) -> None:
        """All that the source holds on this person in this dataset; who had that erased here is passed over."""
        if person in self._erased:
            self.pass_over(holding)
            return
        self.outcome.rows_read += holding.row_count
        if person in self.seen:
            # One person under two spellings: which is whole nobody can tell, so the last good sheet stays.
            self._left.add(person)
            return
        self.seen.add(person)
        if len(holding.body) > MOST_BYTES:
            self.outcome.too_large += 1
            self._left.add(person)
            return
        told = self._digest(holding.body, person.bytes)
        if self._held.get(person) == told:
            self._unchanged += 1
            return
        self._batch.people.append((person, told, holding))
        self._batch.size += len(holding.body)
        if len(self._batch.people) >= _FLUSH_PEOPLE or self._batch.size >= _FLUSH_BYTES:
            self._flush()

    def finish(self) -> Outcome:
        """Merge, remove what is gone, leave the entries; the caller's transaction makes it all or nothing."""
        whole = self.swept and self._only is None
        may_be_empty = self.source.mapping.get(self.dataset.slug, {}).get("may_be_empty", False)
        if self._held and not self.outcome.rows_read and whole and not may_be_empty:
            raise Garbled("The system sent nothing at all, though it held records before. Nothing was removed.")
        self._flush()
        gone = self._delete(self._held.keys() - self.seen if self.swept else self._held.keys() & self._gone)
        self._confirm()
        staged, kept_out = self._staging.count, self._merge()
        self._drafts.draft(SourcesEntry.SHEET_REMOVED, about=gone)
        self._drafts.append(but=kept_out)
        self.outcome.unchanged = self._unchanged
        self.outcome.changed, self.outcome.removed = staged - len(kept_out), len(gone)
        self.outcome.rejected += len(self._left)
        self._cursor.close()
        return self.outcome

    def _delete(self, people: Iterable[UUID]) -> list[UUID]:
        rows = self._cursor.execute(_DELETE, [self.dataset.pk, list(people), self.at])
        return [person for (person,) in rows]

    def _confirm(self) -> None:
        """One row tells that every sheet found unchanged is fresh; sheets are touched where that row cannot tell."""
        if self._only is None:
            self._cursor.execute(_DOUBT, [self.dataset.pk, list(self._left)])
            seen_by = fingerprint(self.source) if self.mark.seen else ""
            told = [self.at, self.at, self.mark.reached, self.mark.seen, seen_by, self.source.mapping_version]
            self._cursor.execute(_READ, [self.source.pk, self.dataset.pk, *told, self.swept])
        people = (self._doubted if self._only is None else {self._only}) & self.seen - self._left
        if people:
            self._cursor.execute(_RENEW, [self.at, self.dataset.pk, list(people), self.at])

    def _merge(self) -> list[UUID]:
        """Whose sheet was not taken though it was ready."""
        if not self._staging.count:
            return []
        facts = [self.dataset.pk, self.source.pk, self.source.mapping_version, self.at, self.at]
        kept_out = bulk(_MERGE, [*facts, list(self._left), self.dataset.pk])
        self._staging.empty()
        return [person for (person,) in kept_out]

    def _flush(self) -> None:
        batch, self._batch = self._batch.people, _Batch()
        if not batch:
            return
        # Keys of changed sheets only. Whoever's key was destroyed is erased: nothing is kept of them.
        keys, log_keys = keys_of_each([person for person, _, _ in batch], KeyScope.RECORDS, KeyScope.LOG)
        self._draft(keys, log_keys)
        self.seen.difference_update(person for person, _, _ in batch if person not in keys)
        # Read first: nothing else goes to the database while they are copied in.
        self._staging.add(self._ready(batch, keys, self._before(keys)))

    def _ready(
        self, batch: Iterable[_Digested], keys: Mapping[UUID, bytes], before: Mapping[UUID, bytes]
    ) -> Iterator[Ready]:
        for person, told, holding in batch:
            if (key := keys.get(person)) is not None:
                changes = self._changes(person, before[person], holding.body, key) if person in before else b""
                yield person, told, holding, key, changes

    def _draft(self, people: Iterable[UUID], log_keys: Mapping[UUID, bytes]) -> None:
        """Their entries are written out while the source is being read, and appended when their sheets are merged."""
        arrived: list[UUID] = []
        changed: list[UUID] = []
        for person in people:
            (changed if person in self._held else arrived).append(person)
        self._drafts.draft(SourcesEntry.SHEET_ARRIVED, about=arrived, keys=log_keys)
        self._drafts.draft(SourcesEntry.SHEET_CHANGED, about=changed, keys=log_keys)

    def _before(self, people: Iterable[UUID]) -> dict[UUID, bytes]:
        """{person: sealed body} of those who have a sheet already."""
        held = [person for person in people if person in self._held]
        return dict(bulk(_BEFORE, [self.dataset.pk, held])) if held else {}

    def _changes(self, person: UUID, before: bytes, after: bytes, key: bytes) -> bytes:
        """Sealed; empty when nothing can be said, as after a change of the mapping."""
        was = body_of(unseal(key, before, aad=sheet_place(person, self.dataset.pk)))
        found = changes_between(was, after)
        if found is None:
            return b""
        return seal(key, msgspec.json.encode(found), aad=changes_place(person, self.dataset.pk))
