"""Home and the data: what waits, what is held, each with its age. No page waits for a source."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from consents.enums import ConsentState
from datasources.actions.asking import ask_for
from datasources.enums import Connection
from datasources.queries.erased import kept_away
from datasources.queries.holdings import names_by_slug
from datasources.queries.sheets import sheet_of
from portal.notices.queries import turns_of
from portal.pages.arriving import arriving_of
from portal.pages.door import ResidentRequest, not_shown, resident_page
from portal.pages.log_lines import Names, line_of
from portal.pages.matters import cards, covers, departments, entries, packages_waiting, shows_records
from portal.pages.notices import Told, told_of
from portal.pages.own_devices import is_offered
from portal.pages.rights_told import rights_told
from portal.pages.uses import latest

_LATEST = 3


@resident_page
def home(request: ResidentRequest) -> HttpResponse:
    """In this order: questions, who used the data lately, what is held, what is allowed."""
    shown = cards(request)
    held = departments(request)
    names = Names(*names_by_slug())
    newest = latest(entries(request), _LATEST, person=request.person)
    return TemplateResponse(
        request,
        "pages/home.html",
        {
            "waiting": [card for card in shown if card.waits],
            "elsewhere": [card for card in shown if card.waits_elsewhere],
            "unanswered": sum(card.waits and card.state == ConsentState.REQUESTED for card in shown),
            "on": [card for card in shown if card.state == ConsentState.GIVEN],
            "latest": [line_of(each, names, reader=request.me) for each in newest],
            "shows_records": shows_records(request),
            # Asked only where it may be why there is nothing.
            "not_copied": None if any(each.held for each in held) else kept_away(request.person),
            "departments": [each for each in held if each.connection == Connection.CONNECTED],
            "failed": [each for each in held if each.source and each.source.failed],
            "arriving": arriving_of(held, now=timezone.now()),
            "devices": is_offered(request),
            "packages": packages_waiting(request, at=timezone.now()),
            "turns": _turns(request),
        },
    )


def _turns(request: ResidentRequest) -> list[Told]:
    """Told to the person themselves, in words to them."""
    if request.power is not None or request.person != request.me:
        return []
    told = turns_of(request.person, at=timezone.now())
    return [told_of(each.kind, each.at, each.told_at) for each in told]


@resident_page
def your_data(request: ResidentRequest) -> HttpResponse:
    """One card a department; what is not connected is named with the way to go."""
    if not shows_records(request):
        return not_shown(request)
    held = departments(request)
    return TemplateResponse(
        request,
        "pages/data.html",
        {
            "connected": [each for each in held if each.connection == Connection.CONNECTED],
            "not_yet": [each for each in held if each.connection == Connection.NOT_YET],
            "not_ours": [each for each in held if each.connection == Connection.NOT_OURS],
            "not_copied": kept_away(request.person),
            "arriving": arriving_of(held, now=timezone.now()),
            "devices": is_offered(request),
        },
    )


@resident_page
def arriving(request: ResidentRequest) -> HttpResponse:
    """What came since the page was made, for a page that waits: nothing (204) until a department has answered."""
    place = "home" if request.GET.get("place") == "home" else "data"
    waited_for = request.GET.get("departments", "").split(",")
    held = [each for each in departments(request) if each.connection == Connection.CONNECTED]
    came = [each for each in held if each.slug in waited_for and not each.arriving]
    told = arriving_of(held, now=timezone.now(), came=bool(came))
    if not came and told.departments and told.pace == request.GET.get("pace"):
        return HttpResponse(status=204)
    return TemplateResponse(request, "components/arrivals.html", {"place": place, "arriving": told, "came": came})


@resident_page
def category(request: ResidentRequest, department: str, dataset: str) -> HttpResponse:
    """One kind of data: its records as cards, and beside them where it came from, why, and for how long."""
    if not shows_records(request):
        return not_shown(request)
    sheet = sheet_of(request.person, dataset)
    if sheet is None or sheet.dataset.register.department.slug != department:
        raise Http404
    if sheet.dataset.register.connection != Connection.CONNECTED or not covers(request, department):
        raise Http404
    return TemplateResponse(
        request,
        "pages/category.html",
        {
            "sheet": sheet,
            "dataset": sheet.dataset,
            "register": sheet.dataset.register,
            "department": sheet.dataset.register.department,
            "rights": rights_told(sheet.dataset.register.basis),
        },
    )


@require_POST
@resident_page
def refresh(request: ResidentRequest) -> HttpResponse:
    """Have the sources asked again; the page that comes back does not wait for them."""
    if not shows_records(request):
        return not_shown(request)
    ask_for(request.person, by=request.actor, at=timezone.now())
    return redirect("data")
