"""What may not be used for now, or any more, because the person said so."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from consents.enums import Ground


class Restriction(models.Model):
    """One thing of one person that is held back: a register, one of its datasets, a purpose, an algorithm, by its slug.

    `department` keeps it. It holds from `begins_at` until `lifted_at`; without a beginning it was only asked for. With
    `objected_at` an objection stands for good (GDPR 21); until then it is weighed, and its use restricted (18(1)(d)).
    Before it is lifted by anybody but the person, they are told at `told_at` that it ends at `lifts_at` (18(3)).
    `request` is that of the person's requests by which it was asked.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person_id = models.UUIDField(db_index=True)
    department = models.CharField(_("Department"), max_length=60)
    register = models.CharField(_("Register"), max_length=60, blank=True, default="")
    dataset = models.CharField(_("Data"), max_length=60, blank=True, default="")
    purpose = models.CharField(_("Use of data"), max_length=60, blank=True, default="")
    algorithm = models.CharField(_("Algorithm"), max_length=60, blank=True, default="")
    ground = models.CharField(_("Reason"), max_length=10, choices=Ground)
    request = models.UUIDField()
    asked_at = models.DateTimeField(_("Asked"))
    begins_at = models.DateTimeField(_("In force since"), null=True)
    objected_at = models.DateTimeField(_("Objection stands since"), null=True)
    told_at = models.DateTimeField(_("End told"), null=True)
    lifts_at = models.DateTimeField(_("Ends"), null=True)
    lifted_at = models.DateTimeField(_("Ended"), null=True)

    class Meta:
        verbose_name = _("restriction of use")
        verbose_name_plural = _("restrictions of use")
        ordering = [F("lifted_at").desc(nulls_first=True), "asked_at"]
        constraints = [
            models.UniqueConstraint(fields=["request"], name="a_request_holds_back_one_thing"),
            models.CheckConstraint(
                name="one_thing_is_held_back",
                condition=Q(dataset="", purpose="", algorithm="") & ~Q(register="")
                | Q(register="", purpose="", algorithm="") & ~Q(dataset="")
                | Q(register="", dataset="", algorithm="") & ~Q(purpose="")
                | Q(register="", dataset="", purpose="") & ~Q(algorithm=""),
            ),
            models.CheckConstraint(
                name="an_end_is_told_before_it_comes",
                condition=Q(told_at=None, lifts_at=None) | Q(told_at__lt=F("lifts_at")),
            ),
            models.CheckConstraint(
                name="an_objection_that_stands_is_in_force",
                condition=Q(objected_at=None)
                | Q(begins_at__isnull=False, ground__in=[Ground.SITUATION, Ground.MARKETING, Ground.OPT_OUT]),
            ),
        ]
        indexes = [
            # What a check reads of those it is asked about, and nothing but the index.
            models.Index(
                fields=["person_id"],
                include=["purpose", "register", "dataset", "algorithm", "objected_at"],
                condition=Q(begins_at__isnull=False, lifted_at=None),
                name="restriction_decide",
            ),
            # Only those whose end is told: it must be no way to what a check reads, however few there are.
            models.Index(
                fields=["lifts_at"], condition=Q(lifted_at=None, lifts_at__isnull=False), name="restriction_ends"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def counted(self) -> dict[str, str]:
        """What its entries tell openly."""
        return {"ground": self.ground} | ({"algorithm": self.algorithm} if self.algorithm else {})
