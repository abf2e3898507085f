"""Whose records are not copied here, because they had the copies erased."""

import uuid

from django.db import models
from django.db.models import Q

from datasources.models.catalogue import Dataset


class NotCopied(models.Model):
    """No copy of this dataset, or of any (None), is made of this person until they want it again.

    `until_sign_in`: they left the portal, and begin anew when they sign in.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person_id = models.UUIDField()
    # Nobody may delete a dataset, so it is not checked row by row.
    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="+", null=True, db_constraint=False)
    since_at = models.DateTimeField()
    until_sign_in = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person_id", "dataset"], name="one_mark_per_person_and_dataset", nulls_distinct=False
            ),
            models.CheckConstraint(
                name="who_left_is_not_copied_at_all", condition=Q(until_sign_in=False) | Q(dataset=None)
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
