"""Addresses of the API's manners: tokens, keys, metadata, and what explains it all to people."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext, override
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST
from drf_spectacular.generators import SchemaGenerator

from portal.keys.package_keys import published_keys
from portal.keys.signing import public_keys
from portal.rest.allowance import BURST_SECONDS
from portal.rest.keysets import ALGORITHMS
from portal.rest.models import SCOPES
from portal.rest.problem_kinds import kinds
from portal.rest.reference import by_tag, calls_of
from portal.rest.throttling import asks_too_often
from portal.rest.tokens import METHODS, revocation_response, token_response


@csrf_exempt
@require_POST
def token(request: HttpRequest) -> HttpResponse:
    """POST /oauth/token/: client credentials by private_key_jwt or client_secret_basic."""
    answer: HttpResponse = asks_too_often(request) or token_response(request)
    answer["Cache-Control"] = "no-store"
    return answer


@csrf_exempt
@require_POST
def revoke(request: HttpRequest) -> HttpResponse:
    """POST /oauth/revoke/: a token that is needed no more (RFC 7009)."""
    answer: HttpResponse = asks_too_often(request) or revocation_response(request)
    answer["Cache-Control"] = "no-store"
    return answer


@require_GET
def keys(request: HttpRequest) -> HttpResponse:
    """/.well-known/jwks.json: what our tokens, receipts, the log's seals and packages are verified with."""
    told = [*public_keys("tokens", "receipts", "checkpoints", "rulebook"), *published_keys(at=timezone.now())]
    return JsonResponse({"keys": told})


@require_GET
def metadata(request: HttpRequest) -> HttpResponse:
    """RFC 8414."""
    base = settings.PUBLIC_URL
    return JsonResponse(
        {
            "issuer": base,
            "token_endpoint": f"{base}/oauth/token/",
            "revocation_endpoint": f"{base}/oauth/revoke/",
            "service_documentation": f"{base}/api/v1/docs/",
            "jwks_uri": f"{base}/.well-known/jwks.json",
            "grant_types_supported": ["client_credentials"],
            "token_endpoint_auth_methods_supported": METHODS,
            "token_endpoint_auth_signing_alg_values_supported": ALGORITHMS,
            "revocation_endpoint_auth_methods_supported": METHODS,
            "revocation_endpoint_auth_signing_alg_values_supported": ALGORITHMS,
            "scopes_supported": list(SCOPES),
            "response_types_supported": [],
        }
    )


@require_GET
def explained(request: HttpRequest, slug: str) -> HttpResponse:
    """/api/problems/<slug>/: what a problem's type means and what to do, in each language on one page."""
    if (kind := kinds().get(slug)) is None:
        raise Http404
    told = []
    for code, _ in settings.LANGUAGES:
        with override(code):
            told.append((code, gettext(kind.title), gettext(kind.advice)))
    return _in_english(request, "pages/problem.html", {"slug": slug, "told": told})


@require_GET
def reference(request: HttpRequest) -> HttpResponse:
    """/api/v1/docs/: the description for people, in English."""
    described = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    known = {
        "tags": by_tag(calls_of(described)),
        "scopes": SCOPES,
        "base": settings.PUBLIC_URL,
        "kinds": kinds(),
        "burst": BURST_SECONDS,
    }
    return _in_english(request, "pages/api_reference.html", known)


def _in_english(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    # These addresses belong to no language, so there is none to change to.
    with override("en"):
        return render(request, template, context | {"languages": ()})
