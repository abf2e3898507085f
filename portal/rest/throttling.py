"""How often a client may call. One that calls too often is told when to come again (RFC 6585 §4), and costs little.

Every answer says what is left: RateLimit and RateLimit-Policy of draft-ietf-httpapi-ratelimit-headers.
"""

import math
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec
from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from portal.rest.allowance import BURST_SECONDS, most_of, refused_for, take
from portal.rest.authentication import Caller, token_of
from portal.rest.believing import remembered
from portal.rest.problem_kinds import TOO_MANY
from portal.rest.problems import problem
from portal.throttle import count, wait

if TYPE_CHECKING:
    # DRF's views load this module while they load.
    from rest_framework.views import APIView

_API = "/api/v1/"


class ClientThrottle(BaseThrottle):
    """As many calls a second as the client may make, over all processes."""

    _wait = 0.0

    def allow_request(self, request: Request, view: "APIView") -> bool:
        """False when no call is left; what is open to all is not counted."""
        caller = request.user
        if not isinstance(caller, Caller):
            return True
        verdict = take(caller.client, caller.calls_per_second)
        # Put on whatever is answered.
        view.headers["RateLimit-Policy"] = f'"client";q={most_of(caller.calls_per_second)};w={BURST_SECONDS}'
        view.headers["RateLimit"] = f'"client";r={verdict.left};t={math.ceil(verdict.wait)}'
        self._wait = verdict.wait
        return verdict.allowed

    def wait(self) -> float:
        """Seconds until the next may come, at least one."""
        return max(1, math.ceil(self._wait))


class ShedMiddleware:
    """First of all: a client that is known to have no call left is told so before anything else is done for it.

    The others must not wait while somebody's thousand calls a second are looked at one by one.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Only tokens that this process has believed are looked up; whoever has none goes the usual way."""
        if request.path_info.startswith(_API) and (seconds := _over(request.META.get("HTTP_AUTHORIZATION", ""))):
            return _too_many(math.ceil(seconds))
        return self.get_response(request)


def _over(header: str) -> float:
    token = remembered(token_of(header))
    return refused_for(token.client) if token else 0.0


def _too_many(seconds: int) -> HttpResponse:
    told = msgspec.json.encode(problem(TOO_MANY))
    headers = {"Retry-After": str(seconds), "Cache-Control": "no-store"}
    return HttpResponse(told, status=429, content_type="application/problem+json", headers=headers)


def asks_too_often(request: HttpRequest) -> HttpResponse | None:
    """429 for an address that asked for more than TOKENS_PER_MINUTE tokens in this minute."""
    now = time.time()
    if count("token", get_adapter().get_client_ip(request), now=now) <= settings.TOKENS_PER_MINUTE:
        return None
    return _too_many(wait(now))
