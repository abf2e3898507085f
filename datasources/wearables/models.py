"""Uploads on their way, daily figures, and a person's choices. Everything about health stands sealed."""

import uuid

from django.db import models
from django.db.models import Q
from uuid_utils.compat import uuid7

from datasources.wearables.enums import OPEN, ImportState, TieFault, TieState
from datasources.wearables.points import Measure

SHARED_DAYS = (30, 90, 365)


class Import(models.Model):
    """One file that a person brought: while it is open it lies in the spool, sealed under a key of its own.

    `sealed_key` opens the file, and is itself sealed under the person's `brought` key; when the file is gone, so is it.
    `size` and `received` are in bytes; `points_read` tells how far the reading is, `beat_at` that somebody is at it.
    `with_routes`: the person asked that its routes be kept for themselves.
    `sealed_report` (same key): `queries.imports.ImportReport`. `fault` is an `ImportFault` or a `troubles.Trouble`.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person_id = models.UUIDField()
    state = models.CharField(max_length=10, choices=ImportState)
    size = models.PositiveBigIntegerField()
    received = models.PositiveBigIntegerField(default=0)
    sealed_key = models.BinaryField(null=True)
    began_at = models.DateTimeField()
    beat_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    points_read = models.PositiveBigIntegerField(default=0)
    with_routes = models.BooleanField(default=False)
    fault = models.CharField(max_length=40, blank=True, default="")
    sealed_report = models.BinaryField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="only_an_open_import_has_a_key_and_no_end",
                condition=Q(state__in=OPEN, sealed_key__isnull=False, ended_at=None)
                | ~Q(state__in=OPEN) & Q(sealed_key=None, ended_at__isnull=False),
            ),
            models.CheckConstraint(
                name="only_a_failed_import_has_a_fault", condition=Q(state=ImportState.FAILED) ^ Q(fault="")
            ),
        ]
        indexes = [models.Index(fields=["person_id", "-id"], name="imports_of_a_person")]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_open(self) -> bool:
        """It is arriving, waits, or is being read."""
        return self.state in OPEN


class Figures(models.Model):
    """A year of daily figures of one measure, as Open mHealth and IEEE 1752.1 write data points (`mhealth`).

    JSON, compressed, sealed under the person's `brought` key; associated data: table, column, person, measure, year.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person_id = models.UUIDField()
    measure = models.CharField(max_length=20, choices=[(each.value, each.value) for each in Measure])
    year = models.PositiveSmallIntegerField()
    sealed = models.BinaryField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person_id", "measure", "year"], name="a_year_of_a_measure_is_one_row")
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.year}"


class DayBooks(models.Model):
    """What a later file is merged by: `rules.DayState` of each day of a month, so that nothing counts twice.

    Sealed as figures are, and read by nobody but whoever merges, takes a source away or chooses another order.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person_id = models.UUIDField()
    month = models.DateField()
    sealed = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person_id", "month"], name="a_month_of_day_books_is_one_row")]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class KeptRoute(models.Model):
    """One route that a person kept for themselves. No role but theirs and the worker's may read it.

    `sealed_told` (JSON) is what a list shows, `sealed_places` (`routes.shapes.packed`) the way; both stand under the
    person's `brought` key. `digest` tells the same route again, from whatever file, under that key as well.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person_id = models.UUIDField()
    digest = models.BinaryField(max_length=32)
    sealed_told = models.BinaryField()
    sealed_places = models.BinaryField()
    kept_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person_id", "digest"], name="a_route_is_kept_once")]

    def __str__(self) -> str:
        return str(self.pk)


class Choice(models.Model):
    """What a person chose: which source goes first (`sealed_priority`, JSON), how many days are handed over.

    `sealed_area` (JSON): the postcode in which their steps are counted, where they told one.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person_id = models.UUIDField(unique=True)
    sealed_priority = models.BinaryField(null=True)
    sealed_area = models.BinaryField(null=True)
    days_shared = models.PositiveSmallIntegerField(default=SHARED_DAYS[0])
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="thirty_ninety_or_a_years_days", condition=Q(days_shared__in=SHARED_DAYS))
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Tie(models.Model):
    """One person's account at one maker, tied to the portal. `sealed_tokens` (JSON, their `brought` key) opens it.

    Where the other end cut it the tokens are gone and the row stays, to say so. `fetched_at`: when all was last
    fetched; `asked_at`: when somebody last asked for it; `waits_until_at`: the maker wants no question before;
    `leased_until_at`: a worker is at it until then, for a refresh token is good once.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person_id = models.UUIDField()
    maker = models.CharField(max_length=10)
    state = models.CharField(max_length=5, choices=TieState)
    sealed_tokens = models.BinaryField(null=True)
    tied_at = models.DateTimeField()
    fetched_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)
    waits_until_at = models.DateTimeField(null=True)
    leased_until_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=10, choices=TieFault, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person_id", "maker"], name="a_maker_is_tied_once"),
            models.CheckConstraint(
                name="only_what_is_tied_has_tokens", condition=Q(state=TieState.TIED) ^ Q(sealed_tokens=None)
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class WalkingSum(models.Model):
    """What is published of a week: steps of twenty people or more together. `area`: a postcode; empty: everywhere."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    week = models.DateField()
    area = models.CharField(max_length=5, blank=True, default="")
    people = models.PositiveIntegerField()
    steps = models.PositiveBigIntegerField()
    counted_at = models.DateTimeField()

    class Meta:
        ordering = ["week", "area"]
        constraints = [
            models.UniqueConstraint(fields=["week", "area"], name="an_area_is_counted_once_a_week"),
            models.CheckConstraint(name="nobody_is_counted_among_fewer_than_twenty", condition=Q(people__gte=20)),
        ]

    def __str__(self) -> str:
        return f"{self.week} {self.area}"
