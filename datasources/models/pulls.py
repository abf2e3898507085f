"""What was pulled: one row for each run, one sheet for each person and dataset."""

import uuid

from django.db import models
from django.db.models import Q, Value
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from datasources.models.catalogue import Dataset
from datasources.models.sources import Source


class PullKind(models.TextChoices):
    """Why a source was read."""

    NIGHTLY = "nightly", _("every night")
    PERSON = "person", _("a person was here")
    BY_HAND = "by_hand", _("by hand")
    SENT = "sent", _("the system sent it")


class PullState(models.TextChoices):
    """How a run ended."""

    RUNNING = "running", _("under way")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")


class Pull(models.Model):
    """One run of reading a source. Counts are of people's sheets, except `rows_read`; nobody is named.

    Of what was SENT all counts are of lines.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    source = models.ForeignKey(Source, verbose_name=_("Source"), on_delete=models.PROTECT, related_name="pulls")
    kind = models.CharField(_("Kind"), max_length=8, choices=PullKind)
    state = models.CharField(_("State"), max_length=8, choices=PullState, default=PullState.RUNNING)
    started_at = models.DateTimeField(_("Began"))
    ended_at = models.DateTimeField(null=True)
    rows_read = models.PositiveIntegerField(_("Rows read"), default=0)
    people_passed_over = models.PositiveIntegerField(_("People passed over"), default=0)
    unchanged = models.PositiveIntegerField(_("Unchanged"), default=0)
    changed = models.PositiveIntegerField(_("Changed"), default=0)
    removed = models.PositiveIntegerField(_("Gone"), default=0)
    rejected = models.PositiveIntegerField(_("Not taken in"), default=0)
    error = models.CharField(max_length=300, blank=True)
    faults = models.CharField(max_length=200, blank=True, default="", db_default="")
    sentences = models.JSONField(blank=True, default=list, db_default=Value([], models.JSONField()))

    class Meta:
        verbose_name = _("reading of a source")
        verbose_name_plural = _("readings of sources")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="ended_pull_has_a_time", condition=Q(state=PullState.RUNNING) ^ Q(ended_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Sheet(models.Model):
    """All that one dataset holds on one person: rows as the source gave them, compressed, sealed.

    Key: the person's `records` key; associated data: table, column, person, dataset. `digest` is a keyed BLAKE2b of the
    rows before compression. `pulled_at` is when the source last told what stands here. While `confirmed`, every later
    `Reading` of the dataset has found the same, and the sheet is as fresh as that: it need not be written again.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person_id = models.UUIDField()
    # Neither has an index of its own, for sheets are looked for by dataset and person; nor is either checked row by
    # row, for nobody may delete a dataset or a source.
    dataset = models.ForeignKey(
        Dataset, on_delete=models.PROTECT, related_name="sheets", db_index=False, db_constraint=False
    )
    source = models.ForeignKey(
        Source, on_delete=models.PROTECT, related_name="sheets", db_index=False, db_constraint=False
    )
    digest = models.BinaryField(max_length=32)
    body = models.BinaryField()
    row_count = models.PositiveIntegerField()
    mapping_version = models.PositiveIntegerField()
    pulled_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    # Sealed as the body is: which columns, and how many rows came and went, when it last changed. None until it did.
    changes = models.BinaryField(null=True)
    confirmed = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person_id", "dataset"], name="one_sheet_per_person_and_dataset")
        ]
        indexes = [
            models.Index(fields=["dataset", "person_id"], name="sheet_of_dataset"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Reading(models.Model):
    """When a dataset was last read from its source: how fresh all its confirmed sheets are.

    `swept_at` is when everything was read; `watermark` the newest change that the source told, by `mapping_version`.
    `seen` is what the connector will ask by whether all is the same; it holds for the source as it was then, `seen_by`
    its fingerprint.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="readings")
    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="readings")
    read_at = models.DateTimeField()
    swept_at = models.DateTimeField()
    watermark = models.CharField(max_length=60, blank=True, default="")
    seen = models.TextField(blank=True, default="", db_default="")
    seen_by = models.CharField(max_length=64, blank=True, default="", db_default="")
    mapping_version = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "dataset"], name="one_reading_per_source_and_dataset")]

    def __str__(self) -> str:
        return str(self.pk)
