"""Your requests to the city: what can be asked, what was asked, how far it is, and taking it back."""

from contextlib import suppress
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.template.response import TemplateResponse
from django.utils import timezone

from datasources.enums import Connection
from datasources.queries.holdings import names_by_slug, public_register
from portal.pages.door import ResidentRequest, resident_page
from portal.pages.leaving.taken import carried_of
from portal.pages.matters import packages_asked, requests_made
from portal.pages.packing import packing_of
from portal.pages.request_facts import facts_of
from portal.pages.requests_told import parts_told, refusal_of, steps_of, ways_to_ask
from portal.pages.uses import number_of
from portal.requests.actions import withdraw_request
from portal.requests.enums import OPEN_STATES, PACKED_KINDS, RequestKind, RequestState
from portal.requests.errors import AlreadyAnswered
from portal.requests.models import Request
from portal.requests.queries import may_take_back, words_of

_A_PAGE = 20


@resident_page
def rights(request: ResidentRequest) -> HttpResponse:
    """What can be asked; what waits, the nearest day first; what is done, the newest first."""
    rows = requests_made(request)
    number = number_of(request.GET.get("page", "1"))
    done = Paginator(rows.exclude(state__in=OPEN_STATES).order_by("-closed_at"), _A_PAGE)
    if not 1 <= number <= done.num_pages:
        raise Http404
    waiting = list(rows.filter(state__in=OPEN_STATES).order_by("due_on", "received_at")) if number == 1 else []
    context = {"ways": ways_to_ask(), "waiting": waiting, "done": done.page(number), "first": number == 1}
    return TemplateResponse(request, "pages/rights.html", context)


@resident_page
def my_request(request: ResidentRequest, pk: UUID) -> HttpResponse:
    """One request: its steps, its parts by source, what was said and answered, and how to disagree."""
    # With its sealed words, which lists leave where they are; never with the note of staff.
    row = get_object_or_404(requests_made(request).defer(None).defer("sealed_note"), pk=pk)
    said, answer = words_of(row)
    parts = list(row.parts.order_by("department", "source"))
    names = names_by_slug()[0] if parts or row.department else {}
    is_mine = packages_asked(request).filter(pk=pk).exists() if row.kind in PACKED_KINDS else False
    moves, now = row.kind == RequestKind.MOVE, timezone.now()
    context = {
        "packing": packing_of(row, at=now) if is_mine and not moves else None,
        "carried": carried_of(row, may_take=is_mine, at=now) if moves else None,
        "asked": row,
        "steps": steps_of(row),
        "department": names.get(row.department, ""),
        "parts": parts_told(parts, names),
        "said": said,
        "answer": answer,
        "refusal": refusal_of(row),
        "elsewhere": _elsewhere(row),
        "open": row.state in OPEN_STATES,
        "may_take_back": may_take_back(row),
        "taken_back": row.state == RequestState.WITHDRAWN,
        "just_asked": "asked" in request.GET,
        **facts_of(row),
        "of_its_kind": _of_its_kind(row),
    }
    return TemplateResponse(request, "pages/my_request.html", context)


def _elsewhere(row: Request) -> str:
    """Who holds what was asked about, where that is not the city."""
    register = public_register(row.register) if row.register else None
    return register.controllers if register and register.connection == Connection.NOT_OURS else ""


def _of_its_kind(row: Request) -> str:
    """What more a request of this kind tells, where there is such a part of the page."""
    name = f"components/request_{row.kind}.html"
    try:
        get_template(name)
    except TemplateDoesNotExist:
        return ""
    return name


@resident_page
def take_back(request: ResidentRequest, pk: UUID) -> HttpResponse:
    """Asks first; then withdraws it while it may be. Where it was answered meanwhile, the page shows the answer."""
    row = get_object_or_404(requests_made(request), pk=pk)
    if not may_take_back(row):
        return redirect("my_request", pk)
    if request.method != "POST":
        return TemplateResponse(request, "pages/take_back.html", {"asked": row, "open": row.state in OPEN_STATES})
    with suppress(AlreadyAnswered):
        withdraw_request(row.pk, person=request.person, by=request.actor, at=timezone.now())
    return redirect("my_request", pk)
