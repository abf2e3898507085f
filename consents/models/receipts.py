"""Receipts: what was handed to the resident as proof, exactly as it was signed."""

import uuid

from django.db import models

from consents.models.answers import Consent, ConsentEvent


class Receipt(models.Model):
    """The receipt of one event: append-only. `sealed` is its file, compressed, under the person's `proof` key."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="receipts")
    event = models.OneToOneField(ConsentEvent, on_delete=models.PROTECT, related_name="receipt")
    person_id = models.UUIDField(db_index=True)
    issued_at = models.DateTimeField()
    kid = models.CharField(max_length=64)
    sealed = models.BinaryField()

    class Meta:
        ordering = ["issued_at", "id"]

    def __str__(self) -> str:
        return str(self.pk)
