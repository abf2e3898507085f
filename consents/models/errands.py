"""Errands: a department's own service leads a resident to one question and back; and where back may be."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from consents.models.purposes import Purpose


class ReturnAddress(models.Model):
    """Where one system may have residents led back to: `address` and what lies below it.

    One person, or the system itself by the API, proposes it; another person confirms it. `client` is the system's id in
    the API, `system` its name when the address was proposed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.UUIDField()
    system = models.CharField(_("System"), max_length=120)
    department = models.CharField(_("Department"), max_length=60)
    address = models.CharField(_("Address"), max_length=300)
    proposed_by = models.CharField(max_length=60)
    proposed_at = models.DateTimeField(_("Proposed"))
    confirmed_by = models.CharField(max_length=60, blank=True, default="")
    confirmed_at = models.DateTimeField(_("Confirmed"), null=True)
    ended_at = models.DateTimeField(_("Ended"), null=True)

    class Meta:
        verbose_name = _("return address")
        verbose_name_plural = _("return addresses")
        ordering = ["department", "system", "proposed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["client", "address"], condition=Q(ended_at=None), name="an_address_of_a_system_stands_once"
            ),
            models.CheckConstraint(
                name="a_return_address_is_confirmed_by_somebody_at_a_time",
                condition=Q(confirmed_by="", confirmed_at=None) | (Q(confirmed_at__isnull=False) & ~Q(confirmed_by="")),
            ),
            models.CheckConstraint(
                name="nobody_confirms_an_address_of_their_own", condition=~Q(confirmed_by=F("proposed_by"))
            ),
        ]

    def __str__(self) -> str:
        return self.address


class Errand(models.Model):
    """One way there and back. It is nobody's until somebody signs in, and theirs from then on.

    `subject`: whom the service has before it, by the department's pseudonym, where it said so. `result` is what the
    service was last told. The link's `jti` works once for as long as the row is there, which is longer than the link.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.UUIDField()
    service = models.CharField(max_length=120)
    purpose = models.ForeignKey(Purpose, on_delete=models.PROTECT, related_name="+")
    jti_sha256 = models.BinaryField(max_length=32)
    return_to = models.CharField(max_length=300)
    state = models.CharField(max_length=200)
    subject = models.BinaryField(max_length=16, null=True)
    person_id = models.UUIDField(null=True)
    begun_at = models.DateTimeField()
    joined_at = models.DateTimeField(null=True)
    result = models.CharField(max_length=8, blank=True, default="")
    ends_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client", "jti_sha256"], name="a_link_works_once"),
            models.CheckConstraint(
                name="an_errand_is_somebodys_from_a_time_on",
                condition=Q(person_id=None, joined_at=None) | Q(person_id__isnull=False, joined_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["person_id", "purpose"], name="errand_of_a_person"),
            models.Index(fields=["ends_at"], name="errand_ends"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
