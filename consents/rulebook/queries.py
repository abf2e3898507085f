"""Which version the city adopted. One statement each; in any scope, and outside of them."""

from datetime import datetime
from typing import NamedTuple

from consents.rulebook.models import Adoption
from portal.cities import city


class Adopted(NamedTuple):
    """The version in force. `digest`: 64 hex digits over its files."""

    version: str
    digest: str
    adopted_at: datetime


def adoptions() -> list[Adoption]:
    """Every adoption, the one in force first."""
    return list(Adoption.objects.order_by("-adopted_at"))


def adopted() -> Adopted | None:
    """What the city adopted last; None before it adopted any."""
    found = Adoption.objects.order_by("-adopted_at").values_list("version", "digest", "adopted_at").first()
    return Adopted(*found) if found else None


def rulebooks_named() -> dict[str, str]:
    """{this city: the version that it adopted}, as a package names it; empty before it adopted any."""
    found = adopted()
    return {city().slug: found.version} if found else {}
