"""What is one resident's: what they wrote, support, follow and report. Behind row security, each row."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from consents.usecases.enums import RefusalGround, ReportGround, Shown, WordKind, WordState


class Word(models.Model):
    """What a resident sent: a proposal or a comment, sealed under their `requests` key (`queries.words.Said`).

    `case` is what it is about, or became; `comment` what is published of it. `sealed_said` is what they want to be
    read: while it waits, the older text stays published. The id comes with the form, so a double press is one.
    `reported_at`: readers reported it and no moderator has looked since. `ground`: why it is not published.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person_id = models.UUIDField()
    kind = models.CharField(_("Kind"), max_length=8, choices=WordKind)
    case = models.ForeignKey(
        "usecases.Case", verbose_name=_("Use case"), on_delete=models.CASCADE, null=True, related_name="words"
    )
    comment = models.OneToOneField("usecases.Comment", on_delete=models.SET_NULL, null=True, related_name="word")
    state = models.CharField(_("State"), max_length=9, choices=WordState, default=WordState.WAITING)
    language = models.CharField(_("Language"), max_length=2)
    shown = models.CharField(max_length=7, choices=Shown, default=Shown.NOTHING)
    sealed_said = models.BinaryField(null=True)
    sent_at = models.DateTimeField(_("Sent"))
    changed_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    ground = models.CharField(max_length=11, choices=RefusalGround, blank=True, default="")
    refused_at = models.DateTimeField(null=True)
    reported_at = models.DateTimeField(_("Reported"), null=True)

    class Meta:
        verbose_name = _("words of a resident")
        verbose_name_plural = _("words of residents")
        ordering = ["sent_at"]
        constraints = [
            models.CheckConstraint(
                name="words_not_published_have_their_ground",
                condition=Q(state=WordState.REFUSED, refused_at__isnull=False) & ~Q(ground="")
                | ~Q(state=WordState.REFUSED) & Q(refused_at=None, ground=""),
            ),
            models.CheckConstraint(
                name="a_comment_is_about_a_case", condition=~Q(kind=WordKind.COMMENT) | Q(case__isnull=False)
            ),
            models.CheckConstraint(
                name="words_are_in_a_language_of_the_portal", condition=Q(language__in=["fi", "sv", "en"])
            ),
        ]
        indexes = [
            models.Index(fields=["person_id", "-sent_at"], name="words_of_a_person"),
            models.Index(
                fields=["sent_at"],
                condition=Q(state=WordState.WAITING) | Q(reported_at__isnull=False),
                name="words_to_be_read",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Support(models.Model):
    """One resident supports one case, once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person_id = models.UUIDField()
    case = models.ForeignKey("usecases.Case", on_delete=models.CASCADE, related_name="+")
    since_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person_id", "case"], name="a_case_is_supported_once")]

    def __str__(self) -> str:
        return str(self.pk)


class Follow(models.Model):
    """One resident wants to hear when the city says something about a case."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person_id = models.UUIDField()
    case = models.ForeignKey("usecases.Case", on_delete=models.CASCADE, related_name="+", db_index=False)
    since_at = models.DateTimeField()

    class Meta:
        constraints = [
            # In the order in which those who hear are walked.
            models.UniqueConstraint(fields=["case", "person_id"], name="a_case_is_followed_once")
        ]
        indexes = [models.Index(fields=["person_id"], name="follows_of_a_person")]

    def __str__(self) -> str:
        return str(self.pk)


class Report(models.Model):
    """One resident says once that something is wrong with a published comment, or with another's proposal."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person_id = models.UUIDField()
    comment = models.ForeignKey("usecases.Comment", on_delete=models.CASCADE, null=True, related_name="reports")
    case = models.ForeignKey("usecases.Case", on_delete=models.CASCADE, null=True, related_name="reports")
    ground = models.CharField(max_length=11, choices=ReportGround)
    reported_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person_id", "comment"], name="a_comment_is_reported_once"),
            models.UniqueConstraint(fields=["person_id", "case"], name="a_proposal_is_reported_once"),
            models.CheckConstraint(
                name="a_report_is_of_a_comment_or_a_proposal",
                condition=Q(comment__isnull=False, case=None) | Q(comment=None, case__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["reported_at"], name="reports_by_age")]

    def __str__(self) -> str:
        return str(self.pk)
