"""Trying a source before it is let in: nothing that a trial reads is kept."""

import uuid

from django.db import models
from django.db.models import Q, Value
from django.utils.translation import gettext_lazy as _

from datasources.models.sources import Source


class TrialKind(models.TextChoices):
    """How far a trial goes."""

    CONNECTION = "connection", _("Test the connection")
    PREVIEW = "preview", _("Preview five people")
    UNMASKED = "unmasked", _("Preview five people unmasked")
    DRY_RUN = "dry_run", _("Dry run")
    PLACES = "places", _("What the system offers")
    GLIMPSE = "glimpse", _("A look at the fields")

    @property
    def is_look(self) -> bool:
        """For making a mapping, not for trying one."""
        return self in (TrialKind.PLACES, TrialKind.GLIMPSE)


LOOKS = tuple(kind for kind in TrialKind if kind.is_look)


class TrialState(models.TextChoices):
    """How a trial stands."""

    RUNNING = "running", _("under way")
    DONE = "done", _("ended")
    FAILED = "failed", _("failed")


class Trial(models.Model):
    """One trial of one source. `report` grows by one item a dataset; it holds counts and shapes, no person's value.

    An item: `{"dataset", "error", "faults", "sentences", "nothing_new", "people", "rows", "columns", "shapes",
    "counts"}`; `shapes` is a list of people, each a list of rows, each a list of masked values in the order of
    `columns`. An unmasked preview holds the values for a quarter of an hour, sealed by the ring key `sources`, until
    whoever asked for it (`asked_by`, the log-in's id) looked once.

    Of a look at what the system offers an item is a table or file, as glimpses.Place; of a look at its fields, the only
    item is `{"where", "key", "people", "records", "parts"}`, each part as rules/offering.py tells it, and `asked_for`
    is where it looks, in the words of a mapping, and `dataset`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="trials")
    kind = models.CharField(max_length=10, choices=TrialKind)
    state = models.CharField(max_length=8, choices=TrialState, default=TrialState.RUNNING)
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    asked_by = models.CharField(max_length=150, blank=True, default="")
    asked_for = models.JSONField(blank=True, default=dict, db_default=Value({}, models.JSONField()))
    reason = models.CharField(max_length=300, blank=True, default="")
    sealed_values = models.BinaryField(null=True)
    report = models.JSONField(default=list)
    error = models.CharField(max_length=300, blank=True, default="")
    faults = models.CharField(max_length=200, blank=True, default="", db_default="")
    sentences = models.JSONField(blank=True, default=list, db_default=Value([], models.JSONField()))
    # Of the source as it was tried: a later change of it is a source that was not tried.
    fingerprint = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["source"], condition=Q(state=TrialState.RUNNING), name="one_trial_of_a_source_at_a_time"
            ),
            models.CheckConstraint(
                name="looking_at_values_has_a_reason",
                condition=~Q(kind=TrialKind.UNMASKED) | (~Q(reason="") & ~Q(asked_by="")),
            ),
            models.CheckConstraint(
                name="values_are_held_by_an_unmasked_trial",
                condition=Q(sealed_values=None) | Q(kind=TrialKind.UNMASKED),
            ),
            models.CheckConstraint(
                name="ended_trial_has_a_time", condition=Q(state=TrialState.RUNNING) ^ Q(ended_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
