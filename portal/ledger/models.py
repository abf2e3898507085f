"""The log as the database shows it; the tables themselves are made by SQL in the first migration."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Entry(models.Model):
    """One thing that happened: a view over pending and numbered entries. Columns are generated from `body`."""

    id = models.UUIDField(primary_key=True)
    body = models.BinaryField()
    kind = models.TextField(_("What happened"))
    at = models.DateTimeField(_("When"))
    actor_kind = models.TextField(_("Who"))
    actor_id = models.TextField()
    actor_right = models.TextField()
    unit = models.TextField(_("Unit"))
    role = models.TextField()
    subject = models.UUIDField(null=True)
    department = models.TextField(_("Department"))
    purpose = models.TextField(_("Purpose"))
    datasets = models.JSONField()
    reference = models.TextField(_("Case number"))
    counts = models.JSONField()
    index = models.BigIntegerField(_("Place in the log"), null=True)
    sequenced_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("log entry")
        verbose_name_plural = _("log entries")
        managed = False
        db_table = "ledger_log"
        ordering = ["-id"]
