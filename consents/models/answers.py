"""Answers: every one ever, and the current one."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from uuid_utils.compat import uuid7

from consents.enums import Cause, Channel, ConsentState, DeskReason
from consents.models.purposes import Purpose, PurposeText


class Consent(models.Model):
    """The current answer of one person to one purpose; always derivable from its events.

    `datasets` are slugs and `fields` reads `dataset.field`; both are what the answer covers.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person_id = models.UUIDField()
    purpose = models.ForeignKey(Purpose, on_delete=models.PROTECT, related_name="consents")
    text = models.ForeignKey(PurposeText, on_delete=models.PROTECT, related_name="consents")
    recipient = models.CharField(max_length=60)
    state = models.CharField(max_length=10, choices=ConsentState)
    datasets = ArrayField(models.CharField(max_length=60), default=list)
    fields = ArrayField(models.CharField(max_length=121), default=list)
    requested_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    valid_from = models.DateTimeField(null=True)
    valid_until = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-requested_at"]
        constraints = [
            models.UniqueConstraint(fields=["person_id", "purpose"], name="one_answer_per_person_and_purpose"),
            models.CheckConstraint(
                name="withdrawn_consent_has_a_time",
                condition=~Q(state=ConsentState.WITHDRAWN) | Q(withdrawn_at__isnull=False),
            ),
            models.CheckConstraint(
                name="given_consent_has_an_end",
                condition=~Q(state=ConsentState.GIVEN) | Q(valid_from__isnull=False, valid_until__isnull=False),
            ),
            models.CheckConstraint(
                name="consent_ends_after_it_begins",
                condition=Q(valid_from=None) | Q(valid_until__gt=F("valid_from")),
            ),
            models.CheckConstraint(
                name="only_what_is_on_has_days",
                condition=Q(state__in=[ConsentState.GIVEN, ConsentState.SUSPENDED, ConsentState.PENDING])
                | Q(valid_from=None, valid_until=None),
            ),
            models.CheckConstraint(
                name="only_what_was_withdrawn_has_its_time",
                condition=Q(withdrawn_at=None) | Q(state=ConsentState.WITHDRAWN),
            ),
            models.CheckConstraint(
                name="what_is_not_given_covers_nothing",
                condition=Q(state__in=[ConsentState.GIVEN, ConsentState.SUSPENDED, ConsentState.PENDING])
                | Q(datasets=[], fields=[]),
            ),
        ]
        indexes = [
            models.Index(
                fields=["purpose", "person_id"],
                include=["id", "state", "valid_until"],
                name="consent_decide",
            ),
            models.Index(fields=["valid_until"], condition=Q(state=ConsentState.GIVEN), name="consent_expires"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class ConsentEvent(models.Model):
    """One answer, or one change of it, as it was: append-only. `number` counts the events of a consent from 1."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="events")
    number = models.PositiveIntegerField()
    person_id = models.UUIDField(db_index=True)
    at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=ConsentState)
    text = models.ForeignKey(PurposeText, on_delete=models.PROTECT, related_name="+")
    text_sha256 = models.CharField(max_length=64)
    language = models.CharField(max_length=2, blank=True)
    datasets = ArrayField(models.CharField(max_length=60), default=list)
    fields = ArrayField(models.CharField(max_length=121), default=list)
    valid_from = models.DateTimeField(null=True)
    valid_until = models.DateTimeField(null=True)
    actor_kind = models.CharField(max_length=10)
    actor_id = models.CharField(max_length=60)
    actor_right = models.CharField(max_length=20)
    channel = models.CharField(max_length=8, choices=Channel)
    # What staff wrote down: why it was not done here by the person, and where the paper is kept.
    desk_reason = models.CharField(max_length=20, choices=DeskReason, blank=True, default="")
    paper = models.CharField(max_length=60, blank=True, default="")
    # Whose words staff wrote down, and by which right they spoke, where it was not the person themselves.
    said_by = models.CharField(max_length=60, blank=True, default="")
    said_right = models.CharField(max_length=20, blank=True, default="")
    entry_id = models.UUIDField()
    cause = models.CharField(max_length=20, choices=Cause, blank=True, default="", db_default="")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="only_an_end_has_a_cause",
                condition=Q(cause="") | Q(state__in=[ConsentState.TERMINATED, ConsentState.WITHDRAWN]),
            ),
            models.UniqueConstraint(fields=["consent", "number"], name="events_of_a_consent_are_counted"),
            models.CheckConstraint(
                name="paper_answer_tells_where_the_paper_is", condition=~Q(channel=Channel.PAPER) | ~Q(paper="")
            ),
            models.CheckConstraint(
                name="whose_words_staff_wrote_down_has_a_right",
                condition=Q(said_by="", said_right="") | (Q(actor_kind="staff") & ~Q(said_by="") & ~Q(said_right="")),
            ),
        ]
        indexes = [
            # Few: who is known by these alone counts as one who came.
            models.Index(
                fields=["person_id"], condition=Q(channel__in=[Channel.DESK, Channel.PAPER]), name="event_of_desk"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
