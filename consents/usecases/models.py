"""Use cases, and what is said about them: what everyone may read here, what is one resident's in `words`."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from consents.models import Purpose
from consents.usecases.effects import Cost, Counting, Expectation, FirstPeople, UsesOfMonth
from consents.usecases.enums import CaseBasis, CaseState
from consents.usecases.words import Follow, Report, Support, Word
from datasources.enums import CoreProcess
from datasources.models import Dataset, Department

__all__ = [
    "Case",
    "Comment",
    "Cost",
    "Counting",
    "Expectation",
    "FirstPeople",
    "Follow",
    "Report",
    "Statement",
    "Support",
    "UsesOfMonth",
    "Word",
]


class Case(models.Model):
    """A use of data that might help, in plain words. What everyone may read; who proposed it stands with their words.

    `texts`: {language: `texts.CaseText`}: all three languages, or, with `language`, a resident's own words in theirs
    alone, until staff take them over; `signature`: by which name they chose to be shown. `supports` counts the rows of
    `Support`. `removed_at`: whoever proposed it took it back before staff took it over; then no word of it is left.
    `kept_here`: staff changed it, and the catalogue's file leaves it as it is.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(_("Short name"), max_length=60, unique=True)
    state = models.CharField(_("State"), max_length=10, choices=CaseState, default=CaseState.PROPOSED)
    core_process = models.CharField(_("Core process"), max_length=20, choices=CoreProcess, blank=True, default="")
    basis = models.CharField(_("Rests on"), max_length=10, choices=CaseBasis, blank=True, default="")
    department = models.ForeignKey(
        Department, verbose_name=_("Department"), on_delete=models.PROTECT, null=True, blank=True, related_name="cases"
    )
    datasets = models.ManyToManyField(Dataset, verbose_name=_("Data"), blank=True, related_name="cases")
    purposes = models.ManyToManyField(Purpose, verbose_name=_("Uses of data"), blank=True, related_name="cases")
    texts = models.JSONField(default=dict)
    language = models.CharField(_("Language"), max_length=2, blank=True, default="")
    signature = models.CharField(max_length=120, blank=True, default="")
    supports = models.PositiveIntegerField(_("Supporters"), default=0)
    kept_here = models.BooleanField(default=False)
    made_at = models.DateTimeField(_("Made"))
    changed_at = models.DateTimeField(_("Changed"))
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("use case")
        verbose_name_plural = _("use cases")
        ordering = ["-changed_at", "slug"]
        constraints = [
            models.CheckConstraint(
                name="a_case_is_in_languages_of_the_portal", condition=Q(language__in=["", "fi", "sv", "en"])
            ),
            models.CheckConstraint(
                name="a_case_has_words_until_they_are_taken_back",
                condition=Q(removed_at=None) & ~Q(texts={}) | Q(removed_at__isnull=False, texts={}, signature=""),
            ),
            models.CheckConstraint(
                name="a_case_that_is_more_than_proposed_is_kept_by_somebody",
                condition=Q(state__in=[CaseState.PROPOSED, CaseState.DROPPED])
                | Q(department__isnull=False, language="") & ~Q(core_process="") & ~Q(basis=""),
            ),
        ]
        indexes = [
            models.Index(fields=["-changed_at"], condition=Q(removed_at=None), name="cases_by_change"),
            models.Index(fields=["-supports"], condition=Q(removed_at=None), name="cases_by_support"),
        ]

    def __str__(self) -> str:
        return self.slug

    @property
    def is_new(self) -> bool:
        """It is being made and stands in no table yet."""
        return self._state.adding


class Comment(models.Model):
    """A resident's published comment: text and name as everyone reads them; whose it is stands elsewhere (`Word`)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="comments")
    language = models.CharField(max_length=2)
    text = models.TextField()
    signature = models.CharField(max_length=120, blank=True, default="")
    said_at = models.DateTimeField()
    changed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ["-said_at", "-id"]
        indexes = [models.Index(fields=["case", "-said_at", "-id"], name="comments_of_a_case")]

    def __str__(self) -> str:
        return str(self.pk)


class Statement(models.Model):
    """What the city said in public about a case: an answer, a new state with its reason, or both; never changed.

    `texts`: {language: text}, all three, or none where a case was begun. `state` is empty where it stayed as it was.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="statements")
    comment = models.ForeignKey(Comment, on_delete=models.SET_NULL, null=True, related_name="answers")
    state = models.CharField(max_length=10, choices=CaseState, blank=True, default="")
    texts = models.JSONField(default=dict)
    department = models.CharField(max_length=60, blank=True, default="")
    said_at = models.DateTimeField()

    class Meta:
        verbose_name = _("public answer")
        verbose_name_plural = _("public answers")
        ordering = ["-said_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="what_is_dropped_has_its_reason", condition=~Q(state=CaseState.DROPPED) | ~Q(texts={})
            ),
            models.CheckConstraint(name="a_statement_says_something", condition=~Q(state="", texts={})),
        ]
        indexes = [
            models.Index(fields=["case", "-said_at"], name="statements_of_a_case"),
            models.Index(fields=["-said_at"], name="statements_by_time"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
