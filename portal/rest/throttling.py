"""How often a client may call. One that calls too often is told when to come again (RFC 6585 §4)."""

import time
from typing import TYPE_CHECKING

import msgspec
from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from portal.rest.authentication import Caller
from portal.rest.problem_kinds import TOO_MANY
from portal.rest.problems import problem
from portal.throttle import count, wait

if TYPE_CHECKING:
    # DRF's views load this module while they load.
    from rest_framework.views import APIView

_STEPS = 100


class ClientThrottle(BaseThrottle):
    """API_CALLS_PER_MINUTE for each client, over all processes, known to a hundredth."""

    def allow_request(self, request: Request, view: "APIView") -> bool:
        """False for the call after the last that is allowed in this minute; what is open to all is not counted."""
        if not isinstance(request.user, Caller):
            return True
        most: int = settings.API_CALLS_PER_MINUTE
        return count("api", str(request.user.client), now=time.time(), step=max(1, most // _STEPS)) <= most

    def wait(self) -> float:
        """Seconds until the next may come."""
        return wait(time.time())


def asks_too_often(request: HttpRequest) -> HttpResponse | None:
    """429 for an address that asked for more than TOKENS_PER_MINUTE tokens in this minute."""
    now = time.time()
    if count("token", get_adapter().get_client_ip(request), now=now) <= settings.TOKENS_PER_MINUTE:
        return None
    told = msgspec.json.encode(problem(TOO_MANY))
    headers = {"Retry-After": str(wait(now))}
    return HttpResponse(told, status=429, content_type="application/problem+json", headers=headers)
