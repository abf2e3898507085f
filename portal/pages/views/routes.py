"""Routes that somebody keeps for themselves: a list, each as a line on nothing, as a file, and how they go again."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from datasources.wearables.actions.routes import forget_route, forget_routes
from datasources.wearables.queries.routes import Listed, count_routes, route_of, routes_of, whole_route
from datasources.wearables.routes.drawing import sketch_of
from datasources.wearables.routes.gpx import TYPE, gpx_of
from portal.cities import city
from portal.pages.door import ResidentRequest
from portal.pages.fresh import asks_again
from portal.pages.own_devices import devices_page
from portal.pages.route_pictures import route_svg
from portal.pages.route_words import end_text, facts_of, kilometres_told, source_text, went, when_text

_A_PAGE = 25


@devices_page
def routes(request: ResidentRequest) -> HttpResponse:
    """All of them, the newest first."""
    page = Paginator(routes_of(request.person), _A_PAGE).get_page(request.GET.get("page"))
    rows = [(each.id, _when(each), facts_of(each.told) if each.told else "") for each in page]
    context = {"page": page, "rows": rows, "removed": "removed" in request.GET}
    return TemplateResponse(request, "pages/routes.html", context)


def _when(listed: Listed) -> str:
    return when_text(listed.told) if listed.told else ""


@devices_page
def route(request: ResidentRequest, pk: UUID) -> HttpResponse:
    """One: what it came to, the line, where it ends, and its kilometres."""
    found = whole_route(request.person, pk)
    if found is None:
        # One whose seal does not open is told so, and can be deleted.
        return TemplateResponse(request, "pages/route_failed.html", {"route": _listed(request, pk)}, status=500)
    finding, end = went(found.told), end_text(found)
    context = {
        "pk": pk,
        "when": when_text(found.told),
        "finding": finding,
        "end": end,
        "source": source_text(found.told),
        "picture": route_svg(sketch_of(found), title=f"{finding} {end}"),
        "kilometres": kilometres_told(found),
    }
    return TemplateResponse(request, "pages/route.html", context)


def _listed(request: ResidentRequest, pk: UUID) -> Listed:
    found = route_of(request.person, pk)
    if found is None:
        raise Http404
    return found


@devices_page
def route_gpx(request: ResidentRequest, pk: UUID) -> HttpResponse:
    """To keep, and for other programs."""
    found = whole_route(request.person, pk)
    if found is None:
        raise Http404
    begun = found.told.begun_at
    day = f"-{timezone.localdate(begun)}" if begun else ""
    headers = {"Content-Disposition": f'attachment; filename="route{day}-{str(pk)[:8]}.gpx"'}
    return HttpResponse(gpx_of(found, creator=str(city().portal_name)), content_type=TYPE, headers=headers)


@devices_page
@asks_again
def remove_route(request: ResidentRequest, pk: UUID) -> HttpResponse:
    """One, at once and for good."""
    found = _listed(request, pk)
    if request.method == "POST":
        forget_route(request.person, pk, by=request.actor, at=timezone.now())
        return _removed()
    context = {"when": _when(found), "count": 1, "back": reverse("route", args=[pk])}
    return TemplateResponse(request, "pages/remove_routes.html", context)


@devices_page
@asks_again
def remove_routes(request: ResidentRequest) -> HttpResponse:
    """All of them; figures stay."""
    if request.method == "POST":
        forget_routes(request.person, by=request.actor, at=timezone.now())
        return _removed()
    context = {"count": count_routes(request.person), "back": reverse("routes")}
    return TemplateResponse(request, "pages/remove_routes.html", context)


def _removed() -> HttpResponse:
    response = redirect("routes")
    response.headers["Location"] += "?removed"
    return response
