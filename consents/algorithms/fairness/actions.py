"""From plan to published evaluation. Each step is one transaction with its entry, in the scope of whoever acts."""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import rfc8785
from django.db import transaction

from consents.algorithms.enums import EvaluationState, EvaluationStepKind
from consents.algorithms.fairness.faults import (
    NotNow,
    NotTheOfficer,
    NotYours,
    OwnEvaluation,
    PlanIsFixed,
    SavedMeanwhile,
    UnderWay,
)
from consents.algorithms.fairness.kinds import FairnessEntry
from consents.algorithms.fairness.pieces import Arriving, sealed_key
from consents.algorithms.fairness.plans import Plan, hold, plan_json, plan_of
from consents.algorithms.fairness.steps import LEAVABLE, held, leave_step, takes_file
from consents.algorithms.models import Algorithm, Evaluation, EvaluationStep
from consents.algorithms.models.evaluations import NOT_PUBLISHED
from consents.enums import TextState
from consents.manuscripts.steps import OFFICER
from portal.jobs.outbox import after_commit
from portal.ledger.actor import Actor


@transaction.atomic
def make_evaluation(algorithm: UUID, plan: Plan, *, by: Actor, at: datetime) -> Evaluation:
    """Begin with a plan. NotYours, UnderWay; NotAPlan when it cannot stand."""
    row = Algorithm.objects.select_for_update(of=("self",)).select_related("department").get(pk=algorithm)
    _by_department(row, by)
    hold(plan)
    if row.evaluations.filter(state__in=NOT_PUBLISHED).exists():
        raise UnderWay
    told = plan_json(plan)
    version = row.versions.filter(state=TextState.PUBLISHED).first()
    made = Evaluation.objects.create(
        algorithm=row, version=version, plan=told, plan_sha256=_sha256(told), made_by=by.id, made_at=at
    )
    leave_step(made, EvaluationStepKind.SAVED, FairnessEntry.PLANNED, by=by, at=at)
    return made


@transaction.atomic
def save_plan(evaluation: UUID, plan: Plan, *, revision: int, by: Actor, at: datetime) -> Evaluation:
    """Change a plan that is not fixed. NotYours, PlanIsFixed, SavedMeanwhile, NotAPlan."""
    row = held(evaluation)
    _by_department(row.algorithm, by)
    if row.state != EvaluationState.DRAFT:
        raise PlanIsFixed
    if row.revision != revision:
        raise SavedMeanwhile
    hold(plan)
    told = plan_json(plan)
    if told == row.plan:
        return row
    row.plan, row.plan_sha256, row.revision, row.made_by = told, _sha256(told), row.revision + 1, by.id
    row.save(update_fields=["plan", "plan_sha256", "revision", "made_by"])
    leave_step(row, EvaluationStepKind.SAVED, FairnessEntry.PLANNED, by=by, at=at)
    return row


@transaction.atomic
def fix_plan(evaluation: UUID, *, revision: int, by: Actor, at: datetime) -> Evaluation:
    """What was read is what is fixed (SavedMeanwhile), for good: only then is a file taken. NotYours, PlanIsFixed."""
    row = held(evaluation)
    _by_department(row.algorithm, by)
    if row.state != EvaluationState.DRAFT:
        raise PlanIsFixed
    if row.revision != revision:
        raise SavedMeanwhile
    hold(plan_of(row.plan))
    row.state, row.frozen_by, row.frozen_at = EvaluationState.FROZEN, by.id, at
    row.save(update_fields=["state", "frozen_by", "frozen_at"])
    leave_step(row, EvaluationStepKind.FROZEN, FairnessEntry.FIXED, by=by, at=at)
    return row


@transaction.atomic
def take_in(evaluation: UUID, file: Arriving, *, by: Actor, at: datetime) -> Evaluation:
    """A file that came whole waits to be counted. NotYours; NotNow before the plan is fixed, and once it was counted.

    After a refusal another file may come, and when no worker counted one for an hour; after a count none, so that
    nobody tries until one fits.
    """
    row = held(evaluation)
    _by_department(row.algorithm, by)
    if not takes_file(row, at=at):
        raise NotNow
    row.state, row.brought_by, row.brought_at, row.fault = EvaluationState.WAITING, by.id, at, None
    row.upload, row.size, row.sealed_key = file.upload, file.size, sealed_key(row.pk, file.key)
    row.save(update_fields=["state", "brought_by", "brought_at", "fault", "upload", "size", "sealed_key"])
    leave_step(row, EvaluationStepKind.BROUGHT, FairnessEntry.BROUGHT, by=by, at=at, counts={"bytes": file.size})
    after_commit("algorithms.count_evaluation", due_at=at, evaluation_id=row.pk)
    return row


@transaction.atomic
def give_up(evaluation: UUID, *, by: Actor, at: datetime) -> Evaluation:
    """A plan that was wrong, before anybody has seen a figure: NotNow once a file is being counted. NotYours."""
    row = held(evaluation)
    _by_department(row.algorithm, by)
    if row.state not in LEAVABLE:
        raise NotNow
    row.state = EvaluationState.GIVEN_UP
    row.save(update_fields=["state"])
    leave_step(row, EvaluationStepKind.GIVEN_UP, FairnessEntry.GIVEN_UP, by=by, at=at)
    return row


@transaction.atomic
def publish(evaluation: UUID, *, by: Actor, at: datetime) -> Evaluation:
    """By a data protection officer who had no hand in it: NotTheOfficer, OwnEvaluation, NotNow. Frozen from then on.

    Whatever it came to: an evaluation that failed is published like one that passed.
    """
    row = held(evaluation)
    if OFFICER not in by.role.split():
        raise NotTheOfficer
    if row.state != EvaluationState.COMPUTED:
        raise NotNow
    hands = EvaluationStep.objects.filter(evaluation=row).values_list("by", flat=True)
    if by.id in {row.made_by, row.frozen_by, row.brought_by, *hands}:
        raise OwnEvaluation
    row.state, row.approved_by, row.published_at = EvaluationState.PUBLISHED, by.id, at
    row.due_on = at.date() + timedelta(days=plan_of(row.plan).again_after_days)
    row.save(update_fields=["state", "approved_by", "published_at", "due_on"])
    counts = {"verdict": row.verdict}
    leave_step(row, EvaluationStepKind.PUBLISHED, FairnessEntry.PUBLISHED, by=by, at=at, counts=counts)
    return row


def _by_department(algorithm: Algorithm, by: Actor) -> None:
    if by.unit != algorithm.department.slug:
        raise NotYours


def _sha256(plan: Mapping[str, Any]) -> str:
    return hashlib.sha256(rfc8785.dumps(dict(plan))).hexdigest()
