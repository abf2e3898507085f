"""Moving to another city: what it means, choosing what is taken along, and what was taken."""

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext

from portal.i18n.languages import language_now
from portal.pages.door import ResidentRequest, not_shown, resident_page
from portal.pages.fresh import asks_again
from portal.pages.leave_form import LeaveForm
from portal.pages.leaving.items import Offer, offer_to
from portal.pages.leaving.taken import brought_along, taken_along
from portal.pages.matters import shows_records
from portal.pages.other_cities import city_named, receivers
from portal.pages.uses import number_of
from portal.requests.leaving.choosing import Chosen, ask_to_leave

_A_PAGE = 20


@resident_page
def move(request: ResidentRequest) -> HttpResponse:
    """What moving data is, the two ways, and what was taken."""
    number = number_of(request.GET.get("page", "1"))
    taken = Paginator(taken_along(request), _A_PAGE)
    if not 1 <= number <= taken.num_pages:
        raise Http404
    context = {
        "taken": taken.page(number),
        "first": number == 1,
        "may": shows_records(request),
        "cities": receivers(),
        "brought": brought_along(request) if number == 1 else [],
        "own": request.power is None,
    }
    return TemplateResponse(request, "pages/move.html", context)


@resident_page
@asks_again
def leave(request: ResidentRequest) -> HttpResponse:
    """What is taken along and for whom; a press asks for it."""
    if not shows_records(request):
        return not_shown(request)
    offer, cities = offer_to(request), receivers()
    form = LeaveForm(request.POST if request.method == "POST" else None, offered=offer.names, cities=cities)
    if form.is_valid():
        return _ask(request, offer, form)
    context = {"offer": offer, "form": form, "cities": cities}
    return TemplateResponse(request, "pages/take_along.html", context, status=422 if form.errors else 200)


def _ask(request: ResidentRequest, offer: Offer, form: LeaveForm) -> HttpResponse:
    receiver, items = form.city_chosen, tuple(form.cleaned_data["items"])
    sealed = bool(receiver and form.cleaned_data["sealed"])
    whom = gettext("For: %(city)s") % {"city": city_named(receiver)} if receiver else gettext("For yourself")
    asked, new = ask_to_leave(
        Chosen(items, receiver, for_receiver_only=sealed),
        person=request.person,
        said="\n".join([whom, *([gettext("Sealed for that city")] if sealed else []), *offer.said(items)]),
        language=language_now(),
        by=request.actor,
        at=timezone.now(),
    )
    response = redirect("my_request", asked.pk)
    response.headers["Location"] += "?asked" if new else ""
    return response
