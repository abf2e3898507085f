"""Data given for the common good: what is asked for and what came of it, for everyone; giving is a question as any."""

import json
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_POST

from consents.actions.requesting import request_consent
from consents.donations import paper
from consents.donations.reading import DonationTold, donations, found_donation, modules_of
from consents.enums import ConsentState, Donation
from consents.errors import AskedTooSoon, ConsentFault
from portal.pages.choices import parts_told
from portal.pages.door import ResidentRequest, resident_page
from portal.pages.matters import consents
from portal.pages.outcomes import outcome_told
from portal.pages.permission_cards import in_language


def _found(slug: str) -> DonationTold:
    found = found_donation(slug)
    if found is None:
        raise Http404
    return found


def _shown(told: DonationTold) -> dict[str, Any]:
    return {
        "slug": told.purpose.slug,
        "text": in_language(told.text),
        "unit": told.purpose.department.name,
        "for": Donation(told.purpose.donation).label,
        "is_open": told.is_open,
        "outcomes": [outcome_told(each) for each in told.outcomes],
    }


@require_GET
def all_donations(request: HttpRequest) -> HttpResponse:
    """Every one that is or was asked for, with what came of it."""
    return render(request, "pages/donations.html", {"donations": [_shown(each) for each in donations()]})


@require_GET
def one_donation(request: HttpRequest, donation: str) -> HttpResponse:
    """One: the whole text, its parts, who may use it and how long; to print, and for machines."""
    told = _found(donation)
    context = _shown(told) | {
        "parts": parts_told(modules_of(told.purpose.pk)),
        "purpose": told.purpose,
        "version": told.text.version,
        "published_at": told.text.published_at,
        "research": told.purpose.donation == Donation.RESEARCH,
    }
    return render(request, "pages/donation.html", context)


@require_GET
def form(request: HttpRequest, donation: str) -> HttpResponse:
    """The empty consent form as JSON."""
    told = _found(donation)
    return _as_file(paper.form_of(told, modules_of(told.purpose.pk), base=settings.PUBLIC_URL), donation)


@require_GET
@cache_control(public=True, max_age=86400)
def schema(request: HttpRequest) -> HttpResponse:
    """/schemas/donation-form-1.json."""
    return JsonResponse(paper.published(settings.PUBLIC_URL), content_type="application/schema+json")


@require_POST
@resident_page
def ask(request: ResidentRequest, donation: str) -> HttpResponse:
    """Lead to the question; it is put where it was not yet, and a no of theirs is theirs to change."""
    told = _found(donation)
    try:
        consent = request_consent(
            told.purpose, person=request.person, by=request.actor, at=timezone.now(), asked_for=True
        )
    except AskedTooSoon:
        consent = get_object_or_404(consents(request), purpose=told.purpose)
    except ConsentFault:
        return redirect("donation", donation=donation)
    return redirect("permission" if consent.state == ConsentState.GIVEN else "question", consent.pk)


@resident_page
def given_form(request: ResidentRequest, pk: UUID) -> HttpResponse:
    """The consent form as the person filled it in, as JSON; beside it stands the signed receipt."""
    consent = get_object_or_404(consents(request).exclude(purpose__donation=""), pk=pk)
    told = _found(consent.purpose.slug)
    filled = paper.form_of(told, modules_of(consent.purpose_id), base=settings.PUBLIC_URL, consent=consent)
    return _as_file(filled, f"{consent.purpose.slug}-{pk}")


def _as_file(form_told: dict[str, Any], name: str) -> HttpResponse:
    body = json.dumps(form_told, ensure_ascii=False, indent=1)
    answer = HttpResponse(body, content_type="application/json; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.json"'
    return answer
