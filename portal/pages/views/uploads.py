"""A file from a watch or phone comes in: whole by a plain form, or part by part where the browser runs our script.

The file is sealed while it arrives: neither Django nor the disk ever has it in plain. It is taken in outside of every
scope, for it may take an hour; what is written of it is written in a short one.
"""

from functools import partial
from uuid import UUID

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from datasources.wearables import spool
from datasources.wearables.actions.bringing import begin, give_up, receive, take_in
from datasources.wearables.enums import ImportFault
from datasources.wearables.errors import Empty, NoRoom, NothingWaits, NotInTurn, TooLarge, TooMany, WearableFault
from datasources.wearables.holding import new_upload
from datasources.wearables.queries.imports import imports_of
from datasources.wearables.troubles import Trouble
from portal.ledger.actor import resident
from portal.pages.door import ResidentRequest, account_page
from portal.pages.import_reports import fault_text
from portal.pages.own_devices import devices_page, is_for, may_keep, wants_routes
from portal.pages.sealed_uploads import SealingHandler, is_too_large, number_in, sealed_in
from portal.walls import Role, scope

_FAULTS = (NoRoom, TooLarge, NotInTurn)
_TROUBLES: dict[type[WearableFault], tuple[str, int]] = {
    Empty: (Trouble.EMPTY, 422),
    TooLarge: (Trouble.TOO_LARGE, 413),
    NoRoom: (Trouble.NO_ROOM, 507),
    TooMany: (ImportFault.TOO_MANY, 409),
    NotInTurn: (Trouble.DAMAGED, 409),
    NothingWaits: (Trouble.DAMAGED, 404),
}


@csrf_exempt
@account_page
def upload(request: ResidentRequest) -> HttpResponse:
    """The whole file by a plain form."""
    if request.method != "POST":
        return redirect("devices")
    with scope(Role.RESIDENT, persons=[request.me]):
        if not is_for(request) or not spool.is_set_up():
            raise Http404
        allowed = may_keep(request)
    if not allowed:
        return redirect("devices")
    if is_too_large(request, spool.LARGEST):
        return _refused(request, TooLarge())
    arriving, key = new_upload(), spool.new_key()
    handler = SealingHandler(request, lambda: spool.Spooled(arriving, key), _FAULTS)

    def take(size: int) -> HttpResponse:
        with scope(Role.RESIDENT, persons=[request.me]):
            by, now = resident(request.me), timezone.now()
            routes = wants_routes(request)
            row = take_in(arriving, key, size=size, person=request.me, with_routes=routes, by=by, at=now)
        return redirect("brought", row.pk)

    return sealed_in(request, handler, take=take, refused=partial(_refused, request), fault=WearableFault)


def _refused(request: ResidentRequest, fault: WearableFault) -> HttpResponse:
    trouble, status = _TROUBLES[type(fault)]
    return render(request, "pages/not_brought.html", {"fault": fault_text(trouble)}, status=status)


@require_POST
@devices_page
def begin_parts(request: ResidentRequest) -> HttpResponse:
    """A file of `size` bytes will come in parts: where to send them."""
    _let_in(request)
    try:
        size = number_in(request.POST.get("size", ""))
        now, routes = timezone.now(), wants_routes(request)
        row = begin(person=request.person, size=size, with_routes=routes, by=request.actor, at=now)
    except WearableFault as fault:
        return _told(fault)
    return JsonResponse({"next": reverse("part", args=[row.pk]), "received": 0})


@devices_page
def part(request: ResidentRequest, pk: UUID) -> HttpResponse:
    """The bytes from `from` on; what is here by then, and after the last of them the page to go to."""
    if request.method != "POST":
        return redirect("brought", get_object_or_404(imports_of(request.person), pk=pk).pk)
    _let_in(request)
    begins = number_in(request.GET.get("from", ""), otherwise=-1)
    content = request.read(4 * spool.CHUNK + 1)
    try:
        if begins < 0 or len(content) > 4 * spool.CHUNK:
            raise NotInTurn
        now, by = timezone.now(), request.actor
        row = receive(pk, content, person=request.person, begins=begins, by=by, at=now)
    except NothingWaits:
        raise Http404 from None
    except WearableFault as fault:
        give_up(pk, _TROUBLES[type(fault)][0], person=request.person, by=request.actor, at=timezone.now())
        return _told(fault)
    whole = row.received == row.size
    return JsonResponse({"received": row.received, "done": reverse("brought", args=[pk]) if whole else ""})


def _let_in(request: ResidentRequest) -> None:
    if not spool.is_set_up() or not may_keep(request):
        raise Http404


def _told(fault: WearableFault) -> HttpResponse:
    trouble, status = _TROUBLES[type(fault)]
    return JsonResponse({"told": fault_text(trouble)}, status=status)
