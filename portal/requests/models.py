"""A request, its parts by source, who decides about it, and the count of a year's numbers."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.requests.breach_models import Breach, BreachTold
from portal.requests.carried import HandOver, Leaving
from portal.requests.correction_models import Correction, Evidence
from portal.requests.enums import (
    BY_TWO,
    OPEN_STATES,
    UNFINISHED,
    Doubt,
    Law,
    Longer,
    Outcome,
    PartState,
    RequestKind,
    RequestState,
)
from portal.requests.grounds import Ground
from portal.requests.kept import Package, Piece

__all__ = [
    "PORTAL",
    "Breach",
    "BreachTold",
    "Correction",
    "DecisionTemplate",
    "Evidence",
    "HandOver",
    "Leaving",
    "Numbering",
    "Package",
    "Part",
    "PartFile",
    "Piece",
    "Proposal",
    "Request",
]
# Who answered, where it was no person.
PORTAL = "portal"


class Request(models.Model):
    """One request of one person. What was asked for and answered stands sealed under the person's `requests` key.

    What it is about: `entry_id` a row of the log, or slugs of a `register`, a `dataset`, and of a purpose (`aim`).
    `department` whose staff answer, or empty: only those who see every department. `asked_by` and `answered_by` are
    pseudonymous ids, the latter `portal` where no person answered; `asked_right` by which right it was asked.
    `assignee` is the pseudonymous id of the staff member who has it, since `taken_at` somebody does. `ground` is why it
    was not met in full, `longer` why it was put off (`extended_at`). Its clock stands still since `paused_at` for the
    reason of `doubt`, or did for `paused_days`. `sealed_note` is for colleagues, not the person.
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
    closed_at = models.DateTimeField(_("Closed"), null=True)
    answered_by = models.CharField(max_length=150, blank=True, default="")
    law = models.CharField(_("Law"), max_length=10, choices=Law, default=Law.PROMISE)
    register = models.CharField(_("Register"), max_length=60, blank=True, default="")
    dataset = models.CharField(_("Data"), max_length=60, blank=True, default="")
    aim = models.CharField(_("Use of data"), max_length=60, blank=True, default="")
    assignee = models.CharField(_("Who has it"), max_length=150, blank=True, default="")
    taken_at = models.DateTimeField(_("Taken"), null=True)
    extended_at = models.DateTimeField(_("Put off"), null=True)
    longer = models.CharField(_("Why it takes longer"), max_length=10, choices=Longer, blank=True, default="")
    paused_at = models.DateTimeField(_("Paused"), null=True)
    doubt = models.CharField(_("Why it is paused"), max_length=10, choices=Doubt, blank=True, default="")
    paused_days = models.PositiveSmallIntegerField(_("Days it was paused"), default=0)
    ground = models.CharField(_("Ground"), max_length=14, choices=Ground, blank=True, default="")
    sealed_note = models.BinaryField(null=True)
    late_noted_at = models.DateTimeField(null=True)
    # As the city's case register was told last (`portal.requests.case_register`).
    told_state = models.CharField(max_length=10, blank=True, default="", db_default="")
    told_due_on = models.DateField(null=True)

    class Meta:
        verbose_name = _("request")
        verbose_name_plural = _("requests")
        ordering = ["due_on", "received_at"]
        constraints = [
            models.UniqueConstraint(fields=["person_id", "entry_id"], name="a_row_of_the_log_is_questioned_once"),
            models.CheckConstraint(
                name="an_answered_request_has_its_answer",
                condition=(
                    Q(state__in=OPEN_STATES, closed_at=None) | Q(state=RequestState.WITHDRAWN, closed_at__isnull=False)
                )
                & Q(sealed_answer=None, outcome="", answered_by="")
                | Q(state=RequestState.ANSWERED, closed_at__isnull=False)
                & ~Q(outcome="")
                & ~Q(answered_by="")
                & (Q(sealed_answer__isnull=False) | Q(answered_by=PORTAL)),
            ),
            models.CheckConstraint(
                name="a_question_about_the_log_has_its_row",
                condition=~Q(kind=RequestKind.LOG) | Q(entry_id__isnull=False),
            ),
            models.CheckConstraint(
                name="what_is_put_off_has_its_reason",
                condition=Q(extended_at=None, longer="") | Q(extended_at__isnull=False) & ~Q(longer=""),
            ),
            models.CheckConstraint(
                name="what_is_paused_has_its_doubt", condition=Q(paused_at=None, paused_days=0) | ~Q(doubt="")
            ),
            models.CheckConstraint(
                name="a_request_is_in_a_language_of_the_portal", condition=Q(language__in=["fi", "sv", "en"])
            ),
        ]
        indexes = [
            # The queue: what waits, by its day.
            models.Index(fields=["due_on"], condition=Q(state__in=OPEN_STATES), name="requests_open"),
            models.Index(fields=["person_id", "-received_at"], name="requests_of_a_person"),
            models.Index(
                fields=["received_at", "number"],
                condition=~Q(told_state=F("state")) | ~Q(told_due_on=F("due_on")),
                name="requests_not_in_register",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Part(models.Model):
    """What one source, or one register without any, does for a request. The row is the truth; Celery only wakes it.

    `source` is its slug, or that of the register where a person looks. A part is tried at `due_at` by whoever takes the
    lease, again and again until `deadline_at`; `fault` is a kind of fault and `told` counts and kinds: never data.
    `number` is the request's, for those who look in one register and see no more of it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.ForeignKey(Request, models.CASCADE, related_name="parts")
    person_id = models.UUIDField(db_index=True)
    source = models.CharField(_("Source"), max_length=60)
    department = models.CharField(_("Department"), max_length=60)
    state = models.CharField(_("State"), max_length=10, choices=PartState, default=PartState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    deadline_at = models.DateTimeField()
    leased_until_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=60, blank=True, default="")
    told = models.JSONField(default=dict, blank=True)
    number = models.CharField(_("Number"), max_length=12, blank=True, default="")

    class Meta:
        verbose_name = _("part of a request")
        verbose_name_plural = _("parts of requests")
        constraints = [
            models.UniqueConstraint(fields=["request", "source"], name="a_source_has_one_part_in_a_request"),
            models.CheckConstraint(
                name="a_finished_part_has_its_time",
                condition=Q(state__in=UNFINISHED, finished_at=None)
                | ~Q(state__in=UNFINISHED) & Q(finished_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(state__in=[PartState.WAITING, PartState.WORKING]), name="parts_to_do"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.source}"


class Proposal(models.Model):
    """An answer that does not give all that was asked: one person proposes it, another confirms it or sends it back.

    The text stands sealed under the person's `requests` key. `proposed_by` and `decided_by` are pseudonymous ids.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.ForeignKey(Request, models.CASCADE, related_name="proposals")
    person_id = models.UUIDField(db_index=True)
    department = models.CharField(_("Department"), max_length=60, blank=True, default="")
    outcome = models.CharField(_("What came of it"), max_length=10, choices=Outcome)
    ground = models.CharField(_("Ground"), max_length=14, choices=Ground)
    sealed_answer = models.BinaryField()
    proposed_by = models.CharField(max_length=150)
    proposed_at = models.DateTimeField()
    decided_by = models.CharField(max_length=150, blank=True, default="")
    decided_at = models.DateTimeField(null=True)
    confirmed = models.BooleanField(null=True)

    class Meta:
        verbose_name = _("proposal of an answer")
        verbose_name_plural = _("proposals of answers")
        constraints = [
            models.UniqueConstraint(
                fields=["request"], condition=Q(decided_at=None), name="one_proposal_waits_for_a_request"
            ),
            models.CheckConstraint(
                name="nobody_confirms_their_own_proposal",
                condition=~Q(confirmed=True) | ~Q(decided_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="a_decided_proposal_has_its_time",
                condition=Q(decided_at=None, decided_by="", confirmed=None)
                | Q(decided_at__isnull=False, confirmed__isnull=False) & ~Q(decided_by=""),
            ),
            models.CheckConstraint(name="two_decide_what_is_not_given", condition=Q(outcome__in=BY_TWO)),
        ]

    def __str__(self) -> str:
        return str(self.request_id)


class PartFile(models.Model):
    """What a person found in a register that no system answers for; sealed under the person's `requests` key.

    How the file was called is not kept: names of files tell whom they are about.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    part = models.ForeignKey(Part, models.CASCADE, related_name="files")
    person_id = models.UUIDField(db_index=True)
    department = models.CharField(_("Department"), max_length=60)
    kind = models.CharField(max_length=4)
    size = models.PositiveIntegerField()
    sealed_body = models.BinaryField()
    added_by = models.CharField(max_length=150)
    added_at = models.DateTimeField()

    class Meta:
        verbose_name = _("file of a request")
        verbose_name_plural = _("files of requests")

    def __str__(self) -> str:
        return f"{self.part_id} {self.kind}"


class DecisionTemplate(models.Model):
    """A text to begin an answer with, in the three languages; the data protection officer keeps them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(_("Short name"), max_length=60, unique=True)
    kind = models.CharField(_("Kind"), max_length=12, choices=RequestKind, blank=True, default="")
    outcome = models.CharField(_("What came of it"), max_length=10, choices=Outcome)
    text_fi = models.TextField(_("Text in Finnish"), max_length=4000)
    text_sv = models.TextField(_("Text in Swedish"), max_length=4000)
    text_en = models.TextField(_("Text in English"), max_length=4000)

    class Meta:
        verbose_name = _("template of an answer")
        verbose_name_plural = _("templates of answers")
        ordering = ["outcome", "kind", "slug"]

    def __str__(self) -> str:
        return self.slug


class Numbering(models.Model):
    """How many requests a year has had: whoever takes a number holds the row until their transaction ends."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField()

    def __str__(self) -> str:
        return str(self.year)
