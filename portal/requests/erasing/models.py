"""What a person chose to have erased, what the law holds, and what was erased."""

import uuid
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from portal.requests.erasing.enums import HoldReason
from portal.requests.models import Request

# Among the datasets of an erasure: what the person brought and wrote themselves. No slug of a dataset begins so.
OWN = "*own"


class Plan(models.Model):
    """A choice of what to erase; at first only rehearsed, then a request, at the end with its receipt.

    `chosen_by`: the pseudonymous id of the person, or of whoever acts for them, who see only their own choices.
    `registers` are slugs; `everything` takes what there is then, `leaving` leaves the departments' systems alone.
    `sealed_told`, under the person's `requests` key: what sources answered, and what came of each register. Copies are
    gone since `begun_at`: from then on it cannot be taken back.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person_id = models.UUIDField()
    everything = models.BooleanField(default=False)
    leaving = models.BooleanField(default=False)
    registers = ArrayField(models.CharField(max_length=60), default=list)
    request = models.OneToOneField(Request, models.CASCADE, related_name="erasure", null=True)
    chosen_by = models.CharField(max_length=60)
    chosen_at = models.DateTimeField()
    rehearsed_at = models.DateTimeField(null=True)
    begun_at = models.DateTimeField(null=True)
    kept_until_at = models.DateTimeField()
    sealed_told = models.BinaryField(null=True)
    sealed_receipt = models.BinaryField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="what_has_begun_was_asked", condition=Q(begun_at=None) | Q(request__isnull=False)
            ),
            models.CheckConstraint(name="who_leaves_takes_all", condition=Q(leaving=False) | Q(everything=True)),
        ]
        indexes = [models.Index(fields=["person_id"], name="plans_of_a_person")]

    def __str__(self) -> str:
        return str(self.pk)


class LegalHold(models.Model):
    """Nothing of this person, or of this register, is erased until the day, by this law. Two people make it.

    It holds from the first; confirmed by nobody, it ends by itself (rules.UNCONFIRMED_FOR). No free text: the case is
    told by its number.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person_id = models.UUIDField(null=True, db_index=True)
    register = models.CharField(_("Register"), max_length=60, blank=True, default="")
    reason = models.CharField(_("Reason"), max_length=10, choices=HoldReason)
    law = models.CharField(_("Law"), max_length=80)
    case = models.CharField(_("Number of the case"), max_length=60)
    until_on = models.DateField(_("Until"))
    made_at = models.DateTimeField(_("Made"))
    made_by = models.CharField(max_length=150)
    confirmed_at = models.DateTimeField(_("Confirmed"), null=True)
    confirmed_by = models.CharField(max_length=150, blank=True, default="")
    ended_at = models.DateTimeField(_("Ended"), null=True)
    ended_by = models.CharField(max_length=150, blank=True, default="")

    objects: ClassVar[models.Manager["LegalHold"]] = models.Manager()

    class Meta:
        verbose_name = _("legal hold")
        verbose_name_plural = _("legal holds")
        ordering = ["-made_at"]
        constraints = [
            models.CheckConstraint(
                name="a_hold_is_of_a_person_or_of_a_register",
                condition=Q(person_id__isnull=False, register="") | Q(person_id=None) & ~Q(register=""),
            ),
            models.CheckConstraint(
                name="a_hold_is_confirmed_by_another",
                condition=Q(confirmed_at=None, confirmed_by="")
                | Q(confirmed_at__isnull=False) & ~Q(confirmed_by="") & ~Q(confirmed_by=models.F("made_by")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.law} {self.until_on}"


class Erased(models.Model):
    """One erasure of copies, for ever: what a restore of an older backup must do again. It tells nothing else.

    `datasets` are slugs, or `OWN`; none: all of the person, whose keys ended.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person_id = models.UUIDField(db_index=True)
    datasets = ArrayField(models.CharField(max_length=60), default=list)
    until_sign_in = models.BooleanField(default=False)
    erased_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.pk)
