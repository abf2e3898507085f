"""What staff told of a person's life: one tells, another confirms, and only then does anything happen."""

import uuid
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.requests.life.enums import LifeKind, Seen


class LifeChange(models.Model):
    """A death, a new identity code, two accounts of one person, or one of two. The case is told by its number.

    `new_mark`, of the code that holds from then on, or of the second person's: one-way, so that whoever confirms knows
    it from the papers. Of an account of two people: `goes` is {thing in it: whose}, where not the first person's;
    `paused` are the permissions that were on when it was shut; `seen`, whether one may have seen what is the other's.

    `reminded_at`: when the officers were written to, as the account is shut and nobody has confirmed it.

    `heard_at`: a new code that the population register told. It has no case, and nobody who told it, before an officer
    takes it up.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person_id = models.UUIDField(db_index=True)
    kind = models.CharField(_("What happened"), max_length=8, choices=LifeKind)
    case = models.CharField(_("Number of the case"), max_length=60)
    new_mark = models.BinaryField(max_length=16, null=True)
    told_at = models.DateTimeField(_("Told"))
    told_by = models.CharField(max_length=150)
    confirmed_at = models.DateTimeField(_("Confirmed"), null=True)
    confirmed_by = models.CharField(max_length=150, blank=True, default="")
    dropped_at = models.DateTimeField(_("Dropped"), null=True)
    dropped_by = models.CharField(max_length=150, blank=True, default="")
    heard_at = models.DateTimeField(_("Told by the register"), null=True)
    goes = models.JSONField(default=dict)
    paused = ArrayField(models.UUIDField(), default=list)
    reminded_at = models.DateTimeField(null=True)
    seen = models.CharField(_("May have seen the other’s data"), max_length=3, choices=Seen, blank=True, default="")

    objects: ClassVar[models.Manager["LifeChange"]] = models.Manager()

    class Meta:
        verbose_name = _("change in a life")
        verbose_name_plural = _("changes in lives")
        ordering = ["-told_at"]
        constraints = [
            models.CheckConstraint(
                name="a_change_in_a_life_is_confirmed_by_another",
                condition=Q(confirmed_at=None, confirmed_by="")
                | Q(confirmed_at__isnull=False) & ~Q(confirmed_by="") & ~Q(confirmed_by=F("told_by")),
            ),
            models.CheckConstraint(
                name="what_was_dropped_was_not_confirmed", condition=Q(dropped_at=None) | Q(confirmed_at=None)
            ),
            models.CheckConstraint(
                name="a_new_code_has_its_mark",
                condition=Q(kind__in=[LifeKind.CODE, LifeKind.JOIN, LifeKind.SPLIT], new_mark__isnull=False)
                | Q(kind=LifeKind.DEATH, new_mark=None),
            ),
            models.CheckConstraint(
                name="nothing_is_confirmed_that_no_officer_told",
                condition=Q(heard_at__isnull=False, told_by="", case="", confirmed_at=None)
                | ~Q(told_by="") & ~Q(case=""),
            ),
            models.CheckConstraint(
                name="a_split_is_confirmed_with_its_answer",
                condition=Q(kind=LifeKind.SPLIT, confirmed_at=None, seen="")
                | Q(kind=LifeKind.SPLIT, confirmed_at__isnull=False, seen__in=Seen.values)
                | ~Q(kind=LifeKind.SPLIT) & Q(seen="", goes={}, paused=[]),
            ),
        ]

    def __str__(self) -> str:
        return self.case or str(self.get_kind_display())
