"""Your requests to the city: what can be asked, what was asked, how far it is, and taking it back."""

from contextlib import suppress
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone

from portal.pages.door import ResidentRequest, resident_page
from portal.pages.matters import packages_asked, requests_made
from portal.pages.packing import packing_of
from portal.requests.actions import withdraw_request
from portal.requests.enums import OPEN_STATES, RequestKind, RequestState
from portal.requests.errors import AlreadyAnswered
from portal.requests.queries import words_of


@resident_page
def rights(request: ResidentRequest) -> HttpResponse:
    """What waits first, then what is done; each with its number and its day."""
    rows = list(requests_made(request))
    context = {
        "waiting": [row for row in rows if row.state in OPEN_STATES],
        "done": [row for row in rows if row.state not in OPEN_STATES],
    }
    return TemplateResponse(request, "pages/rights.html", context)


@resident_page
def my_request(request: ResidentRequest, pk: UUID) -> HttpResponse:
    """One request: its steps, its parts by source, what was said and answered."""
    row = get_object_or_404(requests_made(request), pk=pk)
    said, answer = words_of(row)
    is_mine = packages_asked(request).filter(pk=pk).exists() if row.kind == RequestKind.ALL else False
    context = {
        "packing": packing_of(row, at=timezone.now()) if is_mine else None,
        "asked": row,
        "parts": list(row.parts.order_by("department", "source")),
        "said": said,
        "answer": answer,
        "open": row.state in OPEN_STATES,
        "taken_back": row.state == RequestState.WITHDRAWN,
        "just_asked": "asked" in request.GET,
    }
    return TemplateResponse(request, "pages/my_request.html", context)


@resident_page
def take_back(request: ResidentRequest, pk: UUID) -> HttpResponse:
    """Withdraw it while it is open; where it was answered meanwhile, the page shows the answer."""
    row = get_object_or_404(requests_made(request), pk=pk)
    if request.method == "POST":
        with suppress(AlreadyAnswered):
            withdraw_request(row.pk, person=request.person, by=request.actor, at=timezone.now())
    return redirect("my_request", pk)
