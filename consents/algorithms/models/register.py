"""Systems that the city has thought of, tries, uses or has used; and the frozen entry of each version."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from consents.algorithms.enums import AlgorithmState
from consents.manuscripts.models import Manuscript, ManuscriptStep, promises
from consents.models import Purpose
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


class AlgorithmVersion(Manuscript):
    """One version of an entry. `facts` is what is the same in every language: `parts.EntryFacts` as JSON.

    `datasets` are slugs of the catalogue that the system reads; `sha256` is over parts, facts and datasets.
    """

    OF = "algorithm"

    algorithm = models.ForeignKey(
        Algorithm, verbose_name=_("Algorithm"), on_delete=models.PROTECT, related_name="versions"
    )
    facts = models.JSONField()
    datasets = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    drafted_at = models.DateTimeField()

    class Meta:
        verbose_name = _("entry of an algorithm")
        verbose_name_plural = _("entries of algorithms")
        ordering = ["algorithm", "-version"]
        constraints = promises(
            "algorithm",
            {
                "numbered": "version_is_unique_in_algorithm",
                "one_published": "one_published_entry_per_algorithm",
                "one_under_way": "one_entry_under_way_per_algorithm",
                "timed": "published_entry_has_a_time",
                "approved": "published_entry_was_approved",
                "by_two": "nobody_approves_an_entry_of_their_own",
            },
        )


class AlgorithmStep(ManuscriptStep):
    """One step in the life of an entry; at a saving what was saved."""

    version = models.ForeignKey(AlgorithmVersion, on_delete=models.PROTECT, related_name="steps")
    facts = models.JSONField(null=True)
    datasets = ArrayField(models.CharField(max_length=60), null=True)


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
