"""Asking the sources about one person, because they are here and want to see."""

import uuid

from django.db import models

from datasources.models.sources import Source


class Asking(models.Model):
    """The newest asking of one source about one person; `answered_at` is empty while it is under way or queued."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person_id = models.UUIDField()
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="askings")
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person_id", "source"], name="one_asking_per_person_and_source")]

    def __str__(self) -> str:
        return str(self.pk)
