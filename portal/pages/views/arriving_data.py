"""Data from another city: what was brought, what a package holds beside what is here, and what is taken in."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone

from consents.actions.requesting import request_consent
from consents.queries.brought import offers_to
from consents.rulebook.queries import adopted
from datasources.transfers.arriving import deciding, spool
from datasources.transfers.arriving.beside import Beside, beside
from datasources.transfers.arriving.items import (
    Brought,
    accepted_items,
    arrivals_of,
    item_of,
    items_of,
    report_of,
    waiting_of,
)
from datasources.transfers.arriving.sharing import shared_as
from datasources.transfers.arriving.taking import remove_rest
from datasources.transfers.enums import LARGEST, Outcome
from datasources.transfers.trust.cities import trusted_cities
from portal.ledger.actor import Actor
from portal.pages.arrived_words import counts_told, label_told, progress_told, rows_told, verdict_told
from portal.pages.brought_ends import end_with, ends_with
from portal.pages.door import ResidentRequest, not_shown, resident_page
from portal.pages.matters import covers, shows_records
from portal.pages.other_cities import city_named
from portal.pages.permission_cards import in_language
from portal.pages.uses import number_of

_LATEST, _A_PAGE, _ROWS, _GLIMPSE = 10, 20, 50, 10


def _accept(item: UUID, *, person: UUID, by: Actor, at: datetime) -> Outcome:
    """By the rules that the city keeps now."""
    found = adopted()
    return deciding.accept(item, rulebook=found.version if found else "", person=person, by=by, at=at)


_ANSWERS = {"accept": _accept, "decline": deciding.decline, "undo": deciding.undo}


@resident_page
def arrive(request: ResidentRequest) -> HttpResponse:
    """The two ways, what waits for answers, and what was brought before."""
    if not shows_records(request):
        return not_shown(request)
    now = timezone.now()
    rows = list(arrivals_of(request.person)[:_LATEST])
    context = {
        "open": spool.is_set_up(),
        "cities": [(each.slug, str(each.name)) for each in trusted_cities()],
        "most": LARGEST,
        "waiting": [row for row in rows if row.goes_at and row.goes_at > now],
        "before": [(row, progress_told(row)) for row in rows if not (row.goes_at and row.goes_at > now)],
    }
    return TemplateResponse(request, "pages/arrive.html", context)


@resident_page
def arrival(request: ResidentRequest, pk: UUID) -> HttpResponse:
    """One package: how far it is; once it was checked, its report, and its items beside what is here."""
    if not shows_records(request):
        return not_shown(request)
    row, now = get_object_or_404(arrivals_of(request.person), pk=pk), timezone.now()
    report = report_of(row)
    context: dict[str, Any] = {"row": row, "told": progress_told(row), "report": report}
    if report is not None:
        context["rulebooks"] = [f"{city_named(slug)} {version}" for slug, version in report.rulebooks.items()]
        items = items_of(row, at=now)
        page = _page(request, items, _A_PAGE)
        context |= {
            "items": page,
            "cards": [_card(each) for each in beside(list(page.object_list), at=now)],
            "left": sum(not each.is_accepted for each in items),
            "waits": row in waiting_of(request.person, at=now),
            "outcome": _outcome(request),
        }
    return TemplateResponse(request, "pages/arrival.html", context)


def _page(request: ResidentRequest, things: list[Any], size: int) -> Page[Any]:
    pages, number = Paginator(things, size), number_of(request.GET.get("page", "1"))
    if not 1 <= number <= pages.num_pages:
        raise Http404
    return pages.page(number)


def _outcome(request: ResidentRequest) -> str:
    told = request.GET.get("outcome", "")
    return str(Outcome(told).label) if told in Outcome.values else ""


def _card(each: Beside) -> dict[str, Any]:
    item, found = each.item, each.comparison
    return {
        "item": item,
        "label": label_told(item),
        "verdict": verdict_told(found),
        "counts": counts_told(found),
        "rows": rows_told(item, found.new[:_GLIMPSE] if found.new else range(min(_GLIMPSE, item.row.row_count))),
        "only_new": bool(found.new) and len(found.new) < item.row.row_count,
    }


@resident_page
def answer(request: ResidentRequest, pk: UUID) -> HttpResponse:
    """Accept an item, do not accept it, or undo what was answered."""
    now = timezone.now()
    item = item_of(request.person, pk, at=now) if shows_records(request) else None
    if item is None:
        return TemplateResponse(request, "pages/arrived_gone.html", {"told": Outcome.GONE.label}, status=404)
    act = _ANSWERS.get(request.POST.get("answer", ""))
    if act is None:
        return redirect("arrival", item.row.arrival_id)
    if act is deciding.undo and item.is_accepted:
        end_with(request, item, at=now)
    outcome = act(pk, person=request.person, by=request.actor, at=now)
    response = redirect("arrival", item.row.arrival_id)
    page = number_of(request.POST.get("page", "1"))
    said = f"outcome={outcome.value}&page={max(page, 1)}"
    response.headers["Location"] += f"?{said}#item-{pk}"
    return response


@resident_page
def rest(request: ResidentRequest, pk: UUID) -> HttpResponse:
    """What was not accepted goes now."""
    if not shows_records(request):
        raise Http404
    row = get_object_or_404(arrivals_of(request.person), pk=pk)
    if request.method != "POST":
        return redirect("arrival", row.pk)
    remove_rest(row.pk, person=request.person, by=request.actor, at=timezone.now())
    return redirect("kept_items")


@resident_page
def kept(request: ResidentRequest) -> HttpResponse:
    """Everything that was taken in, with who issued it and when."""
    if not shows_records(request):
        return not_shown(request)
    page = _page(request, accepted_items(request.person), _A_PAGE)
    removed = "removed" in request.GET
    return TemplateResponse(request, "pages/kept_items.html", {"items": page, "removed": removed})


def _accepted(request: ResidentRequest, pk: UUID) -> Brought:
    item = item_of(request.person, pk, at=timezone.now()) if shows_records(request) else None
    if item is None or not item.is_accepted:
        raise Http404
    return item


@resident_page
def kept_item(request: ResidentRequest, pk: UUID) -> HttpResponse:
    """One item that was taken in: its mark, its rows, which departments may have it."""
    item = _accepted(request, pk)
    page = _page(request, list(range(item.row.row_count)), _ROWS)
    context = {
        "item": item,
        "label": label_told(item),
        "rows": rows_told(item, list(page.object_list)),
        "page": page,
        "offers": [
            {"slug": each.purpose.slug, "text": in_language(each.text), "is_on": each.is_on}
            for each in offers_to(request.person, [shared_as(item.row.dataset)])
            if covers(request, each.purpose.department.slug)
        ],
    }
    return TemplateResponse(request, "pages/kept_item.html", context)


@resident_page
def ask(request: ResidentRequest, pk: UUID, purpose: str) -> HttpResponse:
    """Lead to the question of one department; it is put where it was not yet."""
    item = _accepted(request, pk)
    if request.method != "POST":
        return redirect("kept_item", pk)
    offers = offers_to(request.person, [shared_as(item.row.dataset)])
    offer = next((each for each in offers if each.purpose.slug == purpose), None)
    if offer is None or not covers(request, offer.purpose.department.slug):
        raise Http404
    consent = offer.consent or request_consent(
        offer.purpose, person=request.person, by=request.actor, at=timezone.now(), asked_for=True
    )
    return redirect("permission" if offer.is_on else "question", consent.pk)


@resident_page
def remove(request: ResidentRequest, pk: UUID) -> HttpResponse:
    """Remove what was taken in, after what ends with it was read."""
    item = _accepted(request, pk)
    if request.method != "POST":
        context = {"item": item, "ends": [in_language(each.text) for each in ends_with(request, item)]}
        return TemplateResponse(request, "pages/remove_item.html", context)
    now = timezone.now()
    end_with(request, item, at=now)
    deciding.remove(pk, person=request.person, by=request.actor, at=now)
    response = redirect("kept_items")
    response.headers["Location"] += "?removed"
    return response
