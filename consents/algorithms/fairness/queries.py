"""What everyone may see of evaluations, and what staff wait for."""

from datetime import date

from django.db.models import QuerySet

from consents.algorithms.enums import AlgorithmState, EvaluationState, EvaluationVerdict
from consents.algorithms.models import Evaluation

# Systems that work on people now.
_WORKING = (AlgorithmState.PILOT, AlgorithmState.IN_USE)


def published_evaluations(algorithm: str) -> QuerySet[Evaluation]:
    """Of one system by its slug, the newest first, without their figures."""
    rows = Evaluation.objects.filter(algorithm__slug=algorithm, state=EvaluationState.PUBLISHED)
    return rows.only("algorithm_id", "verdict", "published_at", "due_on").order_by("-published_at")


def whole_evaluations() -> QuerySet[Evaluation]:
    """Published ones, whole, with their system."""
    return Evaluation.objects.filter(state=EvaluationState.PUBLISHED).select_related("algorithm__department")


def one_before(row: Evaluation) -> Evaluation | None:
    """The one that was published last before this one, or before now."""
    rows = Evaluation.objects.filter(algorithm=row.algorithm_id, state=EvaluationState.PUBLISHED).exclude(pk=row.pk)
    if row.published_at is not None:
        rows = rows.filter(published_at__lt=row.published_at)
    return rows.order_by("-published_at").first()


def newest_of_working() -> QuerySet[Evaluation]:
    """The newest published one of every system that works now, in staff's scope."""
    rows = Evaluation.objects.filter(state=EvaluationState.PUBLISHED, algorithm__state__in=_WORKING)
    newest = rows.order_by("algorithm_id", "-published_at").distinct("algorithm_id")
    return newest.select_related("algorithm").defer("counts", "plan")


def is_due(row: Evaluation, *, today: date) -> bool:
    """It is time for the next."""
    return row.due_on is not None and row.due_on <= today


def has_failed(row: Evaluation) -> bool:
    """Over a limit."""
    return row.verdict == EvaluationVerdict.FAILED
