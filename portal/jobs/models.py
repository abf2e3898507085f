"""The outbox."""

from django.db import models
from django.db.models import F, Q
from uuid_utils.compat import uuid7


class Job(models.Model):
    """Work to be done once. `arguments` hold ids and slugs only; `id` is Celery's task id too."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=100)
    queue = models.CharField(max_length=20)
    arguments = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)
    due_at = models.DateTimeField()
    rung_at = models.DateTimeField(null=True)
    leased_until_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    quarantined_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(quarantined_at__isnull=True),
                name="job_is_done_or_quarantined_not_both",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(done_at=None, quarantined_at=None), name="job_waiting"),
            models.Index(
                F("rung_at").asc(nulls_first=True),
                F("due_at"),
                condition=Q(done_at=None, quarantined_at=None),
                name="job_to_ring",
            ),
        ]
