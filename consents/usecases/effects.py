"""What a use case was expected to bring, what it cost, and how often its data was used: numbers, and about nobody."""

import uuid
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from consents.usecases.enums import CostKind, Counted, UseKind


def _minutes(label: Any) -> "models.DecimalField[Any, Any]":
    return models.DecimalField(label, max_digits=6, decimal_places=1)


def _euro(label: Any) -> "models.DecimalField[Any, Any]":
    return models.DecimalField(label, max_digits=9, decimal_places=2)


class Expectation(models.Model):
    """What one use is expected to save, beforehand; never changed: a change is a new version.

    Minutes and euro are of one use, from the lowest to the highest that is thought possible; euro are what the city
    saves, its staff's time among them. `reason`: {language: text}, which a version made `after_trial` began must have.
    `made_up`: example numbers, and the pages say so.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("usecases.Case", on_delete=models.CASCADE, related_name="expectations", db_index=False)
    version = models.PositiveIntegerField()
    counted = models.CharField(_("What counts as one use"), max_length=9, choices=Counted, default=Counted.DISCLOSED)
    resident_low = _minutes(_("Minutes a resident saves, at least"))
    resident_likely = _minutes(_("Minutes a resident saves, most likely"))
    resident_high = _minutes(_("Minutes a resident saves, at most"))
    staff_low = _minutes(_("Minutes staff save, at least"))
    staff_likely = _minutes(_("Minutes staff save, most likely"))
    staff_high = _minutes(_("Minutes staff save, at most"))
    euro_low = _euro(_("Euro the city saves, at least"))
    euro_likely = _euro(_("Euro the city saves, most likely"))
    euro_high = _euro(_("Euro the city saves, at most"))
    uses_a_year = models.PositiveIntegerField(_("Uses a year"))
    build_euro = models.PositiveIntegerField(_("Cost to build, euro"))
    yearly_euro = models.PositiveIntegerField(_("Cost to run, euro a year"))
    after_trial = models.BooleanField(default=False)
    reason = models.JSONField(default=dict)
    made_up = models.BooleanField(default=False)
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = _("expectation")
        verbose_name_plural = _("expectations")
        ordering = ["case", "version"]
        constraints = [
            models.UniqueConstraint(fields=["case", "version"], name="an_expectation_has_its_number_once"),
            models.CheckConstraint(
                name="what_is_expected_lies_between_its_bounds",
                condition=Q(resident_low__lte=F("resident_likely"), resident_likely__lte=F("resident_high"))
                & Q(staff_low__lte=F("staff_likely"), staff_likely__lte=F("staff_high"))
                & Q(euro_low__lte=F("euro_likely"), euro_likely__lte=F("euro_high")),
            ),
            models.CheckConstraint(
                name="what_is_expected_later_has_its_reason", condition=Q(after_trial=False) | ~Q(reason={})
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Cost(models.Model):
    """What a case cost in one month, as staff entered it; never changed: the newest of a month and kind holds.

    `month`: its first day. `reason`: where the number comes from, or why it stands in place of an older one.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("usecases.Case", on_delete=models.CASCADE, related_name="costs", db_index=False)
    month = models.DateField(_("Month"))
    kind = models.CharField(_("Cost"), max_length=5, choices=CostKind)
    euro = models.PositiveIntegerField(_("Euro"))
    reason = models.CharField(_("Where the number comes from"), max_length=300)
    made_up = models.BooleanField(default=False)
    entered_at = models.DateTimeField()

    class Meta:
        verbose_name = _("cost")
        verbose_name_plural = _("costs")
        ordering = ["case", "month", "kind", "entered_at"]
        constraints = [
            models.CheckConstraint(name="a_cost_is_of_a_whole_month", condition=Q(month__day=1)),
            models.CheckConstraint(name="a_cost_has_its_reason", condition=~Q(reason="")),
        ]
        indexes = [models.Index(fields=["case", "month", "kind", "-entered_at"], name="costs_of_a_case")]

    def __str__(self) -> str:
        return str(self.pk)


class UsesOfMonth(models.Model):
    """How often data was used for one purpose in one month of Finnish time, counted from numbered log entries.

    `by_algorithm`: these are the uses in which an algorithm took part; the others stand in a row of their own.
    `of_enough`: by at least `rules.effect.FEWEST` people; only then anybody is told.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    purpose = models.SlugField(max_length=60)
    kind = models.CharField(max_length=9, choices=UseKind)
    month = models.DateField()
    by_algorithm = models.BooleanField(default=False)
    uses = models.PositiveBigIntegerField()
    of_enough = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("uses in a month")
        verbose_name_plural = _("uses by month")
        ordering = ["purpose", "month", "kind", "by_algorithm"]
        constraints = [
            models.UniqueConstraint(
                fields=["purpose", "kind", "month", "by_algorithm"], name="a_month_of_uses_is_counted_in_one_row"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class FirstPeople(models.Model):
    """Marks of the first four people of a month, by which nobody is found; they go when there is a fifth."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    of = models.ForeignKey(UsesOfMonth, on_delete=models.CASCADE, related_name="first_people", db_index=False)
    mark = models.BinaryField(max_length=16)
    counted_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["of", "mark"], name="one_of_the_first_is_counted_once")]
        indexes = [models.Index(fields=["counted_at"], name="first_people_by_age")]

    def __str__(self) -> str:
        return str(self.pk)


class Counting(models.Model):
    """How far the log is counted: one row. `next_index`: the first entry that is not."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    next_index = models.PositiveBigIntegerField(default=0)
    counted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(name="there_is_one_counting", condition=Q(id=1))]

    def __str__(self) -> str:
        return str(self.next_index)
