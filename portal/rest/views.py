"""Addresses of the API's manners: tokens, keys, metadata, problems explained."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from portal.keys.signing import public_keys
from portal.rest.models import SCOPES
from portal.rest.problems import TYPES
from portal.rest.throttling import asks_too_often
from portal.rest.tokens import token_response


@csrf_exempt
@require_POST
def token(request: HttpRequest) -> HttpResponse:
    """POST /oauth/token/: client credentials by private_key_jwt."""
    answer: HttpResponse = asks_too_often(request) or token_response(request)
    answer["Cache-Control"] = "no-store"
    return answer


@require_GET
def keys(request: HttpRequest) -> HttpResponse:
    """/.well-known/jwks.json: what our tokens and receipts are verified with."""
    return JsonResponse({"keys": public_keys("tokens", "receipts")})


@require_GET
def metadata(request: HttpRequest) -> HttpResponse:
    """RFC 8414."""
    base = settings.PUBLIC_URL
    return JsonResponse(
        {
            "issuer": base,
            "token_endpoint": f"{base}/oauth/token/",
            "jwks_uri": f"{base}/.well-known/jwks.json",
            "grant_types_supported": ["client_credentials"],
            "token_endpoint_auth_methods_supported": ["private_key_jwt"],
            "token_endpoint_auth_signing_alg_values_supported": ["ES256", "RS256"],
            "scopes_supported": list(SCOPES),
            "response_types_supported": [],
        }
    )


@require_GET
def explained(request: HttpRequest, slug: str) -> HttpResponse:
    """/api/problems/<slug>/: what a problem's type means."""
    if slug not in TYPES:
        raise Http404
    return render(request, "pages/problem.html", {"slug": slug, "sentence": TYPES[slug]})
