"""Data given for the common good: the parts that one may give, and what came of it."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from consents.models.purposes import Purpose


class DonationModule(models.Model):
    """One part of a donation, which one gives or leaves out by itself (after the idea of 2022/868 Art. 25(2)).

    `parts` is `{language: {name, why}}`; `fields` are those of the purpose's optional data that it stands for, each
    reading `dataset.field`. A field stands in one part only.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    purpose = models.ForeignKey(Purpose, on_delete=models.CASCADE, related_name="modules")
    slug = models.SlugField(max_length=60)
    position = models.PositiveSmallIntegerField()
    parts = models.JSONField()
    fields = ArrayField(models.CharField(max_length=121))

    class Meta:
        ordering = ["purpose", "position"]
        constraints = [
            models.UniqueConstraint(fields=["purpose", "slug"], name="purpose_names_a_module_once"),
            models.CheckConstraint(name="a_module_stands_for_some_data", condition=~Q(fields=[])),
        ]

    def __str__(self) -> str:
        return self.slug


class Outcome(models.Model):
    """What came of data that was given: one report, in three languages; drafted by one person, published by another.

    `parts` is `{language: {title, text}}`. `givers`: how many were told of it, counted when all had been.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    purpose = models.ForeignKey(Purpose, verbose_name=_("Purpose"), on_delete=models.PROTECT, related_name="outcomes")
    parts = models.JSONField()
    drafted_by = models.CharField(max_length=60)
    drafted_at = models.DateTimeField(_("Drafted"))
    published_by = models.CharField(max_length=60, blank=True, default="")
    published_at = models.DateTimeField(_("Published"), null=True)
    givers = models.PositiveIntegerField(_("Givers who were told"), null=True)

    class Meta:
        verbose_name = _("report of what came of given data")
        verbose_name_plural = _("reports of what came of given data")
        ordering = [F("published_at").desc(nulls_first=True), "-drafted_at"]
        constraints = [
            models.CheckConstraint(
                name="a_report_is_published_by_somebody_at_a_time",
                condition=Q(published_by="", published_at=None) | (Q(published_at__isnull=False) & ~Q(published_by="")),
            ),
            models.CheckConstraint(
                name="nobody_publishes_a_report_of_their_own", condition=~Q(published_by=F("drafted_by"))
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
