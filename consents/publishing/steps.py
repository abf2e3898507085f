"""The purpose that every step holds first, and for whom it is written."""

from uuid import UUID

from consents.models import Purpose
from consents.publishing.faults import NotYours, PurposeClosed
from portal.ledger.actor import Actor


def held_purpose(purpose: UUID) -> Purpose:
    """The row, held first by every step: two of them at once go one after the other. PurposeClosed."""
    row = Purpose.objects.select_for_update(of=("self",)).select_related("department").get(pk=purpose)
    if row.closed_at is not None:
        raise PurposeClosed
    return row


def by_department(purpose: Purpose, by: Actor) -> None:
    """NotYours unless whoever acts does so for the department that asks."""
    if by.unit != purpose.department.slug:
        raise NotYours
