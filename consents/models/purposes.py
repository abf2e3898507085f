"""Why data is used, by whom, on which basis; and the frozen text of each version."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from consents.enums import Change, Donation, Nature, OldAnswers
from consents.manuscripts.models import Manuscript, ManuscriptStep, promises
from datasources.enums import Basis, CoreProcess
from datasources.models import Dataset, Department


def usual_reminders() -> list[int]:
    """Days before its end on which somebody is reminded of a permission."""
    return [30]


class Purpose(models.Model):
    """One purpose. `department` is the recipient.

    Who decides for a child: from `child_decides_from` years on the child; with `guardian_too` a guardian, too, from
    fifteen on (434/2003 14 §); with `adults_only` no child is asked. The reason stands in each text, its part `child`.
    `remind_days`: how many days before its end people are reminded, in any order. `donation`: data given for the common
    good; research names its plan and who is responsible for it (1050/2018 31 §), which no permission replaces.
    `direct_marketing`: an objection ends it at once, and is weighed by nobody (GDPR 21(2), (3)).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(_("Short name"), max_length=60, unique=True)
    department = models.ForeignKey(
        Department, verbose_name=_("Department"), on_delete=models.PROTECT, related_name="purposes"
    )
    basis = models.CharField(_("Legal basis"), max_length=1, choices=Basis)
    nature = models.CharField(_("What the permission is"), max_length=8, choices=Nature)
    core_process = models.CharField(max_length=20, choices=CoreProcess)
    valid_days = models.PositiveSmallIntegerField(_("How many days it lasts"), null=True, blank=True)
    child_decides_from = models.PositiveSmallIntegerField(default=13)
    guardian_too = models.BooleanField(default=False)
    adults_only = models.BooleanField(default=False)
    remind_days = ArrayField(models.PositiveSmallIntegerField(), default=usual_reminders, blank=True)
    special_category = models.BooleanField(default=False)
    outside_eu = models.BooleanField(default=False)
    suggested_by_algorithm = models.BooleanField(default=False)
    direct_marketing = models.BooleanField(default=False)
    ask_on_arrival = models.BooleanField(default=False)
    free_because = models.TextField(blank=True)
    donation = models.CharField(max_length=8, choices=Donation, blank=True, default="")
    research_plan = models.CharField(max_length=200, blank=True, default="")
    research_leader = models.CharField(max_length=120, blank=True, default="")
    closed_at = models.DateTimeField(_("Closed"), null=True, blank=True)

    class Meta:
        verbose_name = _("purpose")
        verbose_name_plural = _("purposes")
        ordering = ["slug"]
        constraints = [
            models.CheckConstraint(
                name="purpose_of_consent_has_an_end",
                condition=~Q(basis=Basis.CONSENT) | Q(valid_days__isnull=False),
            ),
            models.CheckConstraint(
                name="only_what_rests_on_law_needs_no_consent",
                condition=Q(nature=Nature.LAW) ^ Q(basis=Basis.CONSENT),
            ),
            models.CheckConstraint(
                name="only_what_is_permitted_is_given_for_the_common_good",
                condition=Q(donation="") | Q(basis=Basis.CONSENT),
            ),
            models.CheckConstraint(
                name="nobody_is_asked_to_give_on_arrival", condition=Q(donation="") | Q(ask_on_arrival=False)
            ),
            models.CheckConstraint(
                name="research_has_a_plan_and_somebody_responsible",
                condition=~Q(donation=Donation.RESEARCH) | (~Q(research_plan="") & ~Q(research_leader="")),
            ),
            models.CheckConstraint(
                name="no_law_asks_for_direct_marketing",
                condition=Q(direct_marketing=False) | ~Q(basis__in=[Basis.LEGAL_OBLIGATION, Basis.VITAL_INTERESTS]),
            ),
            models.CheckConstraint(name="a_child_of_fifteen_decides", condition=Q(child_decides_from__lte=15)),
            models.CheckConstraint(
                name="what_no_child_is_asked_no_guardian_answers_too",
                condition=Q(adults_only=False) | Q(guardian_too=False),
            ),
            models.CheckConstraint(
                name="sensitive_permission_is_reminded_of_twice",
                condition=Q(special_category=False) | Q(remind_days__contains=[30, 7]),
            ),
            models.CheckConstraint(
                name="reminders_stand_in_the_last_sixty_days",
                condition=Q(remind_days__contained_by=list(range(1, 61))),
            ),
        ]

    def __str__(self) -> str:
        return self.slug


class PurposeDataset(models.Model):
    """A dataset that a purpose uses: the fields needed, and groups of fields that one may leave out."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    purpose = models.ForeignKey(Purpose, on_delete=models.CASCADE, related_name="datasets")
    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="used_for")
    needed = ArrayField(models.CharField(max_length=60))
    optional = ArrayField(models.CharField(max_length=60), default=list, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["purpose", "dataset"], name="purpose_names_a_dataset_once")]

    def __str__(self) -> str:
        return str(self.pk)


class PurposeText(Manuscript):
    """One version of a purpose's text. `parts` is `{language: {name, summary, what, ...}}`; `sha256` is over its bytes.

    `scope` is the data it asks for, `{dataset: {"needed": [field], "optional": [field]}}`; None: as the purpose has it.
    The database refuses to publish a text that is not whole.
    """

    OF = "purpose"

    purpose = models.ForeignKey(Purpose, verbose_name=_("Purpose"), on_delete=models.PROTECT, related_name="texts")
    scope = models.JSONField(null=True)
    change = models.CharField(max_length=13, choices=Change, blank=True, default="")
    old_answers = models.CharField(max_length=11, choices=OldAnswers, blank=True, default="")
    drafted_by = models.CharField(max_length=60, blank=True, default="")
    drafted_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("text of a purpose")
        verbose_name_plural = _("texts of purposes")
        ordering = ["purpose", "-version"]
        constraints = [
            *promises(
                "purpose",
                {
                    "numbered": "version_is_unique_in_purpose",
                    "one_published": "one_published_text_per_purpose",
                    "one_under_way": "one_text_under_way_per_purpose",
                    "timed": "published_text_has_a_time",
                    "approved": "published_text_was_approved",
                    "by_two": "nobody_approves_a_text_of_their_own",
                },
            ),
            models.CheckConstraint(
                name="a_new_version_tells_what_becomes_of_old_answers",
                condition=Q(change="", old_answers="")
                | Q(change=Change.CLARIFICATION, old_answers=OldAnswers.STAND)
                | Q(change=Change.CHANGE, old_answers__in=[OldAnswers.ASKED_AGAIN, OldAnswers.ENDED]),
            ),
        ]


class TextStep(ManuscriptStep):
    """One step in the life of a text; at a saving the parts and the scope as saved."""

    text = models.ForeignKey(PurposeText, on_delete=models.PROTECT, related_name="steps")
    scope = models.JSONField(null=True)
