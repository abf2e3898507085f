"""Keys of people, in a schema of their own that data dumps leave out."""

import uuid

from django.db import models
from django.db.models import Q


class KeyScope(models.TextChoices):
    """What a key of a person opens. Erasure ends `records` and `brought`; the others end with their retention."""

    IDENTITY = "identity"
    RECORDS = "records"
    BROUGHT = "brought"
    REQUESTS = "requests"
    PROOF = "proof"
    LOG = "log"


class PersonKey(models.Model):
    """One person's key for one scope, wrapped by the ring key `wrap`; destroyed keys keep their row, not their key."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person_id = models.UUIDField()
    scope = models.CharField(max_length=16, choices=KeyScope)
    wrapped = models.BinaryField(null=True)
    ring_version = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = '"keys"."person_key"'
        constraints = [
            models.UniqueConstraint(fields=["person_id", "scope"], name="one_key_per_person_and_scope"),
            models.CheckConstraint(
                condition=Q(wrapped__isnull=False) ^ Q(destroyed_at__isnull=False),
                name="key_is_there_until_destroyed",
            ),
        ]
