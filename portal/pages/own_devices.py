"""Who may bring data from a watch or phone here: whoever signed in, for themselves, from fifteen years on."""

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from consents.queries.brought import is_allowed
from consents.rules.acting import birthday
from datasources.wearables import spool
from datasources.wearables.enums import FROM_AGE, KEEPING
from portal.pages.door import ResidentRequest, not_shown, own_page
from portal.pages.matters import born_of
from portal.people.behalf.sessions import acting_for


def devices_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """As `own_page`; while one acts for somebody, and below fifteen, it is not there."""

    @wraps(view)
    def guarded(request: ResidentRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return view(request, *args, **kwargs) if is_for(request) else not_shown(request)

    return own_page(guarded)


def is_for(request: ResidentRequest) -> bool:
    """It is their own matter, and they are old enough; within their scope. One statement more for a young person."""
    return acting_for(request) is None and _is_old_enough(born_of(request), today=timezone.localdate())


def is_offered(request: ResidentRequest) -> bool:
    """A page may lead there: files can be brought here, and by whoever looks."""
    return spool.is_set_up() and request.power is None and is_for(request)


def may_keep(request: ResidentRequest) -> bool:
    """They allowed that what they bring is kept (GDPR 9(2)(a)): without it not one byte is taken in."""
    return is_allowed(request.person, KEEPING, at=timezone.now())


def wants_routes(request: HttpRequest) -> bool:
    """They ticked, for this file, that its routes are kept for themselves."""
    return request.POST.get("routes") == "keep"


def _is_old_enough(born: date | None, *, today: date) -> bool:
    return born is None or today >= birthday(born, FROM_AGE)
