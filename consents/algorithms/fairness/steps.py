"""What every step shares: the row held, and the two traces it leaves."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from consents.algorithms.enums import EvaluationState, EvaluationStepKind
from consents.algorithms.models import Evaluation, EvaluationStep
from portal.ledger.actions import record
from portal.ledger.actor import Actor
from portal.ledger.entries import Json
from portal.ledger.kinds import EntryKind

# Nobody has seen a figure yet, and no worker is at it.
LEAVABLE = frozenset({EvaluationState.DRAFT, EvaluationState.FROZEN, EvaluationState.REFUSED})
_LOST_AFTER = timedelta(hours=1)


def is_lost(row: Evaluation, *, at: datetime) -> bool:
    """Its file has waited for longer than any worker takes."""
    brought = row.brought_at
    return row.state == EvaluationState.WAITING and brought is not None and brought < at - _LOST_AFTER


def takes_file(row: Evaluation, *, at: datetime) -> bool:
    """The plan is fixed and nothing was counted."""
    return row.state in {EvaluationState.FROZEN, EvaluationState.REFUSED} or is_lost(row, at=at)


def held(evaluation: UUID) -> Evaluation:
    """The row, held: two steps at once go one after the other."""
    rows = Evaluation.objects.select_for_update(of=("self",)).select_related("algorithm__department")
    return rows.get(pk=evaluation)


def leave_step(
    row: Evaluation,
    step: EvaluationStepKind,
    kind: EntryKind,
    *,
    by: Actor,
    at: datetime,
    counts: Mapping[str, Json] | None = None,
) -> None:
    """The entry in the log, and the step; the plan as it was saved, or why a file was refused."""
    algorithm = row.algorithm
    entry = record(
        kind,
        by=by,
        at=at,
        department=algorithm.department.slug,
        reference=f"evaluation {row.pk}",
        counts={"algorithm": algorithm.slug, "plan": row.plan_sha256, **(counts or {})},
    )
    saved = step == EvaluationStepKind.SAVED
    refused = step == EvaluationStepKind.REFUSED
    EvaluationStep.objects.create(
        evaluation=row,
        kind=step,
        at=at,
        by=by.id,
        plan=row.plan if saved else None,
        fault=row.fault if refused else None,
        entry_id=entry,
    )
