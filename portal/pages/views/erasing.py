"""Erasing: what is chosen, what would happen, doing it, its receipt; copying again; leaving the portal."""

from uuid import UUID

from django.contrib.auth import logout
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from datasources.actions.asking import ask_for
from datasources.actions.erased import copy_again as begin_copying
from portal.i18n.languages import language_now
from portal.pages.door import ResidentRequest, account_page, own_page, resident_page
from portal.pages.erase_form import EraseForm
from portal.pages.erasures import offered, opened_receipt, rows_of_plan, rows_of_receipt
from portal.pages.fresh import asks_again
from portal.pages.matters import requests_made
from portal.people.actions import end_session
from portal.people.queries import sessions_of
from portal.requests.erasing import actions
from portal.requests.erasing.errors import NothingChosen
from portal.requests.erasing.queries import plans_of
from portal.requests.erasing.receipts import file_of_request
from portal.walls import Role, scope


@resident_page
def erase(request: ResidentRequest) -> HttpResponse:
    """Choose everything, or registers; nothing is erased by it."""
    now = timezone.now()
    registers = offered(request, at=now)
    names = [(each.slug, each.name) for each in registers]
    form = EraseForm(request.POST if request.method == "POST" else None, offered=names)
    if form.is_valid():
        told = form.cleaned_data
        # Of somebody else's, only what the right reaches is "everything".
        every = None if request.power is None else [each.slug for each in registers]
        wanted = every if told["everything"] else told["registers"]
        try:
            chosen = actions.choose(request.person, registers=wanted, by=request.actor, at=now)
        except NothingChosen:
            form.add_error(None, gettext("Choose everything or one register at least."))
        else:
            return redirect("erase_plan", chosen.pk)
    context = {"registers": registers, "form": form}
    return TemplateResponse(request, "pages/erase.html", context, status=422 if form.errors else 200)


@resident_page
@asks_again
def erase_plan(request: ResidentRequest, pk: UUID) -> HttpResponse:
    """What would happen to each register, and why; then doing it."""
    chosen = get_object_or_404(plans_of(request.person, by=request.actor.id).filter(leaving=False), pk=pk)
    now = timezone.now()
    if chosen.request_id is not None:
        return redirect("my_request", chosen.request_id)
    if request.method == "POST":
        return _erase(request, chosen.pk)
    rows = rows_of_plan(request, chosen, at=now)
    context = {"plan": chosen, "rows": rows, "waits": any(row.waits for row in rows) and not chosen.rehearsed_at}
    return TemplateResponse(request, "pages/erase_plan.html", context)


def _erase(request: ResidentRequest, pk: UUID) -> HttpResponse:
    now = timezone.now()
    if request.power is None:
        asked = actions.erase(pk, person=request.person, language=language_now(), by=request.actor, at=now)
        response = redirect("my_request", asked.pk)
        response.headers["Location"] += "?asked"
        return response
    # Never by itself: the keeper weighs what is best for the person.
    chosen = plans_of(request.person, by=request.actor.id).get(pk=pk)
    registers = [each for each in offered(request, at=now) if chosen.everything or each.slug in chosen.registers]
    actions.ask_keepers(request.person, registers, language=language_now(), by=request.actor, at=now)
    return redirect("rights")


@resident_page
def erasure_receipt(request: ResidentRequest, pk: UUID) -> HttpResponse:
    """What came of it, as it was signed."""
    asked = get_object_or_404(requests_made(request), pk=pk)
    receipt = opened_receipt(_file(request, pk))
    context = {"asked": asked, "receipt": receipt, "rows": rows_of_receipt(request, receipt)}
    return TemplateResponse(request, "pages/erasure_receipt.html", context)


@resident_page
def erasure_receipt_json(request: ResidentRequest, pk: UUID) -> HttpResponse:
    """The signed file."""
    asked = get_object_or_404(requests_made(request), pk=pk)
    headers = {"Content-Disposition": f'attachment; filename="erasure-{asked.number}.json"'}
    return HttpResponse(_file(request, pk), content_type="application/json", headers=headers)


def _file(request: ResidentRequest, pk: UUID) -> bytes:
    if not (content := file_of_request(request.person, pk)):
        raise Http404
    return content


@require_POST
@own_page
def copy_again(request: ResidentRequest) -> HttpResponse:
    """Copies are made again, and asked for at once."""
    now = timezone.now()
    begin_copying(request.me, by=request.actor, at=now)
    ask_for(request.me, by=request.actor, at=now)
    return redirect("data")


@account_page
@asks_again
def leave(request: ResidentRequest) -> HttpResponse:
    """What leaving means; then all copies go and every sign-in ends."""
    if request.method != "POST":
        return TemplateResponse(request, "pages/leave.html", {})
    now = timezone.now()
    with scope(Role.RESIDENT, persons=[request.me]):
        actions.leave(request.me, language=language_now(), by=request.actor, at=now)
    for session in sessions_of(request.user):
        if session.session_key != request.session.session_key:
            end_session(request.user, session.pk, by=request.actor, at=now)
    logout(request)
    return redirect("signed_out")
