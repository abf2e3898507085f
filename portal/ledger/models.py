"""The log as the database shows it; the tables themselves are made by SQL in the first migration."""

from django.db import models


class Entry(models.Model):
    """One thing that happened: a view over pending and numbered entries. Columns are generated from `body`."""

    id = models.UUIDField(primary_key=True)
    body = models.BinaryField()
    kind = models.TextField()
    at = models.DateTimeField()
    actor_kind = models.TextField()
    actor_id = models.TextField()
    actor_right = models.TextField()
    unit = models.TextField()
    role = models.TextField()
    subject = models.UUIDField(null=True)
    department = models.TextField()
    purpose = models.TextField()
    datasets = models.JSONField()
    reference = models.TextField()
    counts = models.JSONField()
    index = models.BigIntegerField(null=True)
    sequenced_at = models.DateTimeField(null=True)

    class Meta:
        managed = False
        db_table = "ledger_log"
        ordering = ["-id"]
        verbose_name = "log entry"
        verbose_name_plural = "log entries"
