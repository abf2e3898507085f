"""Taking everything along: asked for with one press, made while one looks, handed over once a link."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from datasources.transfers.package.sealing import SEALED_MEDIA_TYPE
from datasources.transfers.package.shape import MEDIA_TYPE
from portal.i18n.languages import language_now
from portal.pages.door import ResidentRequest, not_shown, resident_page
from portal.pages.fresh import asks_again
from portal.pages.leaving.taken import carried_of
from portal.pages.matters import covers, packages_asked, shows_records
from portal.pages.packing import packing_of
from portal.people.models import User
from portal.requests.enums import RequestKind
from portal.requests.models import Request
from portal.requests.package.links import follow_link, make_link, newest_package
from portal.requests.package.planning import ask_for_everything
from portal.requests.package.schema import published
from portal.requests.package.sealing import opened


@resident_page
@asks_again
def take_all(request: ResidentRequest) -> HttpResponse:
    """What a package is, and the one press that asks for it; asked twice it is the same request."""
    if not shows_records(request):
        return not_shown(request)
    if request.method != "POST":
        return TemplateResponse(request, "pages/take_all.html")
    asked, new = ask_for_everything(
        request.person,
        covers=lambda department: covers(request, department),
        language=language_now(),
        by=request.actor,
        at=timezone.now(),
    )
    response = redirect("my_request", asked.pk)
    response.headers["Location"] += "?asked" if new else ""
    return response


@resident_page
@asks_again
def package(request: ResidentRequest, pk: UUID) -> HttpResponse:
    """How far it is, for a page that waits; a press makes a link to it and goes there."""
    asked = get_object_or_404(packages_asked(request), pk=pk)
    now = timezone.now()
    if request.method == "POST":
        ready = newest_package(asked.pk, at=now)
        if ready is None:
            raise Http404
        token = make_link(ready, session=str(request.session.session_key), at=now)
        return redirect("package_file", pk, token)
    if "HX-Request" not in request.headers:
        return redirect("my_request", pk)
    if asked.kind == RequestKind.MOVE:
        return _carried(request, asked)
    packing = packing_of(asked, at=now)
    if packing.is_being_made and str(packing.answered) == request.GET.get("answered"):
        return HttpResponse(status=204)
    return TemplateResponse(request, "components/request_all.html", {"packing": packing})


def _carried(request: ResidentRequest, asked: Request) -> HttpResponse:
    """Of what was chosen: nothing new until it is made."""
    carried = carried_of(asked, may_take=True, at=timezone.now())
    if carried.is_being_made:
        return HttpResponse(status=204)
    return TemplateResponse(request, "components/request_move.html", {"carried": carried})


def _nothing_there(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """For whoever is not signed in, and for anything but fetching it, the address leads nowhere."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method != "GET" or not isinstance(request.user, User):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@_nothing_there
@resident_page
def package_file(request: ResidentRequest, pk: UUID, token: str) -> HttpResponse:
    """The file, where the link leads there."""
    asked = get_object_or_404(packages_asked(request), pk=pk)
    session = str(request.session.session_key)
    found = follow_link(asked.pk, token, session=session, by=request.actor, at=timezone.now())
    if found is None:
        raise Http404
    kind, ending = _kind_of(asked)
    headers = {"Content-Disposition": f'attachment; filename="{asked.number}.{ending}"'}
    headers["Content-Length"] = str(found.size)
    return StreamingHttpResponse(opened(found), content_type=kind, headers=headers)  # type: ignore[return-value]


def _kind_of(asked: Request) -> tuple[str, str]:
    """(media type, ending) of what a request ends in."""
    if asked.kind != RequestKind.MOVE:
        return "application/zip", "zip"
    return (SEALED_MEDIA_TYPE, "jwe") if asked.leaving.for_receiver_only else (MEDIA_TYPE, "zip")


@require_GET
@cache_control(public=True, max_age=86400)
def schema(request: HttpRequest) -> HttpResponse:
    """/schemas/package-1.json."""
    return JsonResponse(published(settings.PUBLIC_URL), content_type="application/schema+json")
