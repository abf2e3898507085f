"""A department sends records one by one: sheets are opened, changed and sealed again, some thousand lines at a time."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import DatabaseError, connection

from datasources.actions.folding import Batch, Fold
from datasources.actions.reach import answered
from datasources.connectors.push.records import BadLine, Reader, Told
from datasources.connectors.push.shape import settings_of, shape_of
from datasources.enums import ConnectorKind, FaultKind, FieldType
from datasources.errors import BadLines, Refused
from datasources.kinds import SourcesEntry
from datasources.models import Dataset, Field, Pull, PullKind, PullState, Reading, Source
from datasources.rules.faults import Account, account_of, kept
from datasources.rules.showing import readable
from portal.ledger.actions import record
from portal.ledger.actor import Actor
from portal.walls import Role, scope

MOST_TOLD = 1000
_CUT_OFF = "It was cut off before it ended. What had come until then was kept."
_REPEATED = "This key stands in an earlier line, too. The newer observation stands; of equals, the later line."
_TRY, _LEAVE = "SELECT pg_try_advisory_lock(%s)", "SELECT pg_advisory_unlock(%s)"


@dataclass(frozen=True)
class Flawed:
    """What is wrong with a line, counted from 1; or, with the code `repeated`, what is only worth knowing."""

    line: int
    code: str
    sentence: str


@dataclass
class Counts:
    """Of lines, each in one of the last five."""

    received: int = 0
    stored: int = 0
    unchanged: int = 0
    deleted: int = 0
    passed_over: int = 0
    rejected: int = 0


@dataclass
class Push:
    """One push under way. `store` line after line, then `finish`; `leave` at the end, however that comes.

    What was stored stays, whatever comes after it.
    """

    source: Source
    dataset: Dataset
    pull: Pull
    by: Actor
    reader: Reader
    fold: Fold
    counts: Counts = field(default_factory=Counts)
    bad: list[Flawed] = field(default_factory=list)
    repeated: list[Flawed] = field(default_factory=list)
    _full: int = 0

    @property
    def refused(self) -> int:
        """Lines that the sender is told were not taken.

        Not those of a person who has as many records as were agreed: only of people who use the portal are any held,
        and the answer would tell who they are. The keeper sees them among the rejected of the pull.
        """
        return self.counts.rejected - self._full

    @property
    def flawed(self) -> list[Flawed]:
        """The first 1,000 bad lines and the first 1,000 with a repeated key, in order."""
        return sorted([*self.bad, *self.repeated], key=lambda each: each.line)

    def store(self, lines: Sequence[tuple[int, bytes | None]], *, at: datetime) -> None:
        """Take these lines, (number, line), all in one transaction; blank ones are passed by."""
        counts, bad = Counts(**vars(self.counts)), list[Flawed]()
        told = self._read(lines, counts, bad, at=at)
        with scope(Role.WORKER):
            batch = self.fold.take(told, at=at)
            _add(counts, batch)
            _write(self.pull, counts)
            self.pull.save(update_fields=_COUNTED)
        # Committed: from here on it is so.
        self.counts = counts
        bad += [Flawed(number, "person", _NOBODY) for code, number in batch.refused if code == "person"]
        self._full += sum(code == "full" for code, _ in batch.refused)
        bad.sort(key=lambda each: each.line)
        self.bad += bad[: MOST_TOLD - len(self.bad)]
        repeated = [Flawed(number, "repeated", _REPEATED) for number in batch.repeated]
        self.repeated += repeated[: MOST_TOLD - len(self.repeated)]

    def _read(
        self, lines: Sequence[tuple[int, bytes | None]], counts: Counts, bad: list[Flawed], *, at: datetime
    ) -> list[tuple[int, Told]]:
        told = []
        for number, line in lines:
            if line is not None and not line.strip():
                continue
            counts.received += 1
            try:
                told.append((number, self.reader.told(line, at=at)))
            except BadLine as fault:
                counts.rejected += 1
                bad.append(Flawed(number, fault.code, fault.sentence))
        return told

    def finish(self, *, at: datetime) -> None:
        """Everything came: what was not in it is as it was. Within the caller's transaction."""
        with scope(Role.WORKER):
            self._end(PullState.DONE, at=at)
            read = {"read_at": at, "mapping_version": self.source.mapping_version}
            first = read | {"swept_at": at}
            Reading.objects.update_or_create(read, first, source=self.source, dataset=self.dataset)
            answered(self.source, at=at, but=self._account())
            self._tell(SourcesEntry.PULLED, at=at)

    def _account(self) -> Account:
        if not self.counts.rejected:
            return Account()
        told = {"bad": self.counts.rejected, "received": self.counts.received}
        return account_of([("", BadLines("{bad} of {received} lines could not be taken.", **told))])

    def break_off(self, sentence: str, *, at: datetime) -> None:
        """The rest did not come."""
        with scope(Role.WORKER):
            self._end(PullState.FAILED, sentence, at=at)
            row = Source.objects.filter(pk=self.source.pk)
            row.update(last_error=self.pull.error, last_faults=self.pull.faults, last_sentences=[])
            self._tell(SourcesEntry.PULL_FAILED, at=at)

    def leave(self) -> None:
        """Let go of what was held meanwhile."""
        with suppress(DatabaseError):
            with scope(Role.WORKER):
                self.fold.close()
            _ask(_LEAVE, self.pull.pk)

    def _end(self, state: PullState, sentence: str = "", *, at: datetime) -> None:
        self.pull.state, self.pull.ended_at, self.pull.error = state, at, sentence
        self.pull.faults = kept([FaultKind.CUT_OFF] if sentence else [])
        self.pull.save(update_fields=["state", "ended_at", "error", "faults"])

    def _tell(self, kind: SourcesEntry, *, at: datetime) -> None:
        record(
            kind,
            by=self.by,
            at=at,
            department=self.source.department.slug,
            datasets=[self.dataset.slug],
            reference=str(self.pull.pk),
            counts=vars(self.counts),
        )


_NOBODY = "This is neither an identity code nor a subject that we gave."
_COUNTED = ["rows_read", "changed", "unchanged", "removed", "people_passed_over", "rejected"]


def begin_push(dataset: str, *, by: Actor, at: datetime) -> Push:
    """Begin to take records of a dataset of the caller's own department; Refused when there is none that is sent."""
    with scope(Role.WORKER):
        found = Dataset.objects.filter(slug=dataset, retired_at=None, register__department__slug=by.unit).first()
        senders = Source.objects.filter(kind=ConnectorKind.PUSH, switched_on=True, department__slug=by.unit)
        source = senders.select_related("department").filter(mapping__has_key=dataset).first()
        if found is None or source is None:
            raise Refused("This system sends no dataset of that name.")
        shape, settings = shape_of(dataset, source.mapping[dataset]), settings_of(source.settings)
        reader = Reader(shape, _readable(found, source.mapping[dataset]))
        end_cut_off(source, by=by, at=at)
        pull = Pull.objects.create(source=source, kind=PullKind.SENT, started_at=at)
        _ask(_TRY, pull.pk)
        fold = Fold(source, found, shape.selected, most=settings.most_records, by=by, reference=str(pull.pk))
        fold.open()
    return Push(source, found, pull, by, reader, fold)


def end_cut_off(source: Source, *, by: Actor, at: datetime) -> None:
    """Pushes whose process is gone have ended; within the worker's scope. Who still receives holds a lock."""
    for pull in Pull.objects.filter(source=source, kind=PullKind.SENT, state=PullState.RUNNING):
        if _ask(_TRY, pull.pk):
            row = Pull.objects.filter(pk=pull.pk, state=PullState.RUNNING)
            row.update(state=PullState.FAILED, ended_at=at, error=_CUT_OFF, faults=FaultKind.CUT_OFF)
            _ask(_LEAVE, pull.pk)


def _ask(sql: str, pull: UUID) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(sql, [int.from_bytes(pull.bytes[-8:], "big", signed=True)])
        return bool((cursor.fetchone() or (False,))[0])


def _readable(dataset: Dataset, mapping: dict[str, Any]) -> dict[str, Callable[[Any], bool]]:
    kinds = dict(Field.objects.filter(dataset=dataset, retired_at=None).values_list("slug", "type"))
    formats = mapping.get("formats", {})
    meant: dict[str, list[tuple[FieldType, str]]] = {}
    for slug, name in mapping["columns"].items():
        as_field = [(FieldType(kinds[slug]), formats.get(slug, ""))] if slug in kinds else []
        meant[name] = meant.get(name, []) + as_field
    return {name: _reads(fields) for name, fields in meant.items()}


def _reads(fields: Sequence[tuple[FieldType, str]]) -> Callable[[Any], bool]:
    return lambda value: all(readable(value, kind, form) for kind, form in fields)


def _add(counts: Counts, batch: Batch) -> None:
    counts.stored += batch.stored
    counts.unchanged += batch.unchanged
    counts.deleted += batch.deleted
    counts.passed_over += batch.passed_over
    counts.rejected += len(batch.refused)


def _write(pull: Pull, counts: Counts) -> None:
    """Of lines, where a reading counts people."""
    pull.rows_read, pull.people_passed_over = counts.received, counts.passed_over
    pull.changed, pull.unchanged, pull.removed = counts.stored, counts.unchanged, counts.deleted
    pull.rejected = counts.rejected
