"""The one way to the desk's pages: staff of the desk, and whom they have open, inside one scope of those alone."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import wraps
from typing import Any, cast
from uuid import UUID

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext

from portal.people.actors import actor_of
from portal.people.behalf.powers import power_of
from portal.people.behalf.refreshing import refresh_rights
from portal.people.behalf.register import RegisterSilent
from portal.people.models import User
from portal.people.queries import is_closed
from portal.servicepoint import openings
from portal.servicepoint.actions import not_available
from portal.servicepoint.errors import NotAvailable
from portal.servicepoint.matters import AtDesk, at_desk
from portal.walls import Role, scope

RIGHT = "consents.add_consent"
_ONLY_READS = ("GET", "HEAD", "OPTIONS")
Page = Callable[..., HttpResponse]


class DeskRequest(HttpRequest):
    """A request by staff with the desk's role: `person` is who is open, as `opening` tells; `side`: from whose side."""

    user: User
    opening: openings.Opening
    person: UUID
    side: AtDesk


def desk(view: Page) -> Page:
    """Staff of the desk only; whoever is not is told that there is no such page."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm(RIGHT):
            raise Http404
        response = view(request, *args, **kwargs)
        response.headers["Cache-Control"] = "no-store"
        return response

    return admin.site.admin_view(guarded)


def with_person(view: Page) -> Page:
    """Inside a scope of the one person who is open, rendered there; nobody open leads to the beginning.

    Of who acts for the person the registers are asked again before each change, as on the web.
    """

    def inside(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        now = timezone.now()
        opening = openings.current(request, at=now)
        if opening is None:
            return redirect("desk")
        asked = cast("DeskRequest", request)
        asked.opening, asked.person = opening, opening.person
        try:
            if opening.actor and request.method not in _ONLY_READS:
                refresh_rights(opening.actor, at=now)
            with _opened(asked, at=now):
                response = view(asked, *args, **kwargs)
                return response.render() if isinstance(response, TemplateResponse) else response
        except RegisterSilent:
            return register_silent(request)
        except NotAvailable:
            openings.end(request)
            if opening.actor:
                not_available(opening.actor, by=actor_of(request), at=now)
            return unavailable(request)

    return desk(wraps(view)(inside))


@contextmanager
def _opened(request: DeskRequest, *, at: datetime) -> Iterator[None]:
    """A scope of the person, and of who acts for them; NotAvailable: they may not any more, or the person died."""
    person, actor, power = request.person, request.opening.actor, None
    persons = [person, actor] if actor else [person]
    with scope(Role.STAFF, persons=persons, departments=request.user.departments):
        if actor:
            power = power_of(actor, over=person, at=at)
            if power is None:
                raise NotAvailable
        if is_closed(person):
            raise NotAvailable
        request.side = at_desk(person, actor=actor, power=power)
        yield


def page(request: HttpRequest, name: str, *, status: int = 200, **context: Any) -> TemplateResponse:
    """A page of the desk, in the back office's frame."""
    frame = {**admin.site.each_context(request), "is_nav_sidebar_enabled": False, **context}
    return TemplateResponse(request, f"servicepoint/{name}.html", frame, status=status)


def unavailable(request: HttpRequest) -> HttpResponse:
    """One page for every reason why somebody's matters are not to be seen by whoever is at the desk."""
    return page(request, "not_available", status=404, title=gettext("Not available here"))


def register_silent(request: HttpRequest) -> HttpResponse:
    """Nobody acts for anybody now."""
    return page(request, "register_silent", status=503, title=gettext("The population register does not answer"))
