"""Evaluations of fairness: the plan, then the file on its way, then the counts and what came of them."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from consents.algorithms.enums import EvaluationState, EvaluationStepKind, EvaluationVerdict
from consents.algorithms.models.register import Algorithm, AlgorithmVersion

NOT_PUBLISHED = (
    EvaluationState.DRAFT,
    EvaluationState.FROZEN,
    EvaluationState.WAITING,
    EvaluationState.REFUSED,
    EvaluationState.COMPUTED,
)


class Evaluation(models.Model):
    """One evaluation of one system. `plan` is `consents.algorithms.fairness.plans.Plan` as JSON, `plan_sha256` over it.

    The plan is frozen before a file is taken: the database refuses any change of it, of the counts once computed, and
    of everything once published. `upload` names the pieces of the file, `sealed_key` opens them; both are gone when it
    was counted. `fault` is why a file was refused: `{"flaw", "column", "row"}`. Who did what are pseudonymous ids.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    algorithm = models.ForeignKey(
        Algorithm, verbose_name=_("Algorithm"), on_delete=models.PROTECT, related_name="evaluations"
    )
    version = models.ForeignKey(AlgorithmVersion, on_delete=models.PROTECT, null=True, related_name="evaluations")
    plan = models.JSONField()
    plan_sha256 = models.CharField(_("Fingerprint (SHA-256)"), max_length=64)
    state = models.CharField(_("State"), max_length=10, choices=EvaluationState, default=EvaluationState.DRAFT)
    revision = models.PositiveIntegerField(default=1)
    made_by = models.CharField(max_length=60)
    made_at = models.DateTimeField(_("Begun"))
    frozen_by = models.CharField(max_length=60, blank=True, default="")
    frozen_at = models.DateTimeField(null=True)
    brought_by = models.CharField(max_length=60, blank=True, default="")
    brought_at = models.DateTimeField(null=True)
    upload = models.UUIDField(null=True)
    size = models.BigIntegerField(null=True)
    sealed_key = models.BinaryField(null=True)
    fault = models.JSONField(null=True)
    counts = models.JSONField(null=True)
    figures = models.JSONField(null=True)
    verdict = models.CharField(_("Result"), max_length=10, choices=EvaluationVerdict, blank=True, default="")
    computed_at = models.DateTimeField(null=True)
    approved_by = models.CharField(max_length=60, blank=True, default="")
    published_at = models.DateTimeField(_("Published"), null=True)
    due_on = models.DateField(_("Next due"), null=True)

    class Meta:
        verbose_name = _("evaluation of fairness")
        verbose_name_plural = _("evaluations of fairness")
        ordering = ["-made_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["algorithm"],
                condition=Q(state__in=NOT_PUBLISHED),
                name="one_evaluation_under_way_per_algorithm",
            ),
            models.CheckConstraint(
                name="a_file_comes_after_its_plan_is_fixed",
                condition=Q(brought_at__isnull=True) | Q(frozen_at__isnull=False, brought_at__gte=F("frozen_at")),
            ),
            models.CheckConstraint(
                name="published_evaluation_has_figures_and_a_day",
                condition=~Q(state=EvaluationState.PUBLISHED)
                | Q(published_at__isnull=False, figures__isnull=False, counts__isnull=False, due_on__isnull=False),
            ),
            models.CheckConstraint(
                name="nobody_approves_an_evaluation_of_their_own",
                condition=~Q(state=EvaluationState.PUBLISHED)
                | (
                    ~Q(approved_by="")
                    & ~Q(approved_by=F("made_by"))
                    & ~Q(approved_by=F("frozen_by"))
                    & ~Q(approved_by=F("brought_by"))
                ),
            ),
            models.CheckConstraint(
                name="a_counted_file_is_gone",
                condition=Q(computed_at__isnull=True) | Q(upload__isnull=True, sealed_key__isnull=True),
            ),
        ]
        indexes = [models.Index(fields=["due_on"], name="evaluation_due")]

    def __str__(self) -> str:
        return str(self.pk)


class EvaluationStep(models.Model):
    """One step in the life of an evaluation, append-only; `plan` as it was saved."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=10, choices=EvaluationStepKind)
    at = models.DateTimeField()
    by = models.CharField(max_length=60)
    plan = models.JSONField(null=True)
    fault = models.JSONField(null=True)
    entry_id = models.UUIDField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.pk)


class EvaluationPiece(models.Model):
    """A part of a file on its way to the worker, sealed by a key that only the evaluation's row holds.

    Staff bring pieces and cannot read them; the worker removes them when the file was counted or refused.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    upload = models.UUIDField()
    number = models.PositiveIntegerField()
    sealed = models.BinaryField()
    came_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["upload", "number"], name="piece_of_a_file_comes_once")]

    def __str__(self) -> str:
        return str(self.pk)
