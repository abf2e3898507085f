"""Keys of other cities, which are about nobody; and packages that arrive, with their items, each row sealed."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from datasources.transfers.enums import ArrivalState, ItemState, Way


class CityKeys(models.Model):
    """The key set that a trusted city last gave (`trust.keysets`). `asked_at`: when it was last asked for.

    Every process reads it here: one question of one process is enough for all.
    """

    city = models.CharField(_("City"), max_length=80, primary_key=True)
    keys = models.JSONField(default=list)
    asked_at = models.DateTimeField(_("Last asked"))
    fetched_at = models.DateTimeField(_("Last answered"), null=True)

    class Meta:
        ordering = ["city"]
        verbose_name = _("keys of another city")
        verbose_name_plural = _("keys of other cities")

    def __str__(self) -> str:
        return self.city


class WithdrawnKey(models.Model):
    """A key of another city that this city's staff no longer believe: from `withdrawn_at` on nothing it signed holds.

    Whatever the other city says of it; the earlier of two moments counts. `reason`: in the staff's own words.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    city = models.CharField(_("City"), max_length=80)
    kid = models.CharField(_("Name of the key (kid)"), max_length=200)
    withdrawn_at = models.DateTimeField(_("In other hands since"))
    reason = models.CharField(_("Why"), max_length=500)
    written_at = models.DateTimeField(_("Written down"))

    class Meta:
        ordering = ["-written_at"]
        verbose_name = _("withdrawn key of another city")
        verbose_name_plural = _("withdrawn keys of other cities")
        constraints = [models.UniqueConstraint(fields=["city", "kid"], name="a_key_is_withdrawn_once")]

    def __str__(self) -> str:
        return f"{self.city} {self.kid}"


class Arrival(models.Model):
    """One package, by hand or straight. `sealed_key` (the person's `brought` key) opens its file and its columns.

    `sealed_report`: JSON, what the package says of itself. `sealed_errand`: JSON, the PKCE verifier, code and token of
    a fetching, gone when it is over. `state_digest`, `nonce_digest`: SHA-256. `size` in bytes; `made` of `parts` are
    ready at the other city. `goes_at`: when what was not accepted goes. `accepted_at`: when the first of its items was.
    `fault` is a `Fault` or a `package.reasons.Reason`. `beat_at`: that somebody is at it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person_id = models.UUIDField()
    way = models.CharField(max_length=10, choices=Way)
    state = models.CharField(max_length=10, choices=ArrivalState)
    city = models.CharField(max_length=80, blank=True, default="")
    size = models.PositiveBigIntegerField(default=0)
    made = models.PositiveIntegerField(default=0)
    parts = models.PositiveIntegerField(default=0)
    sealed_key = models.BinaryField()
    sealed_errand = models.BinaryField(null=True)
    sealed_report = models.BinaryField(null=True)
    state_digest = models.BinaryField(null=True, unique=True)
    nonce_digest = models.BinaryField(null=True)
    began_at = models.DateTimeField()
    beat_at = models.DateTimeField(null=True)
    goes_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="only_an_arrival_that_failed_has_a_fault",
                condition=Q(state=ArrivalState.FAILED) ^ Q(fault=""),
            ),
            models.CheckConstraint(
                name="only_an_arrival_that_is_over_has_an_end",
                condition=Q(state__in=(ArrivalState.CLOSED, ArrivalState.FAILED)) ^ Q(ended_at=None),
            ),
            models.CheckConstraint(
                name="what_waits_for_answers_goes_at_a_time",
                condition=~Q(state=ArrivalState.READY) | Q(goes_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["person_id", "-id"], name="arrivals_of_a_person"),
            models.Index(fields=["goes_at"], name="arrivals_that_go", condition=Q(state=ArrivalState.READY)),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_open(self) -> bool:
        """It is on its way, or being checked."""
        return self.state not in {ArrivalState.READY, ArrivalState.CLOSED, ArrivalState.FAILED}


class Item(models.Model):
    """One dataset of a package: `sealed_told` (JSON, `items.Told`) and `sealed_body` (its files, as they came).

    Both lie under a key of the item's own, which `sealed_key` holds under the person's `brought` key. `key_id` names
    the issuer's key. Until it is accepted it goes at `goes_at`. `rulebook`: the version that this city kept when it was
    accepted; empty where it had adopted none.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person_id = models.UUIDField()
    arrival_id = models.UUIDField()
    number = models.PositiveIntegerField()
    dataset = models.CharField(max_length=100)
    issuer = models.CharField(max_length=80)
    key_id = models.CharField(max_length=200)
    issued_at = models.DateTimeField()
    row_count = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=ItemState, default=ItemState.WAITING)
    sealed_key = models.BinaryField()
    sealed_told = models.BinaryField()
    sealed_body = models.BinaryField()
    goes_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    rulebook = models.CharField(max_length=20, blank=True, default="")

    class Meta:
        ordering = ["arrival_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["arrival_id", "number"], name="an_item_stands_once_in_its_package"),
            models.CheckConstraint(
                name="what_is_not_accepted_goes",
                condition=Q(state=ItemState.ACCEPTED, goes_at=None, accepted_at__isnull=False)
                | ~Q(state=ItemState.ACCEPTED) & Q(goes_at__isnull=False, accepted_at=None),
            ),
        ]
        indexes = [
            models.Index(fields=["person_id", "dataset"], name="items_of_a_person"),
            models.Index(fields=["goes_at"], name="items_that_go", condition=Q(goes_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return str(self.pk)
