"""Leaving, and the staff's entrance. The residents' start page stands with the other pages."""

from urllib.parse import urlencode
from uuid import UUID

from allauth.mfa.adapter import get_adapter as second_steps
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from portal.ledger.actions import record
from portal.people.actors import actor_of
from portal.people.kinds import PeopleEntry
from portal.people.models import User
from portal.people.session_secrets import id_token_of
from portal.staff.second_step import second_step_passed
from portal.walls import Role, scope


def _leave_entry(request: HttpRequest, person: UUID | None) -> None:
    with scope(Role.LOGIN, persons=[person] if person else []):
        record(PeopleEntry.SIGNED_OUT, by=actor_of(request), about=person, at=timezone.now())


@never_cache
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session here, then at the identity service, which sends the browser back to us."""
    door = request.door  # type: ignore[attr-defined]
    issuer, base = (
        (settings.SUOMIFI_ISSUER, settings.PUBLIC_URL)
        if door == "resident"
        else (settings.STAFF_ISSUER, settings.STAFF_URL)
    )
    token = id_token_of(request)
    if isinstance(request.user, User):
        _leave_entry(request, request.user.person_id)
    logout(request)
    hint = {"id_token_hint": token} if token else {}
    return HttpResponseRedirect(
        f"{issuer}/end-session?{urlencode({'post_logout_redirect_uri': f'{base}/signed-out/', **hint})}"
    )


@never_cache
def staff_sign_in(request: HttpRequest, **_: object) -> HttpResponse:
    """The staff's entrance: the city's provider, then a second step; a first visit sets the second step up."""
    user = request.user
    if isinstance(user, User) and user.is_staff:
        if second_step_passed(request):
            return redirect("admin:index")
        if not is_mfa_enabled(user):
            return redirect("mfa_activate_totp")
    return render(request, "staff/sign_in.html")


@never_cache
@require_GET
def second_step_picture(request: HttpRequest) -> HttpResponse:
    """The key being set up in this session, as a QR code (SVG). A file: our pages take no pictures from data URLs."""
    secret = request.session.get(SECRET_SESSION_KEY)
    if not secret or not request.user.is_authenticated:
        raise Http404
    steps = second_steps()
    picture = steps.build_totp_svg(steps.build_totp_url(request.user, secret))
    return HttpResponse(picture, content_type="image/svg+xml")
