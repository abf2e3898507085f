"""Where a department's system wants to be told of changes, and what is to be told there."""

import uuid
from urllib.parse import urlsplit

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from consents.enums import AnnouncementKind, SwitchedOff
from consents.models.announcements import Announcement


class Webhook(models.Model):
    """One address of one system. `client` is the system's id in the API, `system` its name when the webhook was made.

    `kinds`: of which changes it wants to hear; empty: of all. `older_secret` signs beside the new one until
    `older_until_at`. `failing_since_at`: the first failure after the last success; `failures` in a row. Until
    `resting_until_at` nothing is sent. A run holds it until `leased_until_at`; a job is asked for at `rung_for_at`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.UUIDField()
    system = models.CharField(_("System"), max_length=120)
    department = models.CharField(_("Department"), max_length=60)
    url = models.CharField(max_length=500)
    kinds = ArrayField(models.CharField(max_length=24, choices=AnnouncementKind), default=list)
    contact_email = models.CharField(_("E-mail of its keeper"), max_length=254)
    sealed_secret = models.BinaryField()
    older_secret = models.BinaryField(null=True)
    older_until_at = models.DateTimeField(null=True)
    switched_on = models.BooleanField(default=True)
    switched_off_because = models.CharField(max_length=8, choices=SwitchedOff, blank=True, default="")
    switched_off_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    last_success_at = models.DateTimeField(null=True)
    failing_since_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    resting_until_at = models.DateTimeField(null=True)
    leased_until_at = models.DateTimeField(null=True)
    rung_for_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        ordering = ["department", "system", "created_at"]
        constraints = [
            models.CheckConstraint(
                name="webhook_that_is_off_says_why_and_since_when",
                condition=Q(switched_on=True, switched_off_because="", switched_off_at=None)
                | (Q(switched_on=False, switched_off_at__isnull=False) & ~Q(switched_off_because="")),
            ),
            models.CheckConstraint(
                name="older_secret_of_a_webhook_has_an_end",
                condition=Q(older_secret=None, older_until_at=None)
                | Q(older_secret__isnull=False, older_until_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["client"], name="webhook_of_a_system"),
            models.Index(fields=["department"], condition=Q(switched_on=True), name="webhook_listens"),
        ]

    def __str__(self) -> str:
        return self.host

    @property
    def host(self) -> str:
        """Of the address, which may tell more than is to be seen."""
        return urlsplit(self.url).hostname or ""


class Delivery(models.Model):
    """One message to one webhook: of a change, or a ping when it has none. Its id is the message's `webhook-id`.

    `wanted_at`: since when it is tried, for three days; `due_at`: when next. `status`: of the last answer (HTTP);
    `fault`: why there was none. Nothing of an answer is kept.
    """

    id = models.UUIDField(_("Number of the message"), primary_key=True, default=uuid7, editable=False)
    webhook = models.ForeignKey(Webhook, verbose_name=_("Webhook"), on_delete=models.CASCADE, related_name="deliveries")
    announcement = models.ForeignKey(Announcement, on_delete=models.PROTECT, null=True, related_name="+")
    department = models.CharField(max_length=60)
    kind = models.CharField(max_length=24)
    made_at = models.DateTimeField(_("Made"))
    wanted_at = models.DateTimeField()
    due_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(_("Times tried"), default=0)
    tried_at = models.DateTimeField(_("Last tried"), null=True)
    took_ms = models.PositiveIntegerField(null=True)
    status = models.PositiveSmallIntegerField(_("Last answer"), null=True)
    fault = models.CharField(max_length=12, blank=True, default="")
    delivered_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("message to a webhook")
        verbose_name_plural = _("messages to webhooks")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["webhook", "announcement"],
                condition=Q(announcement__isnull=False),
                name="a_webhook_is_told_of_a_change_by_one_message",
            ),
            models.CheckConstraint(
                name="delivery_is_delivered_or_given_up_not_both",
                condition=Q(delivered_at=None) | Q(given_up_at=None),
            ),
        ]
        indexes = [
            models.Index(
                fields=["webhook", "due_at"],
                condition=Q(delivered_at=None, given_up_at=None),
                name="delivery_waits",
            ),
            models.Index(fields=["webhook", "-id"], name="delivery_log"),
            models.Index(fields=["made_at"], name="delivery_is_old"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
