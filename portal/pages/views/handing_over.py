"""Another city asks for a resident's data: led to sign in, to choose, and back with a code or a no (RFC 6749 §4.1)."""

import time
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext, override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from portal.i18n.languages import language_now
from portal.pages.door import ResidentRequest, not_shown, resident_page
from portal.pages.leave_form import ItemsForm
from portal.pages.leaving.items import Offer, offer_to
from portal.pages.matters import shows_records
from portal.pages.other_cities import city_named, return_of
from portal.people.fresh import is_fresh
from portal.requests.leaving.errors import AnsweredAlready, NotAQuestion, QuestionOver
from portal.requests.leaving.handing import agree
from portal.requests.leaving.question import Question, question_of, read, written
from portal.throttle import count, wait

_LANGUAGES = {code for code, _ in settings.LANGUAGES}


@never_cache
@require_GET
def authorize(request: HttpRequest) -> HttpResponse:
    """/transfers/authorize. What is not as agreed is told here: nobody is sent to an address that we do not know."""
    now = time.time()
    if count("authorize", get_adapter().get_client_ip(request), now=now) > settings.SIGN_INS_PER_MINUTE:
        answer = render(request, "pages/question_refused.html", {"too_often": True}, status=429)
        answer["Retry-After"] = str(wait(now))
        return answer
    try:
        question = question_of(dict(request.GET.lists()), return_of=return_of)
    except NotAQuestion:
        return render(request, "pages/question_refused.html", status=400)
    wanted = request.GET.get("ui_locales", "").split(" ")[0][:2]
    with override(wanted if wanted in _LANGUAGES else language_now()):
        return redirect("hand_over", written(question, at=timezone.now()))


@resident_page
def hand_over(request: ResidentRequest, ask: str) -> HttpResponse:
    """What the other city would get, chosen item by item; yes and no weigh the same. After a fresh sign-in only."""
    now = timezone.now()
    try:
        question = read(ask, at=now)
    except QuestionOver:
        return TemplateResponse(request, "pages/question_over.html", status=410)
    if not is_fresh(request, at=now):
        return TemplateResponse(request, "pages/sign_in_again.html", {"next": request.path}, status=403)
    if request.method == "POST" and "no" in request.POST:
        return _back(question, error="access_denied")
    if not shows_records(request):
        return not_shown(request)
    offer = offer_to(request)
    form = ItemsForm(request.POST if request.method == "POST" else None, offered=offer.names)
    if form.is_valid():
        return _hand_over(request, question, offer, tuple(form.cleaned_data["items"]))
    context = {"offer": offer, "form": form, "receiver": city_named(question.client)}
    return TemplateResponse(request, "pages/hand_over.html", context, status=422 if form.errors else 200)


def _hand_over(request: ResidentRequest, question: Question, offer: Offer, items: tuple[str, ...]) -> HttpResponse:
    whom = gettext("Handed over to: %(city)s") % {"city": city_named(question.client)}
    try:
        code = agree(
            question,
            items,
            person=request.person,
            said="\n".join([whom, *offer.said(items)]),
            language=language_now(),
            by=request.actor,
            at=timezone.now(),
        )
    except AnsweredAlready:
        return TemplateResponse(request, "pages/question_over.html", {"answered": True}, status=409)
    return _back(question, code=code)


def _back(question: Question, **told: str) -> HttpResponse:
    """To where that city's answers go, and nowhere else; with `iss` (RFC 9207), so that it knows who answered."""
    query = urlencode({**told, "state": question.state, "iss": settings.PUBLIC_URL})
    return HttpResponseRedirect(f"{question.redirect_uri}?{query}")
