"""The way back to the department's service that led somebody to a question."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse

from consents.errands.reading import errand_under_way


@dataclass(frozen=True)
class WayBack:
    """What the service is called, and the address of ours that leads back to it."""

    service: str
    back: str


def way_back(person: UUID, purpose: UUID, *, at: datetime) -> WayBack | None:
    """None where they came by themselves."""
    errand = errand_under_way(person, purpose, at=at)
    return WayBack(errand.service, reverse("errand_back", args=[errand.pk])) if errand else None
