"""Which registers tell of their look-ups, and when they last did: silence is shown, too."""

import uuid

from django.db import models

from datasources.models import Register


class ReportHeard(models.Model):
    """When a register's department last told of a look at what the register holds, about anybody."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    register = models.OneToOneField(Register, on_delete=models.CASCADE, related_name="report_heard")
    last_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.pk)
