"""Department systems and how to reach them."""

import uuid
from typing import ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q, Value
from django.utils.translation import gettext_lazy as _

from datasources.enums import ConnectorKind, KeepsFor
from datasources.models.catalogue import Department


class Source(models.Model):
    """One department system. Secrets stand sealed by the ring key `sources`; the circuit is shared by all workers.

    `mapping` is `{dataset: {...}}`, read by the connector (what to select) and when a sheet is shown (what it means).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(_("Short name"), max_length=60, unique=True)
    department = models.ForeignKey(
        Department, verbose_name=_("Department"), on_delete=models.PROTECT, related_name="sources"
    )
    kind = models.CharField(_("Kind"), max_length=8, choices=ConnectorKind)
    settings = models.JSONField(default=dict, blank=True)
    sealed_secrets = models.BinaryField(null=True, blank=True)
    mapping = models.JSONField(default=dict)
    mapping_version = models.PositiveIntegerField(_("Version of the mapping"), default=1)
    live = models.BooleanField(_("Asked while a resident waits"), default=False)
    keeps_for = models.CharField(max_length=8, choices=KeepsFor, default=KeepsFor.ACTIVE)
    keeps_for_ground = models.TextField(blank=True)
    switched_on = models.BooleanField(default=False)
    # A keeper changed it in the back office: catalogue files leave it as it is.
    kept_here = models.BooleanField(default=False, db_default=False)
    # Local time: when the system is busy with something else and no whole reading begins.
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_until = models.TimeField(null=True, blank=True)
    # How many may ask about a person at the same time, over all workers.
    most_in_flight = models.PositiveSmallIntegerField(default=8, validators=[MinValueValidator(1)])
    failures = models.PositiveSmallIntegerField(default=0)
    opened_at = models.DateTimeField(null=True, blank=True)
    last_success_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=300, blank=True)
    # Kinds of fault (rules/faults.py), of which a sentence is made where they are shown.
    last_faults = models.CharField(max_length=200, blank=True, default="", db_default="")
    # The same closely: sentences with facts, made into text of the reader's language.
    last_sentences = models.JSONField(blank=True, default=list, db_default=Value([], models.JSONField()))

    objects: ClassVar[models.Manager["Source"]] = models.Manager()

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["slug"]
        constraints = [
            models.CheckConstraint(
                name="keeping_everyone_needs_a_ground",
                condition=Q(keeps_for=KeepsFor.ACTIVE) | ~Q(keeps_for_ground=""),
            ),
            models.CheckConstraint(
                name="quiet_hours_have_two_ends", condition=~(Q(quiet_from=None) ^ Q(quiet_until=None))
            ),
        ]

    def __str__(self) -> str:
        return self.slug


class MappingVersion(models.Model):
    """A mapping as it was saved in the back office: what it was before a change can be looked at and taken back.

    `kept_by` is the log-in's id; empty for one that was there before anybody changed it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="versions")
    version = models.PositiveIntegerField()
    mapping = models.JSONField()
    kept_at = models.DateTimeField()
    kept_by = models.CharField(max_length=150, blank=True, default="")

    class Meta:
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["source", "version"], name="mapping_version_is_unique_in_source")
        ]

    def __str__(self) -> str:
        return str(self.version)
