"""Another city's programs: a code for a token, the token for the package (RFC 6749 §4.1.3, RFC 6750)."""

import time
from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from datasources.transfers.package.shape import MEDIA_TYPE
from portal.requests.leaving.clients import KeysNotKnown, NotThatCity, signed_by_city
from portal.requests.leaving.fetching import Handed, Shown, handed_by, taken_whole, token_for
from portal.requests.leaving.progress import made_so_far
from portal.requests.models import Package
from portal.requests.package.sealing import opened
from portal.throttle import count, wait

ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_COME_AGAIN = "2"
_NEEDED = ("code", "code_verifier", "redirect_uri", "client_id", "client_assertion")


def _answer(told: dict[str, Any], status: int = 200, **headers: str) -> HttpResponse:
    return JsonResponse(told, status=status, headers={"Cache-Control": "no-store", **headers})


def _too_often(request: HttpRequest, name: str) -> HttpResponse | None:
    now = time.time()
    if count(name, get_adapter().get_client_ip(request), now=now) <= settings.TOKENS_PER_MINUTE:
        return None
    return _answer({"error": "temporarily_unavailable"}, 429, **{"Retry-After": str(wait(now))})


def _fault(request: HttpRequest, told: dict[str, str]) -> str:
    """What is wrong with the form itself (RFC 6749 §5.2); empty when nothing is."""
    if any(len(request.POST.getlist(name)) > 1 for name in request.POST):
        return "invalid_request"
    if request.POST.get("grant_type") != "authorization_code":
        return "unsupported_grant_type"
    whole = all(told.values()) and request.POST.get("client_assertion_type") == ASSERTION
    return "" if whole else "invalid_request"


@csrf_exempt
@require_POST
def token(request: HttpRequest) -> HttpResponse:
    """/transfers/token. The city proves who it is by private_key_jwt; why a code is refused is told to nobody."""
    if (answer := _too_often(request, "transfers-token")) is not None:
        return answer
    told = {name: request.POST.get(name, "") for name in _NEEDED}
    if fault := _fault(request, told):
        return _answer({"error": fault}, 400)
    now = timezone.now()
    try:
        signed = signed_by_city(told["client_assertion"], client_id=told["client_id"], at=now)
        shown = Shown(signed, told["redirect_uri"], told["client_assertion"], told["code"], told["code_verifier"])
        given = token_for(shown, at=now)
    except NotThatCity:
        return _answer({"error": "invalid_client"}, 401)
    except KeysNotKnown:
        return _answer({"error": "temporarily_unavailable"}, 503, **{"Retry-After": _COME_AGAIN})
    if given is None:
        return _answer({"error": "invalid_grant"}, 400)
    return _answer(
        {"access_token": given.token, "token_type": "Bearer", "expires_in": given.seconds}, Pragma="no-cache"
    )


@require_GET
def package(request: HttpRequest) -> HttpResponse:
    """/transfers/package. 202 while it is being made; the bytes, until they were taken whole once."""
    if (answer := _too_often(request, "transfers-package")) is not None:
        return answer
    scheme, _, shown = request.headers.get("Authorization", "").partition(" ")
    handed = handed_by(shown, at=timezone.now()) if scheme.lower() == "bearer" and shown else None
    if handed is None:
        return _answer({"error": "invalid_token"}, 401, **{"WWW-Authenticate": 'Bearer error="invalid_token"'})
    if handed.package is None:
        made = {"made": made_so_far(handed.request), "of": handed.of}
        return _answer(made, 202, **{"Retry-After": _COME_AGAIN})
    return _bytes(handed, handed.package)


def _bytes(handed: Handed, ready: Package) -> HttpResponse:
    headers = {"Content-Length": str(ready.size), "Cache-Control": "no-store"}
    parts = taken_whole(handed, opened(ready), clock=timezone.now)
    answer: HttpResponse = StreamingHttpResponse(parts, content_type=MEDIA_TYPE, headers=headers)  # type: ignore[assignment]
    return answer
