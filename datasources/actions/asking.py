"""Asking about one person while they are here: live sources at once, side by side; the others at their next reading."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.db import connection

from datasources.actions.calling import Answer, Calls, Came
from datasources.actions.merging import Merge, Outcome
from datasources.actions.pulls import keep_account, queue_pull, total_on
from datasources.actions.reach import answered, failed, knock
from datasources.enums import ConnectorKind
from datasources.errors import Busy, CircuitOpen, Declined, NotLet, SourceFault, WrongPerson
from datasources.kinds import SourcesEntry
from datasources.models import Asking, Dataset, Pull, PullKind, PullState, Source
from datasources.protocol import Holding
from datasources.queries.erased import kept_away
from datasources.rules.faults import account_of, kind_of
from portal.jobs.outbox import after_commit
from portal.keys.indexes import is_index_of
from portal.ledger.actions import record
from portal.ledger.actor import Actor
from portal.people.actions import identity_code_of
from portal.people.queries import active_people
from portal.walls import Role, scope

log = structlog.get_logger(__name__)

# An asking that nobody answered for so long was lost, and may be made again.
LOST_AFTER = timedelta(seconds=60)
# These are about one person: the system itself is in order, and others may ask it.
_NOT_A_FAILURE = (Busy, CircuitOpen, Declined, NotLet)

_ASK = """
INSERT INTO datasources_asking AS held (id, person_id, source_id, asked_at, error)
SELECT gen_random_uuid(), %s, id, %s, '' FROM datasources_source WHERE switched_on AND kind <> %s
ON CONFLICT (person_id, source_id) DO UPDATE SET asked_at = excluded.asked_at, answered_at = NULL, error = ''
WHERE held.answered_at IS NOT NULL OR held.asked_at < %s
RETURNING source_id
"""


@dataclass(frozen=True)
class _Asked:
    """Who is asked about; nothing of it is logged."""

    person: UUID
    index: bytes
    code: str

    def __repr__(self) -> str:
        return f"_Asked({self.person})"


def ask_for(person: UUID, *, by: Actor, at: datetime) -> bool:
    """Have every source asked about this person; False when that is under way, or they do not want it.

    Opens its own scope.
    """
    with scope(Role.RESIDENT, persons=[person]):
        if kept_away(person)[0]:
            return False
        with connection.cursor() as cursor:
            cursor.execute(_ASK, [person, at, ConnectorKind.PUSH.value, at - LOST_AFTER])
            asked = cursor.fetchall()
        if asked:
            after_commit("datasources.fetch_person", due_at=at, person_id=person)
    return bool(asked)


def fetch_person(person: UUID, *, by: Actor, at: datetime) -> None:
    """Ask the live sources now, each within its own time limit, and store each answer as it comes; queue the others."""
    with scope(Role.WORKER):
        found = active_people(at=at).filter(pk=person).first()
        if found is None:
            return
        asked = _Asked(person, bytes(found.blind_index), identity_code_of(found))
        askings = Asking.objects.filter(person_id=person, answered_at=None).select_related("source__department")
        sources = [asking.source for asking in askings if asking.source.switched_on]
        for source in sources:
            if not source.live:
                queue_pull(source, at=at)
    for some in _answers([source for source in sources if source.live], asked, Calls(asked.code), at=at):
        _keep(some, asked, by=by, at=at)


def ask_these(
    person: UUID, sources: Sequence[str], *, by: Actor, at: datetime, every: float
) -> Iterator[dict[str, str]]:
    """{slug: kind of fault or nothing} of those of these live sources that answered meanwhile; it is stored by then.

    Nobody looks on: a system that hangs for others is left alone. While one is waited for, nothing comes `every` so
    many seconds. Opens its own scopes. Sources that are gone, and everyone's when nobody is kept for any more, are
    passed over.
    """
    with scope(Role.WORKER):
        found = active_people(at=at).filter(pk=person).first() if sources else None
        if found is None:
            return
        asked = _Asked(person, bytes(found.blind_index), identity_code_of(found))
        wanted = Source.objects.filter(slug__in=sources, switched_on=True, live=True).exclude(kind=ConnectorKind.PUSH)
        rows = list(wanted.select_related("department"))
    for some in _answers(rows, asked, Calls(asked.code, every=every, in_no_hurry=True), at=at):
        faults = _keep(some, asked, by=by, at=at)
        yield {slug: kind_of(fault).value if fault else "" for slug, fault in faults.items()}


def _answers(sources: Sequence[Source], asked: _Asked, calls: Calls, *, at: datetime) -> Iterator[list[Came]]:
    """Whoever answered or failed, as they come, with whoever else did by then; none waits for another."""
    for source in sources:
        try:
            with scope(Role.WORKER):
                knock(source, at=at)
        except CircuitOpen as fault:
            yield [(source, fault)]
            continue
        calls.add(source)
    yield from calls.answers()


def _keep(some: Sequence[Came], asked: _Asked, *, by: Actor, at: datetime) -> dict[str, SourceFault | None]:
    """What was wrong with each, if anything. Those who came at once are kept at once, in one transaction.

    Where that does not work, each is kept in its own, and one that cannot be takes no other with it.
    """
    if len(some) > 1:
        with suppress(Exception), scope(Role.WORKER):
            return {source.slug: _kept(source, asked, answer, by=by, at=at) for source, answer in some}
    faults = {}
    for source, answer in some:
        with scope(Role.WORKER):
            faults[source.slug] = _kept(source, asked, answer, by=by, at=at)
    return faults


def _kept(
    source: Source, asked: _Asked, answer: Answer | SourceFault, *, by: Actor, at: datetime
) -> SourceFault | None:
    """The sheets, the Pull, the asking and the entries of one source's answer, or of its failure."""
    fault = answer if isinstance(answer, SourceFault) else _about_others(answer, asked)
    total, account = Outcome(), account_of([("", fault)] if fault else [])
    state = PullState.FAILED if fault else PullState.DONE
    pull = Pull(source=source, kind=PullKind.PERSON, started_at=at, state=state, ended_at=at)
    keep_account(pull, account)
    if fault is not None:
        _account_for(source, asked, fault, total, pull, by=by, at=at)
    elif isinstance(answer, dict):
        for dataset in Dataset.objects.filter(slug__in=answer, retired_at=None):
            total.add(_merge(source, dataset, asked.person, answer[dataset.slug], pull, by=by, at=at))
        answered(source, at=at)
    total_on(pull, total)
    pull.save(force_insert=True)
    Asking.objects.filter(person_id=asked.person, source=source).update(answered_at=at, error=account.error)
    return fault


def _about_others(answer: Answer, asked: _Asked) -> WrongPerson | None:
    for holdings in answer.values():
        if any(not is_index_of(holding.key, asked.index) for holding in holdings):
            return WrongPerson("The system answered about someone else than asked. Nothing of the answer was kept.")
    return None


def _merge(
    source: Source, dataset: Dataset, person: UUID, holdings: Sequence[Holding], pull: Pull, *, by: Actor, at: datetime
) -> Outcome:
    merge = Merge(source, dataset, by=by, at=at, reference=str(pull.pk), only=person)
    for holding in holdings:
        merge.take(person, holding)
    return merge.finish()


def _account_for(
    source: Source, asked: _Asked, fault: SourceFault, total: Outcome, pull: Pull, *, by: Actor, at: datetime
) -> None:
    if isinstance(fault, _NOT_A_FAILURE):
        return
    failed(source, account_of([("", fault)]), at=at)
    if isinstance(fault, WrongPerson):
        total.rejected += 1
        log.error("datasources.wrong_person", source=source.slug, pull=str(pull.pk))
        record(
            SourcesEntry.WRONG_PERSON,
            by=by,
            at=at,
            about=asked.person,
            department=source.department.slug,
            datasets=sorted(source.mapping),
            reference=str(pull.pk),
        )
