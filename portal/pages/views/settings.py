"""Settings: the language, and where one is signed in."""

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from portal.pages.door import ResidentRequest, account_page
from portal.people.actions import end_session
from portal.people.doors import session_ends_at
from portal.people.queries import sessions_of


@account_page
def settings_page(request: ResidentRequest) -> HttpResponse:
    """Language, open sessions with a way out of each, and what helps when someone watches."""
    sessions = sessions_of(request.user)
    here = request.session.session_key
    return TemplateResponse(
        request,
        "pages/settings.html",
        {
            "here": [session for session in sessions if session.session_key == here],
            "elsewhere": [session for session in sessions if session.session_key != here],
            "signed_out_there": "out" in request.GET,
        },
    )


@require_POST
@account_page
def sign_out_there(request: ResidentRequest, session: int) -> HttpResponse:
    """End one session, and come back."""
    if not end_session(request.user, session, by=request.actor, at=timezone.now()):
        raise Http404
    response = redirect("settings")
    response.headers["Location"] += "?out"
    return response


@require_POST
@account_page
def session_left(request: ResidentRequest) -> HttpResponse:
    """How many seconds are left: asked as a poll it is only told; any other asking has just lengthened it."""
    return JsonResponse({"seconds": max(0, round((session_ends_at(request) - timezone.now()).total_seconds()))})
