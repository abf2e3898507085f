"""What a person says is wrong, and what they send along to show it. All of it stands sealed under their own key."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Correction(models.Model):
    """Which field of which dataset is wrong. `sealed_told` opens to `correcting.Told`: what is held, what is right.

    `promised_at` when staff answered that it will be corrected at its source; `seen_at` when the source showed that.
    """

    request = models.OneToOneField("requests.Request", models.CASCADE, primary_key=True, related_name="correction")
    person_id = models.UUIDField(db_index=True)
    department = models.CharField(_("Department"), max_length=60)
    dataset = models.CharField(_("Data"), max_length=60)
    field = models.CharField(_("Field"), max_length=60)
    sealed_told = models.BinaryField()
    asked_at = models.DateTimeField()
    promised_at = models.DateTimeField(_("Promised"), null=True)
    seen_at = models.DateTimeField(_("Seen corrected"), null=True)

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        constraints = [
            models.CheckConstraint(
                name="what_is_seen_corrected_was_promised", condition=Q(seen_at=None) | Q(promised_at__isnull=False)
            ),
        ]
        indexes = [
            models.Index(
                fields=["promised_at"],
                condition=Q(promised_at__isnull=False, seen_at=None),
                name="corrections_waited_for",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Evidence(models.Model):
    """One file that was sent along; `sealed_name` is how the sender calls it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.ForeignKey("requests.Request", models.CASCADE, related_name="evidence")
    person_id = models.UUIDField(db_index=True)
    department = models.CharField(_("Department"), max_length=60)
    kind = models.CharField(_("Kind"), max_length=4)
    size = models.PositiveIntegerField(_("Size"))
    sealed_name = models.BinaryField()
    sealed_body = models.BinaryField()
    came_at = models.DateTimeField(_("Came"))

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["came_at", "id"]

    def __str__(self) -> str:
        return str(self.pk)
