"""The rulebook, for everyone: the version that the city adopted, every other, and the same for programs."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import structlog
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from consents.rulebook.errors import NoSuchVersion, RulebookFault
from consents.rulebook.queries import adoptions
from consents.rulebook.reading import content_of, digest_of, versions
from portal.pages.rulebook import adoption_as_data, page_of, version_as_data

_log = structlog.get_logger(__name__)
View = Callable[..., HttpResponse]


def _shown(failed: View) -> Callable[[View], View]:
    """A version that is not there is not found; one that is broken is told as such, and to those who run the portal."""

    def guard(view: View) -> View:
        @require_safe
        @wraps(view)
        def answered(request: HttpRequest, **parts: Any) -> HttpResponse:
            try:
                return view(request, **parts)
            except NoSuchVersion:
                raise Http404 from None
            except RulebookFault as fault:
                _log.error("rulebook.broken", fault=str(fault))
                return failed(request)

        return answered

    return guard


def _failed_page(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/rulebook_failed.html", status=503)


def _failed_data(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"error": "The rulebook cannot be read just now."}, status=503)


@_shown(_failed_page)
def rulebook(request: HttpRequest) -> HttpResponse:
    """The version in force; before the city adopted any, the newest."""
    rows, there = adoptions(), versions()
    in_force = [row.version for row in rows if row.version in there] or there
    if not in_force:
        raise NoSuchVersion
    return render(request, "pages/rulebook.html", page_of(in_force[0], rows))


@_shown(_failed_page)
def rulebook_version(request: HttpRequest, version: str) -> HttpResponse:
    """One version, and what it says otherwise than the one before it."""
    return render(request, "pages/rulebook.html", page_of(version, adoptions()) | {"by_version": True})


@cache_control(no_cache=True)
@_shown(_failed_data)
def rulebook_json(request: HttpRequest) -> HttpResponse:
    """/rulebook.json: what the city adopted, signed, newest first; and which versions there are."""
    told = [
        {"version": each, "digest": f"sha256:{digest_of(content_of(each))}", "url": f"/rulebook/{each}.json"}
        for each in versions()
    ]
    return JsonResponse({"adoptions": [adoption_as_data(row) for row in adoptions()], "versions": told})


@cache_control(no_cache=True)
@_shown(_failed_data)
def rulebook_version_json(request: HttpRequest, version: str) -> HttpResponse:
    """/rulebook/<version>.json."""
    return JsonResponse(version_as_data(version))
