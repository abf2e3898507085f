"""Errands and return addresses as pages and calls ask for them."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from consents.models import Errand, ReturnAddress


def errand_under_way(person: UUID, purpose: UUID, *, at: datetime) -> Errand | None:
    """The latest by which this person came to this question, while it lasts."""
    rows = Errand.objects.filter(person_id=person, purpose=purpose, ends_at__gt=at)
    return rows.order_by("-joined_at").first()


def errand_to_leave(pk: UUID, person: UUID) -> Errand | None:
    """This person's errand, or one that is nobody's yet."""
    errand = Errand.objects.select_related("purpose__department").filter(pk=pk).first()
    return errand if errand is not None and errand.person_id in {None, person} else None


def addresses_of(client: UUID) -> QuerySet[ReturnAddress]:
    """Those of a system that nobody has ended, the oldest first."""
    return ReturnAddress.objects.filter(client=client, ended_at=None).order_by("proposed_at", "id")
