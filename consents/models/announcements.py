"""What a department's systems are to hear: every change in the order of its commit, and who has heard."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from consents.enums import AnnouncementKind

_SUBJECT = 16


class Announcement(models.Model):
    """One change that one department may hear of, written with the change itself.

    `number` is given after commit, in the order of commits and without gaps, and with it `subject`, the person's
    pseudonym for this department: 16 bytes, or none when nobody can tell it any more. `due_at` is set when
    something that was on has ended or shrunk: every system that may have relied on it is to say that it acted.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.BigIntegerField(null=True, unique=True)
    numbered_at = models.DateTimeField(null=True)
    department = models.CharField(max_length=60)
    kind = models.CharField(max_length=24, choices=AnnouncementKind)
    person_id = models.UUIDField(db_index=True)
    subject = models.BinaryField(max_length=16, null=True)
    purpose = models.CharField(max_length=60, blank=True)
    consent = models.UUIDField(null=True)
    datasets = ArrayField(models.CharField(max_length=60), default=list)
    algorithm = models.CharField(max_length=60, blank=True, default="")
    happened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(
                name="numbered_announcement_has_its_time",
                condition=Q(number=None, numbered_at=None) | Q(number__isnull=False, numbered_at__isnull=False),
            ),
            models.CheckConstraint(
                name="announcement_names_its_subject_by_16_bytes",
                condition=Q(subject=None) | Q(Exact(Length("subject"), _SUBJECT)),
            ),
        ]
        indexes = [
            models.Index(fields=["department", "number"], name="announcement_feed"),
            models.Index(fields=["happened_at", "id"], condition=Q(number=None), name="announcement_waits"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Telling(models.Model):
    """That one system is to act on an announcement. `client` is the system's id in the API, `system` its name then.

    `told_at` when it was first handed over, `acknowledged_at` when the system said that it acted; `alarmed_at` when
    those who keep the registers were told, once, that it is late.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    announcement = models.ForeignKey(Announcement, on_delete=models.PROTECT, related_name="tellings")
    person_id = models.UUIDField(db_index=True)
    department = models.CharField(_("Department"), max_length=60)
    client = models.UUIDField()
    system = models.CharField(_("System"), max_length=120)
    due_at = models.DateTimeField(_("To be acted on by"))
    told_at = models.DateTimeField(_("Told"), null=True)
    acknowledged_at = models.DateTimeField(_("Acted on"), null=True)
    alarmed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("change that a system is told")
        verbose_name_plural = _("changes that systems are told")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["announcement", "client"], name="one_telling_of_a_change_to_a_system"),
            models.CheckConstraint(
                name="acknowledged_telling_was_told",
                condition=Q(acknowledged_at=None) | Q(told_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["client", "announcement"], condition=Q(acknowledged_at=None), name="telling_waits"),
            models.Index(fields=["due_at"], condition=Q(acknowledged_at=None), name="telling_is_late"),
            # The list of the back office, oldest first.
            models.Index(fields=["due_at"], name="telling_by_day"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
