"""The one way to a personal page: signed in, inside one scope of one person, rendered there, kept by no cache."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import date, datetime
from functools import wraps
from typing import Any, TypeVar, cast
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.response import SimpleTemplateResponse, TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django_htmx.http import HttpResponseClientRedirect

from portal.ledger.actions import record
from portal.ledger.actor import Actor, resident
from portal.ledger.actor import acting_for as acting
from portal.people.behalf.powers import power_of
from portal.people.behalf.refreshing import refresh_rights
from portal.people.behalf.register import RegisterSilent
from portal.people.behalf.rules import Power
from portal.people.behalf.sessions import acting_for, end_acting, is_checked, reads_earlier, was_checked
from portal.people.kinds import PeopleEntry
from portal.people.models import User
from portal.people.queries import earlier_of
from portal.walls import Role, scope


class ResidentRequest(HttpRequest):
    """A request by a resident (`me`): `person` is whose data it is about, `actor` who acts, `power` for another.

    `born` is the own day of birth of who is not known to be of age, once it was read. `asks_as`: whose a new request
    becomes; another than `person` only where somebody reads what one of their own accounts held before it was joined.
    """

    user: User
    me: UUID
    person: UUID
    asks_as: UUID
    actor: Actor
    power: Power | None
    born: date | None


_ONLY_READS = ("GET", "HEAD", "OPTIONS")
_Read = TypeVar("_Read")
# An account that was joined is read; every row of its log can still be questioned.
_ASKED_OF_EARLIER = "ask_about"
PersonalView = Callable[..., HttpResponse]


def resident_page(view: Callable[..., HttpResponse]) -> PersonalView:
    """Turn away strangers; run and render the view inside a scope of the rows of one person only.

    That is whoever signed in, or whom they act for. Before each change, and every 15 minutes, registers are asked
    again whether they may; when they may not, the session goes back to their own matters and says no more.
    """
    return _behind_the_door(view, whose_matters)


def own_page(view: Callable[..., HttpResponse]) -> PersonalView:
    """As `resident_page`, always in one's own matters: what nobody chooses for another."""
    return _behind_the_door(view, lambda request: scope(Role.RESIDENT, persons=[request.me]))


def account_page(view: Callable[..., HttpResponse]) -> PersonalView:
    """Turn away strangers; the view is about the log-in itself and stands outside every scope, where no data is."""
    return _behind_the_door(view, lambda _: nullcontext())


@contextmanager
def whose_matters(request: ResidentRequest) -> Iterator[None]:
    """A scope of whoever's matters these are, for a page that opens it itself. RegisterSilent, NotAvailable."""
    other, earlier = acting_for(request), reads_earlier(request)
    if earlier is not None:
        with _in_earlier_records(request, earlier):
            yield
        return
    if other is not None:
        now = timezone.now()
        if request.method not in _ONLY_READS or not is_checked(request, at=now):
            refresh_rights(request.me, at=now)
            was_checked(request, at=now)
    with scope(Role.RESIDENT, persons=[other or request.me]):
        if other is not None:
            request.power = power_of(request.me, over=other, at=now)
            if request.power is None:
                raise NotAvailable
            request.actor = acting(request.me, request.power.right)
            request.person = request.asks_as = other
        yield


@contextmanager
def _in_earlier_records(request: ResidentRequest, earlier: UUID) -> Iterator[None]:
    """What an account held that was joined to one's own: to be read only. NotAvailable for any other."""
    match = request.resolver_match
    if request.method not in _ONLY_READS and (match is None or match.url_name != _ASKED_OF_EARLIER):
        raise NotAvailable
    with scope(Role.RESIDENT, persons=[request.me]):
        if earlier not in earlier_of(request.me):
            raise NotAvailable
    with scope(Role.RESIDENT, persons=[earlier, request.me]):
        # In words it is their own log: whoever reads is whose it was.
        request.person = request.me = earlier
        yield


def _behind_the_door(
    view: Callable[..., HttpResponse], opened: Callable[[ResidentRequest], AbstractContextManager[None]]
) -> PersonalView:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        mine = _as_resident(request)
        if mine is None:
            if "HX-Request" in request.headers:
                return HttpResponseClientRedirect(reverse("session_ended"))
            return redirect(f"{reverse('start')}?{urlencode({'next': request.get_full_path()})}")
        try:
            with opened(mine):
                response = view(mine, *args, **kwargs)
                if isinstance(response, SimpleTemplateResponse):
                    response.render()
        except RegisterSilent:
            response = render(request, "pages/register_silent.html", status=503)
        except NotAvailable:
            response = not_available(mine, at=timezone.now())
        response.headers["Cache-Control"] = "no-store"
        return response

    return guarded


def _as_resident(request: HttpRequest) -> ResidentRequest | None:
    """Whoever is signed in, in their own matters; None for strangers."""
    user = request.user
    if not isinstance(user, User) or user.person_id is None:
        return None
    mine = cast("ResidentRequest", request)
    mine.me = mine.person = mine.asks_as = user.person_id
    mine.actor, mine.power, mine.born = resident(mine.me), None, None
    return mine


def beside_the_public(request: HttpRequest, read: Callable[[ResidentRequest], _Read]) -> _Read | None:
    """What a page that is open to everyone shows whoever is signed in of their matters, read in a scope of its own.

    None for strangers, and while it cannot be seen. What holds it is kept by no cache: that is for the page to say.
    """
    mine = _as_resident(request)
    if mine is None:
        return None
    try:
        with whose_matters(mine):
            return read(mine)
    except (RegisterSilent, NotAvailable):
        return None


class NotAvailable(Exception):
    """This person's matters are not to be seen here by this resident; why is told to nobody."""


def not_available(request: ResidentRequest, *, at: datetime) -> HttpResponse:
    """One page for every reason: back to one's own matters, and where a person helps. Outside every scope."""
    end_acting(request)
    with scope(Role.RESIDENT, persons=[request.me]):
        record(PeopleEntry.NOT_AVAILABLE, by=resident(request.me), about=request.me, at=at)
    return render(request, "pages/not_available.html", status=404)


def not_shown(request: ResidentRequest) -> HttpResponse:
    """The same words for a part of somebody's matters that whoever acts for them is not shown; they may act on."""
    return TemplateResponse(request, "pages/not_available.html", status=404)
