"""What waits for a person, what they chose, and the letters that went. No content anywhere."""

import uuid

from django.db import models
from django.db.models import Q
from uuid_utils.compat import uuid7

from portal.notices.enums import LetterKind, NoticeKind, Way


class LetterChoice(models.Model):
    """One person's choice of letters. Without a row nothing is sent: a letter goes only to whoever asked for it.

    `digest_from_at`: no digest before. `desk`: also about what was done at a desk.
    """

    person_id = models.UUIDField(primary_key=True)
    way = models.CharField(max_length=8, choices=Way, default=Way.NOTHING)
    digest = models.BooleanField(default=True)
    desk = models.BooleanField(default=False)
    language = models.CharField(max_length=2)
    changed_at = models.DateTimeField()
    digest_from_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="letters_are_in_a_language_of_the_portal", condition=Q(language__in=["fi", "sv", "en"])
            ),
        ]
        indexes = [
            # Those who may get a digest, in the order in which they are walked.
            models.Index(
                fields=["person_id"], condition=Q(digest=True) & ~Q(way=Way.NOTHING), name="choice_wants_digests"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Letter(models.Model):
    """One letter: when it was made, being sent, sent or given up. `fault` is the name of what went wrong last.

    `month` is set on digests only: the database holds one a month.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person_id = models.UUIDField()
    kind = models.CharField(max_length=6, choices=LetterKind)
    way = models.CharField(max_length=8, choices=Way)
    language = models.CharField(max_length=2)
    month = models.CharField(max_length=7, blank=True)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    sending_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    fault = models.CharField(max_length=40, blank=True)
    sent_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person_id", "month"], condition=Q(kind=LetterKind.DIGEST), name="one_digest_a_month"
            ),
            models.CheckConstraint(
                name="a_digest_has_its_month",
                condition=Q(kind=LetterKind.ALONE, month="") | (Q(kind=LetterKind.DIGEST) & ~Q(month="")),
            ),
            models.CheckConstraint(
                name="letter_is_sent_or_given_up_not_both", condition=Q(sent_at=None) | Q(given_up_at=None)
            ),
        ]
        indexes = [
            models.Index(fields=["person_id", "-made_at"], name="letters_of_a_person"),
            models.Index(fields=["due_at"], condition=Q(sent_at=None, given_up_at=None), name="letters_under_way"),
            models.Index(fields=["made_at"], name="letters_by_age"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Notice(models.Model):
    """Something waits for a person: of which kind, since when, and when a letter told them so; never what.

    `letter` is the one that tells, until it went or was given up. An id that is made of what it is about keeps one
    thing from being noticed twice.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person_id = models.UUIDField()
    kind = models.CharField(max_length=16, choices=NoticeKind)
    at = models.DateTimeField()
    at_desk = models.BooleanField(default=False)
    letter = models.ForeignKey(Letter, null=True, on_delete=models.SET_NULL, related_name="notices")
    told_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["person_id", "-at"], name="notices_of_a_person"),
            models.Index(fields=["person_id"], condition=Q(letter=None, told_at=None), name="notice_untold"),
            models.Index(fields=["at"], name="notices_by_age"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
