"""What other cities publish of their keys, and which keys of theirs this city no longer believes. About nobody."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class CityKeys(models.Model):
    """The key set that a trusted city last gave (`trust.keysets`). `asked_at`: when it was last asked for.

    Every process reads it here: one question of one process is enough for all.
    """

    city = models.CharField(_("City"), max_length=80, primary_key=True)
    keys = models.JSONField(default=list)
    asked_at = models.DateTimeField(_("Last asked"))
    fetched_at = models.DateTimeField(_("Last answered"), null=True)

    class Meta:
        ordering = ["city"]
        verbose_name = _("keys of another city")
        verbose_name_plural = _("keys of other cities")

    def __str__(self) -> str:
        return self.city


class WithdrawnKey(models.Model):
    """A key of another city that this city's staff no longer believe: from `withdrawn_at` on nothing it signed holds.

    Whatever the other city says of it; the earlier of two moments counts. `reason`: in the staff's own words.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    city = models.CharField(_("City"), max_length=80)
    kid = models.CharField(_("Name of the key (kid)"), max_length=200)
    withdrawn_at = models.DateTimeField(_("In other hands since"))
    reason = models.CharField(_("Why"), max_length=500)
    written_at = models.DateTimeField(_("Written down"))

    class Meta:
        ordering = ["-written_at"]
        verbose_name = _("withdrawn key of another city")
        verbose_name_plural = _("withdrawn keys of other cities")
        constraints = [models.UniqueConstraint(fields=["city", "kid"], name="a_key_is_withdrawn_once")]

    def __str__(self) -> str:
        return f"{self.city} {self.kid}"
