"""A sign-in that is refused: a friendly page, no session, and an entry that tells the reason only."""

from datetime import datetime

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.providers.base import ProviderException
from django.http import HttpRequest
from django.shortcuts import render

from portal.ledger.actions import record
from portal.ledger.actor import system
from portal.people.kinds import PeopleEntry
from portal.walls import Role, scope

UNKNOWN_STATE = "state"


class SignInRefused(ProviderException):
    """The identity service's answer was not accepted; `args[0]` says why, as a slug of ours and never a claim."""


def refuse(request: HttpRequest, reason: str, *, at: datetime) -> ImmediateHttpResponse:
    """To be raised. `reason` is a slug of ours."""
    # A link to the callback with a made-up state, followed by someone signed in, must not sign them out.
    if not (reason == UNKNOWN_STATE and request.user.is_authenticated):
        request.session.flush()
    with scope(Role.LOGIN):
        record(PeopleEntry.SIGN_IN_REFUSED, by=system("login"), at=at, counts={"reason": reason})
    return ImmediateHttpResponse(render(request, "pages/sign_in_failed.html", status=400))
