"""The one way to a personal page: signed in, inside one's own scope, rendered there, kept by no cache."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import wraps
from typing import Any, cast
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import SimpleTemplateResponse
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from portal.ledger.actor import Actor, resident
from portal.people.models import User
from portal.walls import Role, scope


class ResidentRequest(HttpRequest):
    """A request by a resident: `person` is whose data it is about, `actor` who acts."""

    user: User
    person: UUID
    actor: Actor


PersonalView = Callable[..., HttpResponse]


def resident_page(view: Callable[..., HttpResponse]) -> PersonalView:
    """Turn away strangers; run and render the view inside a scope of this resident's rows only."""
    return _behind_the_door(view, lambda person: scope(Role.RESIDENT, persons=[person]))


def account_page(view: Callable[..., HttpResponse]) -> PersonalView:
    """Turn away strangers; the view is about the log-in itself and stands outside every scope, where no data is."""
    return _behind_the_door(view, lambda _: nullcontext())


def _behind_the_door(
    view: Callable[..., HttpResponse], opened: Callable[[UUID], AbstractContextManager[None]]
) -> PersonalView:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user = request.user
        if not isinstance(user, User) or user.person_id is None:
            if "HX-Request" in request.headers:
                return HttpResponseClientRedirect(reverse("session_ended"))
            return redirect(f"{reverse('start')}?{urlencode({'next': request.get_full_path()})}")
        mine = cast("ResidentRequest", request)
        mine.person, mine.actor = user.person_id, resident(user.person_id)
        with opened(mine.person):
            response = view(mine, *args, **kwargs)
            if isinstance(response, SimpleTemplateResponse):
                response.render()
        response.headers["Cache-Control"] = "no-store"
        return response

    return guarded
