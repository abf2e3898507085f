"""Reading a whole source: one transaction for each dataset, one Pull for the run."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.db import connection
from django.utils import timezone

from datasources.actions.merging import Outcome
from datasources.actions.reach import answered, failed, knock, opened, place_held
from datasources.actions.reading import People, read_dataset
from datasources.errors import (
    Busy,
    CircuitOpen,
    CutOff,
    NothingNew,
    Refused,
    SourceFault,
    SwitchedOff,
    TooLarge,
    TooSlow,
    Unreachable,
    WrongPerson,
)
from datasources.kinds import SourcesEntry
from datasources.models import Asking, Dataset, Pull, PullKind, PullState, Source, Trial
from datasources.protocol import Connector, Limits, Settles, words
from datasources.queries.freshness import read_on
from datasources.rules.faults import Account, account_of
from datasources.rules.health import may_begin_at
from portal.jobs.outbox import after_commit, is_waiting
from portal.ledger.actions import record
from portal.ledger.actor import Actor
from portal.walls import Role, scope

log = structlog.get_logger(__name__)

_CUT_OFF = CutOff("It was cut off before it ended. What it had not finished was left as it was.")
_TOO_LARGE = words("More than 32 MB each is held about some people ({count}). It was not taken; the rest was.")
_IS_OFF = words("The system is switched off. Nothing was read.")
# Nothing was asked of the system, so they tell nothing about how it is.
_NOT_ASKED = (Busy, CircuitOpen, SwitchedOff)


def ask_for_pull(source: Source, *, by: Actor, at: datetime) -> None:
    """Have the source read as soon as a worker is free, because a member of staff wants it; within their scope.

    SwitchedOff when it is: what is new is tried first.
    """
    if not source.switched_on:
        raise SwitchedOff(_IS_OFF)
    after_commit("datasources.pull_source", due_at=at, source_id=source.pk, kind=PullKind.BY_HAND.value)


def turn_of(source: Source) -> dict[str, str | UUID]:
    """The arguments of a job that reads the source in its turn."""
    return {"source_id": source.pk, "kind": PullKind.NIGHTLY.value}


def queue_pull(source: Source, *, at: datetime) -> None:
    """Have the source read when its turn comes, unless its turn is waiting already; within the worker's scope.

    In its quiet hours it waits for their end.
    """
    told = turn_of(source)
    if not is_waiting("datasources.pull_source", **told):
        local = timezone.localtime(at)
        due_at = may_begin_at(local, quiet_from=source.quiet_from, quiet_until=source.quiet_until)
        after_commit("datasources.pull_source", due_at=due_at, **told)


def take_turn(source_id: UUID, *, kind: PullKind, by: Actor, at: datetime) -> None:
    """Read the source, whose turn has come, unless it was switched off, or quiet hours began, while it waited."""
    with scope(Role.WORKER):
        source = Source.objects.get(pk=source_id)
        due_at = may_begin_at(timezone.localtime(at), quiet_from=source.quiet_from, quiet_until=source.quiet_until)
        if source.switched_on and kind == PullKind.NIGHTLY and due_at > at:
            queue_pull(source, at=at)
            return
    if source.switched_on:
        pull_source(source_id, kind=kind, by=by, at=at)


def pull_source(source_id: UUID, *, kind: PullKind, by: Actor, at: datetime, limits: Limits | None = None) -> Pull:
    """Read every mapped dataset of a source. A fault is a sentence on the Pull; the last good sheets stay."""
    began = time.monotonic()
    with _alone(source_id):
        run = _Run(source_id, kind, by, at)
        run.read(limits or Limits())
        return run.end(at=at + timedelta(seconds=time.monotonic() - began))


@contextmanager
def _alone(source_id: UUID) -> Iterator[None]:
    """One reading of a source at a time; a second waits. The lock falls with the connection of a killed worker."""
    key = int.from_bytes(source_id.bytes[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [key])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [key])


class _Run:
    """One Pull under way."""

    def __init__(self, source_id: UUID, kind: PullKind, by: Actor, at: datetime) -> None:
        self.by, self.at = by, at
        self.total = Outcome()
        self.faults: list[tuple[str, SourceFault]] = []
        self.merged = False
        with scope(Role.WORKER):
            self.source = Source.objects.select_related("department").get(pk=source_id)
            unended = Pull.objects.filter(source=self.source, state=PullState.RUNNING).exclude(kind=PullKind.PERSON)
            unended.update(state=PullState.FAILED, ended_at=at, **vars(account_of([("", _CUT_OFF)])))
            self.pull = Pull.objects.create(source=self.source, kind=kind, started_at=at)
            self.people = People(self.source, at=at)
            self.datasets = list(Dataset.objects.filter(slug__in=self.source.mapping, retired_at=None))

    def read(self, limits: Limits) -> None:
        """Every dataset, until the source no longer answers at all."""
        try:
            if not self.source.switched_on:
                raise SwitchedOff(_IS_OFF)
            with scope(Role.WORKER):
                knock(self.source, at=self.at)
            with place_held(self.source), opened(self.source, limits=limits) as connector:
                for dataset in self.datasets:
                    self._read_one(connector, dataset)
        except SourceFault as fault:
            self.faults.append(("", fault))
            if isinstance(fault, _NOT_ASKED):
                return
        with scope(Role.WORKER):
            if self.merged:
                answered(self.source, at=self.at, but=self.account)
            else:
                failed(self.source, self.account, at=self.at)

    def _read_one(self, connector: Connector, dataset: Dataset) -> None:
        try:
            with scope(Role.WORKER):
                outcome = read_dataset(
                    connector,
                    self.source,
                    dataset,
                    self.people,
                    on=read_on(self.source, dataset, at=self.at) if self.pull.kind == PullKind.NIGHTLY else None,
                    by=self.by,
                    at=self.at,
                    reference=str(self.pull.pk),
                )
            self.total.add(outcome)
            self.merged = True
            if outcome.too_large:
                self.faults.append((dataset.slug, TooLarge(_TOO_LARGE, count=outcome.too_large)))
            if isinstance(connector, Settles):
                connector.settle(dataset.slug)
        except NothingNew:
            self.merged = True
        except (Unreachable, Refused, TooSlow):
            raise
        except SourceFault as fault:
            self.faults.append((dataset.slug, fault))
            if isinstance(fault, WrongPerson):
                self._alarm(dataset)

    def _alarm(self, dataset: Dataset) -> None:
        self.total.rejected += 1
        log.error("datasources.wrong_person", source=self.source.slug, dataset=dataset.slug, pull=str(self.pull.pk))
        with scope(Role.WORKER):
            record(
                SourcesEntry.WRONG_PERSON,
                by=self.by,
                at=self.at,
                department=self.source.department.slug,
                datasets=[dataset.slug],
                reference=str(self.pull.pk),
            )

    @property
    def account(self) -> Account:
        """What went wrong; empty when nothing did."""
        return account_of(self.faults)

    def end(self, *, at: datetime) -> Pull:
        """Close the Pull and leave its entry."""
        pull = self.pull
        pull.state, pull.ended_at = (PullState.FAILED if self.faults else PullState.DONE), at
        keep_account(pull, self.account)
        total_on(pull, self.total)
        with scope(Role.WORKER):
            pull.save()
            record(
                SourcesEntry.PULL_FAILED if self.faults else SourcesEntry.PULLED,
                by=self.by,
                at=at,
                department=self.source.department.slug,
                datasets=[dataset.slug for dataset in self.datasets],
                reference=str(pull.pk),
                counts=vars(self.total),
            )
            queued = Asking.objects.filter(source=self.source, answered_at=None, asked_at__lte=self.at)
            queued.update(answered_at=at, error=self.account.error)
        return pull


def keep_account(row: Pull | Trial, account: Account) -> None:
    """Write what went wrong on the row."""
    row.error, row.faults, row.sentences = account.error, account.faults, list(account.sentences)


def total_on(pull: Pull, total: Outcome) -> None:
    """Write the counts on the Pull."""
    pull.rows_read, pull.people_passed_over = total.rows_read, total.passed_over
    pull.unchanged, pull.changed, pull.removed = total.unchanged, total.changed, total.removed
    pull.rejected = total.rejected
