"""Who may do what to a purpose, and the frame of its pages."""

from typing import Any

from django.http import HttpRequest

from consents.manuscripts.steps import OFFICER
from consents.models import Purpose
from portal.ledger.actor import Actor
from portal.people.actors import actor_of


def is_theirs(request: HttpRequest, purpose: Purpose) -> bool:
    """A keeper of the department that asks. Who sees every department writes for none."""
    departments = getattr(request.user, "departments", [])
    may = request.user.has_perm("consents.change_purpose")
    return may and purpose.department.slug in departments


def is_officer(request: HttpRequest) -> bool:
    """In the group of those who approve."""
    return OFFICER in actor_of(request).role.split()


def acting(request: HttpRequest, purpose: Purpose) -> Actor:
    """For the department, if it is one's own; else for none."""
    return actor_of(request, unit=purpose.department.slug) if is_theirs(request, purpose) else actor_of(request)


def frame(request: HttpRequest, purpose: Purpose, **more: Any) -> dict[str, Any]:
    """What every page of a purpose shows."""
    return {
        "purpose": purpose,
        "opts": Purpose._meta,
        "theirs": is_theirs(request, purpose) and purpose.closed_at is None,
        "officer": is_officer(request) and purpose.closed_at is None,
        **more,
    }
