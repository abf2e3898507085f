"""Staff keep cases: their words in three languages, what the city says of them in public, and how far they are."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from consents.models import Purpose
from consents.usecases.enums import CaseState
from consents.usecases.errors import NoSuchStep, NothingExpectedYet, NotKeptYet, NotThere
from consents.usecases.kinds import UseCaseEntry
from consents.usecases.models import Case, Comment, Expectation, Statement
from consents.usecases.rules.steps import may_go
from consents.usecases.texts import LANGUAGES, CaseText
from datasources.models import Dataset
from portal.jobs.outbox import after_commit
from portal.ledger.actions import record
from portal.ledger.actor import Actor


@dataclass(frozen=True)
class Kept:
    """What staff wrote of a case: all three languages, and what it needs."""

    texts: Mapping[str, CaseText]
    datasets: Iterable[Dataset]
    purposes: Iterable[Purpose]


def keep_case(case: Case, kept: Kept, *, by: Actor, at: datetime) -> Case:
    """Begin or change it, within the staff's scope; a resident's proposal is taken over with it.

    `case` carries the facts: department, core process, basis, and the slug of a new one.
    """
    new = case.is_new
    case.texts = {language: kept.texts[language].model_dump() for language in LANGUAGES}
    case.language, case.kept_here, case.changed_at = "", True, at
    case.made_at = at if new else case.made_at
    case.save()
    case.datasets.set(kept.datasets)
    case.purposes.set(kept.purposes)
    if new:
        Statement.objects.create(case=case, state=case.state, department=_department(case), said_at=at)
    record(UseCaseEntry.CASE_KEPT, by=by, at=at, department=_department(case), reference=case.slug)
    return case


def _department(case: Case) -> str:
    return case.department.slug if case.department else ""


@dataclass(frozen=True)
class Answer:
    """What the city says: words in three languages, a new state, or both; `comment`: whose comment it answers."""

    texts: Mapping[str, str]
    state: CaseState | None = None
    comment: UUID | None = None


def say(case: UUID, answer: Answer, *, by: Actor, at: datetime) -> Statement:
    """In public, within the staff's scope; whoever follows the case hears of it. NotThere, NoSuchStep, NotKeptYet,
    NothingExpectedYet.
    """
    # Locked: two who bring it further at once cannot both be right.
    row = Case.objects.select_for_update(of=("self",)).select_related("department").filter(pk=case, removed_at=None)
    found = row.first()
    if found is None or (answer.comment and not Comment.objects.filter(pk=answer.comment, case=case).exists()):
        raise NotThere
    _refuse_odd_steps(found, answer.state)
    statement = Statement.objects.create(
        case=found,
        comment_id=answer.comment,
        state=answer.state or "",
        texts=dict(answer.texts),
        department=_department(found) or by.unit,
        said_at=at,
    )
    found.state, found.changed_at, found.kept_here = answer.state or found.state, at, True
    found.save(update_fields=["state", "changed_at", "kept_here"])
    told = {"state": found.state} if answer.state else {}
    record(UseCaseEntry.ANSWERED, by=by, at=at, department=statement.department, reference=found.slug, counts=told)
    after_commit("usecases.tell_followers", due_at=at, statement_id=statement.pk)
    return statement


def _refuse_odd_steps(case: Case, state: CaseState | None) -> None:
    if state is None:
        return
    if not may_go(CaseState(case.state), state):
        raise NoSuchStep
    if state is not CaseState.DROPPED and (case.language or not (case.department and case.core_process and case.basis)):
        raise NotKeptYet
    if state is CaseState.PILOTED and not Expectation.objects.filter(case=case).exists():
        raise NothingExpectedYet
