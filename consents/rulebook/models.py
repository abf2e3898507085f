"""The city's adoptions of the rulebook. About nobody."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class Adoption(models.Model):
    """One version, adopted once: append-only. `digest`: 64 hex digits over the version's files.

    `signature`: detached JWS over the statement that `statements.statement_of` makes of this row. `decision`: number
    of the city's own decision in its case register.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.CharField(_("Version"), max_length=20, unique=True)
    digest = models.CharField(_("Fingerprint"), max_length=64)
    decision = models.CharField(_("Decision"), max_length=100)
    signature = models.TextField(_("Signature"))
    adopted_at = models.DateTimeField(_("Adopted"))

    class Meta:
        ordering = ["-adopted_at"]
        verbose_name = _("adoption of the rulebook")
        verbose_name_plural = _("adoptions of the rulebook")

    def __str__(self) -> str:
        return self.version
