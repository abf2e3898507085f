"""A package comes in: as a file, sealed while it arrives, or straight from another city, to its page and back."""

from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from datasources.transfers.arriving import spool
from datasources.transfers.arriving.errors import NoRoom, NotInTurn, NotTakenIn, TooLarge, TooMany
from datasources.transfers.arriving.sealing import new_arrival
from datasources.transfers.arriving.straight import CameBack, begin, come_back
from datasources.transfers.arriving.taking import take_in
from datasources.transfers.enums import LARGEST_SEALED, Fault
from datasources.transfers.package.reasons import Reason
from datasources.transfers.trust.cities import trusted_city
from portal.i18n.languages import language_now
from portal.pages.arrived_words import fault_told
from portal.pages.door import ResidentRequest, account_page, resident_page, whose_matters
from portal.pages.matters import shows_records
from portal.pages.sealed_uploads import SealingHandler, is_too_large, sealed_in

_FAULTS = (NoRoom, TooLarge, NotInTurn)
_STATUS = {Fault.EMPTY: 422, Fault.NO_ROOM: 507, Fault.TOO_MANY: 409}
# What was begun in this browser: the arrival's id, and the language in which they left.
_BEGUN = "fetching_begun"


@csrf_exempt
@account_page
def bring_package(request: ResidentRequest) -> HttpResponse:
    """The whole file by a plain form."""
    if request.method != "POST":
        return redirect("arrive")
    with whose_matters(request):
        if not shows_records(request) or not spool.is_set_up():
            raise Http404
    if is_too_large(request, LARGEST_SEALED):
        return _refused(request, TooLarge())
    arriving, key = new_arrival(), spool.new_key()
    handler = SealingHandler(request, lambda: spool.Spooled(arriving, key), _FAULTS)

    def take(size: int) -> HttpResponse:
        with whose_matters(request):
            row = take_in(arriving, key, size=size, person=request.person, by=request.actor, at=timezone.now())
        return redirect("arrival", row.pk)

    return sealed_in(request, handler, take=take, refused=partial(_refused, request), fault=NotTakenIn)


def _refused(request: ResidentRequest, fault: NotTakenIn) -> HttpResponse:
    if isinstance(fault, TooLarge):
        return _not_brought(request, Reason.TOO_LARGE, status=413)
    return _not_brought(request, fault.fault, status=_STATUS.get(fault.fault, 409))


def _not_brought(request: ResidentRequest, fault: str, *, status: int) -> HttpResponse:
    return render(request, "pages/not_arrived.html", {"fault": fault_told(fault)}, status=status)


@require_POST
@resident_page
def fetch_from(request: ResidentRequest, slug: str) -> HttpResponse:
    """Off to the other city's own page, where they sign in, choose, and hand over or not."""
    other = trusted_city(slug)
    if other is None or not spool.is_set_up() or not shows_records(request):
        raise Http404
    language = language_now()
    try:
        row, address = begin(other, person=request.person, language=language, by=request.actor, at=timezone.now())
    except TooMany as fault:
        return _refused(request, fault)
    request.session[_BEGUN] = {"arrival": str(row.pk), "language": language}
    return HttpResponseRedirect(address)


@resident_page
def arrived(request: ResidentRequest) -> HttpResponse:
    """Back from there: what this browser began goes on with a worker, and its page is shown."""
    begun: dict[str, Any] = request.session.get(_BEGUN) or {}
    told = CameBack(*(request.GET.get(name, "") for name in ("state", "iss", "code", "error")))
    # Who acts for somebody may have lost the right to on the way.
    arrival = UUID(begun["arrival"]) if begun and shows_records(request) else None
    fault = come_back(arrival, told, person=request.person, by=request.actor, at=timezone.now())
    with translation.override(begun.get("language") or translation.get_language() or settings.LANGUAGE_CODE):
        if fault is Fault.NOT_BEGUN_HERE or arrival is None:
            return _not_brought(request, Fault.NOT_BEGUN_HERE, status=400)
        request.session.pop(_BEGUN, None)
        return redirect("arrival", arrival)
