"""Leaving, and the staff's entrance. The residents' start page stands with the other pages."""

from urllib.parse import urlencode

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from portal.ledger.actions import record
from portal.ledger.actor import resident, system
from portal.people.kinds import PeopleEntry
from portal.people.models import User
from portal.people.session_secrets import id_token_of
from portal.walls import Role, scope


def _leave_entry(user: User) -> None:
    person = user.person_id
    by = resident(person) if person else system("staff sign-out")
    with scope(Role.LOGIN, persons=[person] if person else []):
        record(PeopleEntry.SIGNED_OUT, by=by, about=person, at=timezone.now())


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
        _leave_entry(request.user)
    logout(request)
    hint = {"id_token_hint": token} if token else {}
    return HttpResponseRedirect(
        f"{issuer}/end-session?{urlencode({'post_logout_redirect_uri': f'{base}/signed-out/', **hint})}"
    )


@never_cache
def staff_sign_in(request: HttpRequest, **_: object) -> HttpResponse:
    """The staff's entrance: the city's provider, then a second step; a first visit sets the second step up."""
    if isinstance(request.user, User) and request.user.is_staff:
        return redirect("admin:index") if is_mfa_enabled(request.user) else redirect("mfa_activate_totp")
    return render(request, "staff/sign_in.html")
