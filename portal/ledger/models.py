"""The log as the database shows it (the tables are made by SQL in the migrations), and its signed seals."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7


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


class Checkpoint(models.Model):
    """A signed head of the tree: append-only, one for each size that was sealed. `root`: 32 bytes."""

    size = models.BigIntegerField(_("Entries"), primary_key=True)
    root = models.BinaryField()
    note = models.TextField(_("Signed note"))
    signed_at = models.DateTimeField(_("When"))

    class Meta:
        verbose_name = _("seal of the log")
        verbose_name_plural = _("seals of the log")
        ordering = ["-size"]
        constraints = [
            models.CheckConstraint(condition=models.Q(size__gt=0), name="checkpoint_is_over_something"),
        ]


class Cosignature(models.Model):
    """A witness saw the log grow to so many entries: append-only. `line`: as it stands in the signed note."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    size = models.BigIntegerField(_("Entries"))
    witness = models.CharField(_("Witness"), max_length=255)
    line = models.TextField(_("Signed note"))
    signed_at = models.DateTimeField(_("When"))

    class Meta:
        verbose_name = _("cosignature of a seal")
        verbose_name_plural = _("cosignatures of seals")
        ordering = ["-size", "witness"]
        constraints = [
            models.UniqueConstraint(fields=["size", "witness"], name="a_witness_cosigns_a_checkpoint_once"),
        ]


class CopyPlace(models.TextChoices):
    """Where checkpoints are copied to, outside the database."""

    FOLDER = "folder", _("Folder")
    ADDRESS = "address", _("Address")


class Copying(models.Model):
    """How copying to one place goes: up to which size, and since when it fails."""

    # One of the places, or the name of a witness.
    place = models.CharField(_("Where to"), max_length=255, choices=CopyPlace, primary_key=True)
    size = models.BigIntegerField(_("Entries"), default=0)
    copied_at = models.DateTimeField(_("Last copied"), null=True)
    failing_since_at = models.DateTimeField(_("Failing since"), null=True)
    error = models.CharField(_("Fault"), max_length=100, default="", blank=True)

    class Meta:
        verbose_name = _("copying of seals")
        verbose_name_plural = _("copying of seals")
        ordering = ["place"]
