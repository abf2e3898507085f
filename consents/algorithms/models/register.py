"""Systems that the city has thought of, tries, uses or has used; and the frozen entry of each version."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from consents.algorithms.enums import AlgorithmState
from consents.enums import UNDER_WAY, StepKind, TextState
from consents.models import CATALOGUE, Purpose
from datasources.models import Department


class Algorithm(models.Model):
    """One system. `department` answers for its use; `state` changes with a reason, which `StateChange` keeps.

    `purposes` are the uses of data that name it; the reverse, `purpose.algorithms`, is what a purpose names.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(_("Short name"), max_length=60, unique=True)
    department = models.ForeignKey(
        Department, verbose_name=_("Department"), on_delete=models.PROTECT, related_name="algorithms"
    )
    state = models.CharField(_("State"), max_length=10, choices=AlgorithmState, default=AlgorithmState.IDEA)
    state_since_at = models.DateTimeField(_("Since"))
    purposes = models.ManyToManyField(Purpose, through="Naming", related_name="algorithms")

    class Meta:
        verbose_name = _("algorithm")
        verbose_name_plural = _("algorithms")
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.slug


class Naming(models.Model):
    """A purpose whose data meets an algorithm names its entry. A consent never carries an automated decision.

    The database refuses a purpose that rests on consent beside an algorithm whose published entry says that it decides
    by itself (trigger `consent_carries_no_automated_decision`, on each of the three tables).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    purpose = models.ForeignKey(Purpose, on_delete=models.PROTECT, related_name="namings")
    algorithm = models.ForeignKey(Algorithm, on_delete=models.PROTECT, related_name="namings")
    named_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["purpose", "algorithm"], name="purpose_names_an_algorithm_once"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class AlgorithmVersion(models.Model):
    """One version of an entry: `parts` is `{language: {part: text}}`, `facts` what is the same in every language.

    `facts` is `consents.algorithms.parts.EntryFacts` as JSON; `datasets` are slugs of the catalogue that the system
    reads; `sha256` is over all three. Who drafted, sent and approved it are staff members' pseudonymous ids, or
    `CATALOGUE`. A published version is frozen: the database refuses any change but that of its state.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    algorithm = models.ForeignKey(
        Algorithm, verbose_name=_("Algorithm"), on_delete=models.PROTECT, related_name="versions"
    )
    version = models.PositiveSmallIntegerField(_("Version"))
    parts = models.JSONField()
    facts = models.JSONField()
    datasets = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    sha256 = models.CharField(_("Fingerprint (SHA-256)"), max_length=64)
    state = models.CharField(_("State"), max_length=10, choices=TextState, default=TextState.DRAFT)
    revision = models.PositiveIntegerField(default=1)
    lint_score = models.PositiveSmallIntegerField(null=True)
    drafted_by = models.CharField(max_length=60)
    drafted_at = models.DateTimeField()
    sent_by = models.CharField(max_length=60, blank=True, default="")
    sent_at = models.DateTimeField(null=True)
    approved_by = models.CharField(max_length=60, blank=True, default="")
    approved_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(_("Published"), null=True, blank=True)

    class Meta:
        verbose_name = _("entry of an algorithm")
        verbose_name_plural = _("entries of algorithms")
        ordering = ["algorithm", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["algorithm", "version"], name="version_is_unique_in_algorithm"),
            models.UniqueConstraint(
                fields=["algorithm"], condition=Q(state=TextState.PUBLISHED), name="one_published_entry_per_algorithm"
            ),
            models.UniqueConstraint(
                fields=["algorithm"], condition=Q(state__in=UNDER_WAY), name="one_entry_under_way_per_algorithm"
            ),
            models.CheckConstraint(
                name="published_entry_was_approved",
                condition=Q(published_at__isnull=True) | Q(drafted_by=CATALOGUE) | Q(approved_at__isnull=False),
            ),
            models.CheckConstraint(
                name="published_entry_has_a_time",
                condition=~Q(state__in=[TextState.PUBLISHED, TextState.SUPERSEDED]) | Q(published_at__isnull=False),
            ),
            models.CheckConstraint(
                name="nobody_approves_an_entry_of_their_own",
                condition=Q(approved_by="") | ~(Q(approved_by=F("drafted_by")) | Q(approved_by=F("sent_by"))),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.algorithm_id} {self.version}"


class AlgorithmStep(models.Model):
    """One step in the life of an entry, append-only: who, when, and at a saving what was saved."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    version = models.ForeignKey(AlgorithmVersion, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=10, choices=StepKind)
    at = models.DateTimeField()
    by = models.CharField(max_length=60)
    revision = models.PositiveIntegerField()
    parts = models.JSONField(null=True)
    facts = models.JSONField(null=True)
    datasets = ArrayField(models.CharField(max_length=60), null=True)
    reason = models.CharField(max_length=500, blank=True, default="")
    entry_id = models.UUIDField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.pk)


class StateChange(models.Model):
    """How a system came from one state to the next, append-only and public: `reason` is `{language: text}`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    algorithm = models.ForeignKey(Algorithm, on_delete=models.PROTECT, related_name="changes")
    before = models.CharField(max_length=10, choices=AlgorithmState, blank=True, default="")
    after = models.CharField(max_length=10, choices=AlgorithmState)
    reason = models.JSONField()
    at = models.DateTimeField()
    by = models.CharField(max_length=60)
    entry_id = models.UUIDField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.pk)
