"""Receipts: to read, to print, to keep; and the check that is open to everyone."""

import time
from uuid import UUID

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import get_language_from_path
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods
from msgspec import json

from consents.receipts.kantara import as_kantara
from consents.receipts.pdf import printed
from consents.receipts.reading import Opened, opened, proven, seal_of_receipt
from consents.receipts.schema import published
from consents.receipts.verifying import NotVerified
from portal.i18n.languages import language_now
from portal.pages.door import ResidentRequest, resident_page
from portal.pages.matters import receipts
from portal.pages.receipt_sheets import Sheet, locked_told, sheet_of, words_of
from portal.pages.verdicts import TOO_OFTEN, Verdict, brought_by, refused, verdict_on
from portal.throttle import count, wait


def _found(request: ResidentRequest, pk: UUID) -> Opened:
    return opened(get_object_or_404(receipts(request), pk=pk))


def _sheet(request: ResidentRequest, found: Opened) -> Sheet:
    seal = seal_of_receipt(request.person, found)
    return sheet_of(found.receipt, acting=request.power is not None, locked=locked_told(seal))


def _as_file(content: bytes, kind: str, receipt: UUID, ending: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="receipt-{str(receipt)[:8]}.{ending}"'}
    return HttpResponse(content, content_type=kind, headers=headers)


@resident_page
def receipt(request: ResidentRequest, pk: UUID) -> HttpResponse:
    """What was answered or ended, as it was signed."""
    found = _found(request, pk)
    context = {"receipt": found, "sheet": _sheet(request, found)}
    return TemplateResponse(request, "pages/receipt.html", context)


@resident_page
def as_json(request: ResidentRequest, pk: UUID) -> HttpResponse:
    """The signed file, with its place in the log; `?profile=kantara-1.1` gives the same in another shape, unsigned."""
    if request.GET.get("profile") == "kantara-1.1":
        told = as_kantara(_found(request, pk).receipt, language=language_now())
        return _as_file(json.encode(told), "application/json", pk, "kantara.json")
    return _as_file(proven(_found(request, pk)), "application/json", pk, "json")


@resident_page
def as_html(request: ResidentRequest, pk: UUID) -> HttpResponse:
    """A page that is read without us, with the signed file in it."""
    found = _found(request, pk)
    context = {"sheet": _sheet(request, found), "file": proven(found).decode()}
    page = render_to_string("pages/receipt_to_keep.html", context, request)
    return _as_file(page.encode(), "text/html; charset=utf-8", pk, "html")


@resident_page
def as_pdf(request: ResidentRequest, pk: UUID) -> HttpResponse:
    """To print; the signed file is attached to it."""
    found = _found(request, pk)
    sheet = _sheet(request, found)
    return _as_file(printed(words_of(sheet), proven(found), verify_at=sheet.verify_at), "application/pdf", pk, "pdf")


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def verify_page(request: HttpRequest) -> HttpResponse:
    """The check: a page for people, JSON for programs. It changes nothing, so no form of ours is needed for it."""
    if request.method != "POST":
        if get_language_from_path(request.path) is None:
            return redirect(reverse("verify"))
        return render(request, "pages/verify.html")
    now = time.time()
    verdict = _verdict(request, now)
    answer: HttpResponse
    if "text/html" in request.headers.get("Accept", ""):
        answer = render(request, "pages/verify.html", {"verdict": verdict}, status=verdict.status)
    else:
        answer = JsonResponse(verdict.told(), status=verdict.status, json_dumps_params={"ensure_ascii": False})
    if verdict.fault == TOO_OFTEN:
        answer["Retry-After"] = str(wait(now))
    answer["Cache-Control"] = "no-store"
    return answer


def _verdict(request: HttpRequest, now: float) -> Verdict:
    address: str = get_adapter().get_client_ip(request)
    if count("verify", address, now=now) > settings.VERIFICATIONS_PER_MINUTE:
        return refused(TOO_OFTEN)
    try:
        return verdict_on(brought_by(request))
    except NotVerified as told:
        return refused(told.fault)


@require_GET
@cache_control(public=True, max_age=86400)
def schema(request: HttpRequest) -> HttpResponse:
    """/schemas/consent-receipt-1.json."""
    return JsonResponse(published(settings.PUBLIC_URL), content_type="application/schema+json")
