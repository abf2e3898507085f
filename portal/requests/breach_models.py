"""A breach of personal data: which entries of the log it is about, what is told of it, and who was told."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Breach(models.Model):
    """What went wrong, as entries of the log between `from_at` and `until_at`; empty criteria narrow nothing.

    `source`: of everybody of whom that source's data was here in that time. `account`: of an account that two people
    shared. `actor` is a client's or a staff member's pseudonymous id. From `known_at` 72 hours run (GDPR 33(1)).
    One person drafts, another confirms; only then are people told, in their language (GDPR 34(2)).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    from_at = models.DateTimeField(_("From"))
    until_at = models.DateTimeField(_("Until"))
    department = models.CharField(_("Department"), max_length=60, blank=True, default="")
    dataset = models.CharField(_("Data"), max_length=60, blank=True, default="")
    actor = models.CharField(_("Who did it: mark of a system or staff member"), max_length=150, blank=True, default="")
    source = models.CharField(
        _("Source: all whose data from it was here in that time"), max_length=60, blank=True, default=""
    )
    account = models.UUIDField(null=True)
    known_at = models.DateTimeField(_("Known since"))
    nature = models.TextField(_("What happened, for the authority"), max_length=4000)
    consequences = models.TextField(_("What it may lead to"), max_length=4000)
    measures = models.TextField(_("What was done about it"), max_length=4000)
    told_fi = models.TextField(_("What people are told, in Finnish"), max_length=4000)
    told_sv = models.TextField(_("What people are told, in Swedish"), max_length=4000)
    told_en = models.TextField(_("What people are told, in English"), max_length=4000)
    drafted_by = models.CharField(max_length=150)
    drafted_at = models.DateTimeField(_("Drafted"))
    confirmed_by = models.CharField(max_length=150, blank=True, default="")
    confirmed_at = models.DateTimeField(_("Confirmed"), null=True)
    all_told_at = models.DateTimeField(_("All told"), null=True)

    class Meta:
        verbose_name = _("breach of personal data")
        verbose_name_plural = _("breaches of personal data")
        ordering = ["-known_at"]
        constraints = [
            models.CheckConstraint(name="a_breach_ends_after_it_begins", condition=Q(until_at__gt=F("from_at"))),
            models.CheckConstraint(
                name="nobody_confirms_their_own_breach", condition=~Q(confirmed_by=F("drafted_by")) | Q(confirmed_by="")
            ),
            models.CheckConstraint(
                name="a_confirmed_breach_has_its_time",
                condition=Q(confirmed_by="", confirmed_at=None) | ~Q(confirmed_by="") & Q(confirmed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="nobody_is_told_of_an_unconfirmed_breach",
                condition=Q(all_told_at=None) | Q(confirmed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class BreachTold(models.Model):
    """That one person was told of a breach."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    breach = models.ForeignKey(Breach, models.CASCADE, related_name="told")
    person_id = models.UUIDField()
    told_at = models.DateTimeField()

    class Meta:
        verbose_name = _("person told of a breach")
        verbose_name_plural = _("people told of breaches")
        constraints = [
            models.UniqueConstraint(fields=["person_id", "breach"], name="a_person_is_told_of_a_breach_once"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
