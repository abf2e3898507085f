"""Who may do what to a purpose or another thing that texts are written of, and the frame of its pages."""

from typing import Any, ClassVar, Protocol

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import set_urlconf

from consents.manuscripts.steps import OFFICER
from datasources.models import Department
from portal.ledger.actor import Actor
from portal.people.actors import actor_of

_RESIDENTS = "portal.urls"


class Subject(Protocol):
    """What texts are written of, by the department that answers for it."""

    _meta: ClassVar[Any]

    @property
    def department(self) -> Department:
        """Whose it is."""


def is_theirs(request: HttpRequest, subject: Subject) -> bool:
    """A keeper of the department that answers for it. Who sees every department writes for none."""
    departments = getattr(request.user, "departments", [])
    may = request.user.has_perm(f"{subject._meta.app_label}.change_{subject._meta.model_name}")
    return may and subject.department.slug in departments


def is_officer(request: HttpRequest) -> bool:
    """In the group of those who approve."""
    return OFFICER in actor_of(request).role.split()


def acting(request: HttpRequest, subject: Subject) -> Actor:
    """For the department, if it is one's own; else for none."""
    return actor_of(request, unit=subject.department.slug) if is_theirs(request, subject) else actor_of(request)


def frame(request: HttpRequest, subject: Subject, **more: Any) -> dict[str, Any]:
    """What every page of it shows; it stands under its own name, too."""
    # A purpose can be closed for good; an algorithm cannot.
    is_open = getattr(subject, "closed_at", None) is None
    return {
        "subject": subject,
        str(subject._meta.model_name): subject,
        "opts": subject._meta,
        "theirs": is_theirs(request, subject) and is_open,
        "officer": is_officer(request) and is_open,
        **more,
    }


def as_everyone_sees(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """A page of the residents' door, by its own templates: its links are those of that door."""
    set_urlconf(_RESIDENTS)
    try:
        return HttpResponse(render_to_string(template, context, request=request))
    finally:
        set_urlconf(getattr(request, "urlconf", None))
