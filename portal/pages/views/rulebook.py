"""The rulebook, for everyone: the version that the city adopted, every other, and the same for programs."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from consents.rulebook.errors import NoSuchVersion
from consents.rulebook.queries import adoptions
from consents.rulebook.reading import content_of, digest_of, versions
from portal.pages.rulebook import adoption_as_data, page_of, version_as_data


@require_safe
def rulebook(request: HttpRequest) -> HttpResponse:
    """The version in force; before the city adopted any, the newest."""
    rows, there = adoptions(), versions()
    in_force = [row.version for row in rows if row.version in there] or there
    return render(request, "pages/rulebook.html", page_of(in_force[0], rows))


@require_safe
def rulebook_version(request: HttpRequest, version: str) -> HttpResponse:
    """One version, and what it says otherwise than the one before it."""
    try:
        return render(request, "pages/rulebook.html", page_of(version, adoptions()))
    except NoSuchVersion:
        raise Http404 from None


@require_safe
@cache_control(no_cache=True)
def rulebook_json(request: HttpRequest) -> HttpResponse:
    """/rulebook.json: what the city adopted, signed, newest first; and which versions there are."""
    told = [
        {"version": each, "digest": f"sha256:{digest_of(content_of(each))}", "url": f"/rulebook/{each}.json"}
        for each in versions()
    ]
    return JsonResponse({"adoptions": [adoption_as_data(row) for row in adoptions()], "versions": told})


@require_safe
@cache_control(public=True, max_age=3600)
def rulebook_version_json(request: HttpRequest, version: str) -> HttpResponse:
    """/rulebook/<version>.json."""
    try:
        return JsonResponse(version_as_data(version))
    except NoSuchVersion:
        raise Http404 from None
