"""Counting a file, by the worker: kept are counts of groups that are large enough, or why the file was refused."""

from datetime import datetime
from typing import Any
from uuid import UUID

from consents.algorithms.enums import EvaluationState, EvaluationStepKind
from consents.algorithms.fairness.computing import figures_of
from consents.algorithms.fairness.counting import counts_of
from consents.algorithms.fairness.faults import NoSuchFile
from consents.algorithms.fairness.flaws import Flaw, Refused
from consents.algorithms.fairness.judging import verdict
from consents.algorithms.fairness.kinds import FairnessEntry
from consents.algorithms.fairness.pieces import content_of, remove
from consents.algorithms.fairness.plans import Plan, plan_of
from consents.algorithms.fairness.reading import cells_of
from consents.algorithms.fairness.steps import held, leave_step
from consents.algorithms.models import Evaluation
from portal.keys.errors import SealBroken
from portal.ledger.actor import Actor
from portal.walls import Role, scope


def count_file(evaluation: UUID, *, by: Actor, at: datetime) -> None:
    """Counted or refused, once; the file and its key are gone then. Opens its own scopes: it takes seconds."""
    with scope(Role.WORKER):
        row = Evaluation.objects.filter(pk=evaluation, state=EvaluationState.WAITING).first()
        if row is None:
            return
        plan, upload = plan_of(row.plan), row.upload
        content = _content(row)
    try:
        if content is None:
            raise Refused(Flaw.BROKEN_OFF)
        counts, figures = _counted(content, plan)
    except Refused as refused:
        _leave(evaluation, upload, {"fault": _told(refused)}, by=by, at=at)
        return
    found = {"counts": counts, "figures": figures, "verdict": verdict(figures, plan), "computed_at": at}
    _leave(evaluation, upload, found, by=by, at=at)


def _content(row: Evaluation) -> bytes | None:
    try:
        return content_of(row)
    except (NoSuchFile, SealBroken):
        return None


def _counted(content: bytes, plan: Plan) -> tuple[dict[str, Any], dict[str, Any]]:
    counts = counts_of(cells_of(content, plan), plan)
    return counts, figures_of(counts)


def _told(refused: Refused) -> dict[str, Any]:
    return {"flaw": refused.flaw.value, "column": refused.column, "row": refused.row}


def _leave(evaluation: UUID, upload: UUID | None, found: dict[str, Any], *, by: Actor, at: datetime) -> None:
    with scope(Role.WORKER):
        row = held(evaluation)
        if row.state != EvaluationState.WAITING or row.upload != upload:
            return
        remove(upload)
        refused = "fault" in found
        row.state = EvaluationState.REFUSED if refused else EvaluationState.COMPUTED
        row.upload, row.sealed_key = None, None
        for name, value in found.items():
            setattr(row, name, value)
        row.save(update_fields=["state", "upload", "sealed_key", *found])
        step = EvaluationStepKind.REFUSED if refused else EvaluationStepKind.COMPUTED
        kind = FairnessEntry.REFUSED if refused else FairnessEntry.COUNTED
        told = {"flaw": found["fault"]["flaw"]} if refused else {"verdict": row.verdict}
        leave_step(row, step, kind, by=by, at=at, counts=told)
