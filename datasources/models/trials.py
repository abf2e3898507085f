"""Trying a source before it is let in: nothing that a trial reads is kept."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from datasources.models.sources import Source


class TrialKind(models.TextChoices):
    """How far a trial goes."""

    CONNECTION = "connection", _("Test the connection")
    PREVIEW = "preview", _("Preview five people")
    DRY_RUN = "dry_run", _("Dry run")


class TrialState(models.TextChoices):
    """How a trial stands."""

    RUNNING = "running", _("under way")
    DONE = "done", _("ended")
    FAILED = "failed", _("failed")


class Trial(models.Model):
    """One trial of one source. `report` grows by one item a dataset, and holds counts and shapes, never a value.

    An item: `{"dataset", "name", "error", "people", "rows", "columns", "shapes", "counts"}`; `shapes` is a list of
    people, each a list of rows, each a list of masked values in the order of `columns`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="trials")
    kind = models.CharField(max_length=10, choices=TrialKind)
    state = models.CharField(max_length=8, choices=TrialState, default=TrialState.RUNNING)
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    report = models.JSONField(default=list)
    error = models.CharField(max_length=300, blank=True, default="")
    # Of the source as it was tried: a later change of it is a source that was not tried.
    fingerprint = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["source"], condition=Q(state=TrialState.RUNNING), name="one_trial_of_a_source_at_a_time"
            ),
            models.CheckConstraint(
                name="ended_trial_has_a_time", condition=Q(state=TrialState.RUNNING) ^ Q(ended_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
