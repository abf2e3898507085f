"""Errands: in by a department's link, to the question, and back to the department's service. Never an open redirect."""

import time
from urllib.parse import urlencode
from uuid import UUID

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from consents.enums import ConsentState
from consents.errands.keeping import begin_errand, join_errand, leave_errand
from consents.errands.links import read_link, signed_result
from consents.errands.reading import errand_to_leave
from consents.errors import (
    ConsentFault,
    ErrandFault,
    ErrandOver,
    LinkExpired,
    LinkUsed,
    NoSuchErrand,
    OnlyAdults,
    OtherPerson,
    QuestionUnknown,
    ReturnUnknown,
)
from consents.models import Consent
from portal.i18n.languages import language_now
from portal.ledger.actor import Actor, ActorKind, Right
from portal.pages.acts import acts_on
from portal.pages.door import ResidentRequest, resident_page
from portal.pages.matters import consents
from portal.pages.permission_cards import card_of
from portal.throttle import count, wait
from portal.walls import Role, scope

# Their own answers: a page tells of them, and asks nothing.
_ANSWERED = (ConsentState.GIVEN, ConsentState.REFUSED, ConsentState.WITHDRAWN, ConsentState.PENDING)


def _told(fault: ErrandFault) -> str:
    """The fault as a sentence in the reader's language."""
    match fault:
        case LinkExpired() | ErrandOver():
            return gettext("The link holds for a short while only, and its time has passed.")
        case LinkUsed():
            return gettext("The link has been used already. It works once.")
        case ReturnUnknown():
            return gettext("The service wants to lead you to an address that the city has not confirmed.")
        case QuestionUnknown():
            return gettext("The service may not ask this question, or it is not asked any more.")
        case _:
            return gettext("The link is not whole, or a service made it that may not lead you here.")


def _refused(request: HttpRequest, sentence: str, *, status: int) -> HttpResponse:
    return render(request, "pages/errand_refused.html", {"sentence": sentence}, status=status)


@never_cache
@csrf_exempt
@require_http_methods(["GET", "POST"])
def arrive(request: HttpRequest) -> HttpResponse:
    """/errand/: a department's service leads somebody here by a link that it signed, in an address or by a form.

    Nothing of theirs is touched before they sign in, so a form from another site may post it. To who is let in, the
    link is replaced by an address of our own.
    """
    now = time.time()
    if count("errand", get_adapter().get_client_ip(request), now=now) > settings.SIGN_INS_PER_MINUTE:
        answer = _refused(request, gettext("Too many came by a link just now. Try again in a minute."), status=429)
        answer["Retry-After"] = str(wait(now))
        return answer
    token = (request.POST if request.method == "POST" else request.GET).get("link", "")
    begun = _begun(token)
    if isinstance(begun, ErrandFault):
        return _refused(request, _told(begun), status=400)
    return redirect("errand", pk=begun)


def _begun(token: str) -> UUID | ErrandFault:
    """The errand, or why there is none; either way it stays noted when a client's keys were last asked for."""
    at = timezone.now()
    with scope(Role.API):
        try:
            link = read_link(token, at=at)
            by = Actor(ActorKind.CLIENT, str(link.client.pk), Right.CLIENT, unit=link.client.department)
            return begin_errand(link, by=by, at=at)
        except ErrandFault as fault:
            return fault


@resident_page
def errand(request: ResidentRequest, pk: UUID) -> HttpResponse:
    """To the question; or, where there is nothing to answer, a page that says why, with the way back."""
    found = errand_to_leave(pk, request.person)
    if found is None:
        raise Http404
    context = {"errand": found, "service": found.service, "tone": "", "card": None}
    try:
        consent = join_errand(pk, person=request.person, by=request.actor, at=timezone.now())
    except OtherPerson:
        return TemplateResponse(request, "pages/errand.html", context | {"tone": "other"})
    except ErrandOver as fault:
        return TemplateResponse(request, "pages/errand_refused.html", {"sentence": _told(fault)}, status=410)
    except OnlyAdults:
        return TemplateResponse(request, "pages/errand.html", context | {"tone": "adults"})
    except ConsentFault:
        return TemplateResponse(request, "pages/errand.html", context | {"tone": "closed"})
    return _led_on(request, consent, context)


def _led_on(request: ResidentRequest, consent: Consent, context: dict[str, object]) -> HttpResponse:
    theirs = consents(request).filter(pk=consent.pk).first()
    if theirs is None:
        return TemplateResponse(request, "pages/errand.html", context | {"tone": "closed"})
    acts = acts_on(request, theirs, at=timezone.now())
    if acts.may_answer and theirs.state not in _ANSWERED:
        return redirect("question", pk=theirs.pk)
    more = {"tone": "answered", "card": card_of(theirs), "may_answer": acts.may_answer, "speaks": acts.speaks}
    return TemplateResponse(request, "pages/errand.html", context | more)


@resident_page
def errand_back(request: ResidentRequest, pk: UUID) -> HttpResponse:
    """Back to the service, with its own `state` and what it is told, signed: answered, or later."""
    at = timezone.now()
    try:
        left, result = leave_errand(pk, person=request.person, by=request.actor, at=at)
    except NoSuchErrand:
        raise Http404 from None
    except ReturnUnknown as fault:
        return TemplateResponse(request, "pages/errand_refused.html", {"sentence": _told(fault)}, status=410)
    told = {"state": left.state, "result": signed_result(left, result, at=at), "lang": language_now()}
    return HttpResponseRedirect(f"{left.return_to}?{urlencode(told)}")
