"""The columns that every text of this kind has, and those of its steps; each table adds what is its own."""

import uuid
from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from consents.enums import UNDER_WAY, StepKind, TextState

# Who drafted what came with the catalogue's files: it was read by others before it was taken into them.
CATALOGUE = "catalogue"


class Manuscript(models.Model):
    """One version of a text. `OF` names the column of what it is of, `steps` the reverse of its own table of steps.

    `parts` is `{language: {part: text}}`; `revision` counts savings. Who drafted, sent and approved it are pseudonymous
    ids of staff members, or `CATALOGUE`. Once published it is frozen: the database refuses any change but of its state.
    """

    OF: ClassVar[str]
    steps: Any

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.PositiveSmallIntegerField(_("Version"))
    parts = models.JSONField()
    sha256 = models.CharField(_("Fingerprint (SHA-256)"), max_length=64)
    state = models.CharField(_("State"), max_length=10, choices=TextState, default=TextState.DRAFT)
    revision = models.PositiveIntegerField(default=1)
    lint_score = models.PositiveSmallIntegerField(null=True)
    drafted_by = models.CharField(max_length=60)
    drafted_at: "models.DateTimeField[Any, Any]"
    sent_by = models.CharField(max_length=60, blank=True, default="")
    sent_at = models.DateTimeField(null=True)
    approved_by = models.CharField(max_length=60, blank=True, default="")
    approved_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(_("Published"), null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{getattr(self, f'{self.OF}_id')} {self.version}"

    @property
    def subject(self) -> Any:
        """What the text is of."""
        return getattr(self, self.OF)

    def versions(self) -> QuerySet[Any]:
        """Every version of it, this one too, the newest first."""
        return type(self)._default_manager.filter(**{self.OF: getattr(self, f"{self.OF}_id")})


def promises(of: str, named: Mapping[str, str]) -> list[models.BaseConstraint]:
    """What the database holds of every text, each under the name that its own table has for it."""
    return [
        models.UniqueConstraint(fields=[of, "version"], name=named["numbered"]),
        models.UniqueConstraint(fields=[of], condition=Q(state=TextState.PUBLISHED), name=named["one_published"]),
        models.UniqueConstraint(fields=[of], condition=Q(state__in=UNDER_WAY), name=named["one_under_way"]),
        models.CheckConstraint(
            name=named["timed"],
            condition=~Q(state__in=[TextState.PUBLISHED, TextState.SUPERSEDED]) | Q(published_at__isnull=False),
        ),
        models.CheckConstraint(
            name=named["approved"],
            condition=Q(published_at__isnull=True) | Q(drafted_by=CATALOGUE) | Q(approved_at__isnull=False),
        ),
        models.CheckConstraint(
            name=named["by_two"],
            condition=Q(approved_by="") | ~(Q(approved_by=F("drafted_by")) | Q(approved_by=F("sent_by"))),
        ),
    ]


class ManuscriptStep(models.Model):
    """One step in the life of a text, append-only: who, when, and at a saving what was saved."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=10, choices=StepKind)
    at = models.DateTimeField()
    by = models.CharField(max_length=60)
    revision = models.PositiveIntegerField()
    parts = models.JSONField(null=True)
    reason = models.CharField(max_length=500, blank=True, default="")
    entry_id = models.UUIDField()

    class Meta:
        abstract = True
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.pk)
