"""A package that is ready to be taken along: what is known of it, and its bytes, sealed, piece by piece.

The bytes stand in the database, not in a folder: they come and go in the transactions of what they belong to, every
web server reaches them, and the same walls stand before them as before all else that is about one person.
"""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Package(models.Model):
    """One edition of a package; a later one, when a late part came, takes its place. `size` is in bytes of the file.

    `ended`: of how many parts the end was known when it was made. More of them are a reason to make it anew.

    One link leads to it at a time: `link` and `link_session` are SHA-256 of what whoever asked for it was given, and of
    the session they asked in.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.ForeignKey("requests.Request", models.CASCADE, related_name="packages")
    person_id = models.UUIDField(db_index=True)
    edition = models.PositiveSmallIntegerField()
    ended = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    size = models.PositiveBigIntegerField()
    pieces = models.PositiveIntegerField()
    rows = models.PositiveIntegerField()
    link = models.BinaryField(null=True)
    link_session = models.BinaryField(null=True)
    link_until_at = models.DateTimeField(null=True)
    taken_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("package")
        verbose_name_plural = _("packages")
        constraints = [
            models.UniqueConstraint(fields=["request", "edition"], name="an_edition_of_a_package_is_made_once"),
            models.CheckConstraint(
                name="a_link_has_its_session_and_its_end",
                condition=Q(link=None, link_session=None, link_until_at=None)
                | Q(link__isnull=False, link_session__isnull=False, link_until_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.edition}"


class Piece(models.Model):
    """So many bytes of a package, sealed under the person's `requests` key and bound to their place in it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    package = models.ForeignKey(Package, models.CASCADE, related_name="+")
    person_id = models.UUIDField(db_index=True)
    number = models.PositiveIntegerField()
    sealed = models.BinaryField()
    expires_at = models.DateTimeField()

    class Meta:
        verbose_name = _("piece of a package")
        verbose_name_plural = _("pieces of packages")
        constraints = [
            models.UniqueConstraint(fields=["package", "number"], name="a_piece_has_its_place_in_a_package"),
        ]

    def __str__(self) -> str:
        return f"{self.package_id} {self.number}"
