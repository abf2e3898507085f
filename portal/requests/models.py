"""A request and the count of a year's numbers."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.requests.enums import Outcome, RequestKind, RequestState


class Request(models.Model):
    """One request of one person. What was said and answered stands sealed under the person's `requests` key.

    `entry_id` is the row of the log that it is about; `department` whose staff answer, or empty: only those who see
    every department. `asked_by` and `answered_by` are pseudonymous ids; `asked_right` by which right it was asked.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person_id = models.UUIDField()
    kind = models.CharField(_("Kind"), max_length=12, choices=RequestKind)
    number = models.CharField(_("Number"), max_length=12, unique=True)
    state = models.CharField(_("State"), max_length=10, choices=RequestState, default=RequestState.RECEIVED)
    received_at = models.DateTimeField(_("Received"))
    due_on = models.DateField(_("To be answered by"))
    department = models.CharField(_("Department"), max_length=60, blank=True, default="")
    entry_id = models.UUIDField(null=True)
    language = models.CharField(_("Language"), max_length=2)
    asked_by = models.CharField(max_length=60)
    asked_right = models.CharField(max_length=20)
    sealed_said = models.BinaryField(null=True)
    outcome = models.CharField(_("What came of it"), max_length=10, choices=Outcome, blank=True, default="")
    sealed_answer = models.BinaryField(null=True)
    answered_at = models.DateTimeField(_("Answered"), null=True)
    answered_by = models.CharField(max_length=150, blank=True, default="")

    class Meta:
        verbose_name = _("request")
        verbose_name_plural = _("requests")
        ordering = ["due_on", "received_at"]
        constraints = [
            models.UniqueConstraint(fields=["person_id", "entry_id"], name="a_row_of_the_log_is_questioned_once"),
            models.CheckConstraint(
                name="an_answered_request_has_its_answer",
                condition=Q(
                    state=RequestState.RECEIVED, sealed_answer=None, answered_at=None, outcome="", answered_by=""
                )
                | (
                    Q(state=RequestState.ANSWERED, sealed_answer__isnull=False, answered_at__isnull=False)
                    & ~Q(outcome="")
                    & ~Q(answered_by="")
                ),
            ),
            models.CheckConstraint(
                name="a_question_about_the_log_has_its_row",
                condition=~Q(kind=RequestKind.LOG) | Q(entry_id__isnull=False),
            ),
            models.CheckConstraint(
                name="a_request_is_in_a_language_of_the_portal", condition=Q(language__in=["fi", "sv", "en"])
            ),
        ]
        indexes = [
            # The queue: what waits, by its day.
            models.Index(fields=["due_on"], condition=Q(state=RequestState.RECEIVED), name="requests_that_wait"),
            models.Index(fields=["person_id", "-received_at"], name="requests_of_a_person"),
        ]

    def __str__(self) -> str:
        return self.number


class Numbering(models.Model):
    """How many requests a year has had: whoever takes a number holds the row until their transaction ends."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField()

    def __str__(self) -> str:
        return str(self.year)
