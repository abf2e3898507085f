"""Who is to hear of a change: one row a change and a system that may have relied on what was on."""

from django.db import models
from uuid_utils.compat import uuid7

from consents.models.answers import ConsentEvent


class Telling(models.Model):
    """A change that one department system is to hear of. `client` is the system's id in the API.

    `told_at` when it was handed over, `acknowledged_at` when the system said that it heard.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    event = models.ForeignKey(ConsentEvent, on_delete=models.PROTECT, related_name="tellings")
    department = models.CharField(max_length=60)
    client = models.UUIDField()
    created_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["event", "client"], name="one_telling_of_a_change_to_a_system"),
            models.CheckConstraint(
                name="acknowledged_telling_was_told",
                condition=models.Q(acknowledged_at=None) | models.Q(told_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["client"], condition=models.Q(acknowledged_at=None), name="telling_waits"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
