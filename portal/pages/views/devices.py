"""Data from one's own watch and phone: what was brought, what it shows, who may use it, and how it goes again."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from consents.actions.requesting import request_consent
from consents.api.disclosures import body_of_parts
from consents.disclosing import previewed
from consents.errors import NoSuchPurpose
from consents.queries.brought import Offer, offers_to
from consents.queries.reading import asked_datasets
from datasources.wearables import spool
from datasources.wearables.actions.removing import choose, forget_all, forget_period, forget_source
from datasources.wearables.charts import Period, Span, chart_of, marks_of, measured_within, period_of
from datasources.wearables.enums import COUNTING, KEEPING
from datasources.wearables.points import Device, Measure
from datasources.wearables.queries.figures import Held, choice_of, held_by, sources_in, sources_kept
from datasources.wearables.queries.imports import imports_of, is_one_open, last_read_at, report_of
from datasources.wearables.queries.routes import count_routes
from datasources.wearables.queries.ties import ties_of
from portal.pages.charts import svg
from portal.pages.device_forms import ALL, PERIOD, ChoicesForm, RemoveForm, ShareForm
from portal.pages.door import ResidentRequest
from portal.pages.fresh import asks_again
from portal.pages.import_reports import counts_of, left_out, passed_over, told_of
from portal.pages.measured import DEVICES, NAMES, finding, spread, unit_of, value_text
from portal.pages.own_devices import devices_page, may_keep
from portal.pages.permission_cards import in_language
from portal.pages.route_words import route_counts, routes_said
from portal.pages.tie_words import tie_said

_LATEST = 5


@devices_page
def devices(request: ResidentRequest) -> HttpResponse:
    """First the permission to keep it; then the files, what they show, the sources, who may use it."""
    offers = offers_to(request.person)
    keeping = next((each for each in offers if each.purpose.slug == KEEPING), None)
    if keeping is None:
        raise Http404
    held, choice = held_by(request.person), choice_of(request.person)
    context = {
        "keeping": keeping.is_on,
        "open": spool.is_set_up(),
        "imports": [(row, told_of(row)) for row in imports_of(request.person)[:_LATEST]],
        "found": _findings(held),
        "sources": _sources(held),
        "routes": count_routes(request.person),
        "first": choice.priority[0].value,
        "firsts": [(device.value, DEVICES[device]) for device in (Device.WATCH, Device.PHONE)],
        "days_shared": choice.days_shared,
        "offers": [_offered(each) for each in offers if each.purpose.slug != KEEPING],
        "counting": COUNTING,
        "ties": ties_of(request.person),
        "said": tie_said(request.GET.get("tie", "")),
        "part_size": 4 * spool.CHUNK,
        "most": spool.LARGEST,
        "saved": "saved" in request.GET,
        "removed": "removed" in request.GET,
    }
    return TemplateResponse(request, "pages/devices.html", context)


def _findings(held: Held) -> list[tuple[Measure, Any, str]]:
    """(measure, its name, what the last month with anything in it shows)."""
    return [
        (measure, NAMES[measure], finding(measure, days, period_of(Span.MONTH, max(days))))
        for measure, days in held.days().items()
    ]


def _sources(held: Held) -> list[Mapping[str, Any]]:
    return [
        {"told": each, "device": DEVICES[each.device], "measures": [NAMES[measure] for measure in each.measures]}
        for each in sources_in(held.figures)
    ]


def _offered(offer: Offer) -> Mapping[str, Any]:
    """`told`: a department gets the person's own values, which can be looked at."""
    return {
        "slug": offer.purpose.slug,
        "text": in_language(offer.text),
        "is_on": offer.is_on,
        "told": offer.purpose.slug != COUNTING,
    }


@devices_page
def figures(request: ResidentRequest, measure: str) -> HttpResponse:
    """One measure over a week, a month or a year: the finding, the chart, its words and its table."""
    if measure not in set(Measure):
        raise Http404
    wanted, held = Measure(measure), held_by(request.person)
    days, today = held.days().get(wanted, {}), timezone.localdate()
    period = _period(request, default=max(days, default=today))
    found = finding(wanted, days, period)
    name = NAMES[wanted]
    context: dict[str, Any] = {
        "name": name,
        "measure": wanted,
        "period": period,
        "finding": found,
        "spans": [(each.value, each is period.span) for each in Span],
        "before": period.before.last if any(day < period.first for day in days) else None,
        "after": period.after.last if any(day > period.last for day in days) else None,
        "read_at": last_read_at(request.person),
        "sources": sorted({each.source for each in held.figures if each.measure is wanted}),
    }
    if found:
        marks = marks_of(days, period)
        most = max(mark.value for mark in marks if mark.value is not None)
        unit, words = unit_of(wanted, most)
        context["spread"] = spread(wanted, days, period, today=today)
        mean = value_text(wanted, sum(within := measured_within(days, period)) / len(within))
        context["chart"] = svg(chart_of(wanted, marks, unit=unit), title=found, unit=words, means=mean)
        context["rows"] = [(mark, "" if mark.value is None else value_text(wanted, mark.value)) for mark in marks]
    return TemplateResponse(request, "pages/figures.html", context)


def _period(request: ResidentRequest, *, default: date) -> Period:
    """As the address says it; 404 where it says what is no period."""
    try:
        span = Span(request.GET.get("span", Span.MONTH))
        until = date.fromisoformat(request.GET["until"]) if "until" in request.GET else default
        return period_of(span, until)
    except (ValueError, OverflowError):
        raise Http404 from None


@devices_page
def brought(request: ResidentRequest, pk: UUID) -> HttpResponse:
    """One file: how far it is, what came of it, what was left out and why."""
    row = get_object_or_404(imports_of(request.person), pk=pk)
    report = report_of(row)
    context: dict[str, Any] = {"row": row, "told": told_of(row, report), "report": report}
    if report is not None:
        context |= {"counts": counts_of(report), "left": left_out(report), "passed": passed_over(report)}
        context |= {"routes": routes_said(report.report.routes), "of_routes": route_counts(report.report.routes)}
    return TemplateResponse(request, "pages/brought.html", context)


@require_POST
@devices_page
def ask(request: ResidentRequest, purpose: str) -> HttpResponse:
    """Lead to the question; it is put where it was not yet, and a no of theirs is theirs to change."""
    offer = next((each for each in offers_to(request.person) if each.purpose.slug == purpose), None)
    if offer is None:
        raise Http404
    consent = offer.consent or request_consent(
        offer.purpose, person=request.person, by=request.actor, at=timezone.now(), asked_for=True
    )
    return redirect("permission" if offer.is_on else "question", consent.pk)


@devices_page
def share(request: ResidentRequest, purpose: str) -> HttpResponse:
    """The very bytes that a department would get, with the fields that are ticked."""
    offer = next((each for each in offers_to(request.person) if each.purpose.slug == purpose), None)
    if offer is None or purpose in {KEEPING, COUNTING}:
        raise Http404
    form = ShareForm(request.GET, offered=_fields(offer)) if "chosen" in request.GET else None
    chosen = form.cleaned_data["optional"] if form and form.is_valid() else []
    covered = offer.consent.fields if form is None and offer.is_on and offer.consent else [*_needed(offer), *chosen]
    try:
        body = body_of_parts(previewed(purpose, covered, at=timezone.now()))
    except NoSuchPurpose:
        raise Http404 from None
    context = {
        "offer": _offered(offer),
        "body": body.decode(),
        "choices": [(key, label, key in covered) for key, label in _fields(offer)],
        "days_shared": choice_of(request.person).days_shared,
    }
    return TemplateResponse(request, "pages/share.html", context)


def _needed(offer: Offer) -> list[str]:
    return [f"{row.dataset.slug}.{name}" for row in asked_datasets(offer.purpose) for name in row.needed]


def _fields(offer: Offer) -> list[tuple[str, str]]:
    return [
        (f"{row.dataset.slug}.{field.slug}", field.label)
        for row in asked_datasets(offer.purpose)
        for field in row.dataset.fields.all()
        if field.slug in row.optional
    ]


@require_POST
@devices_page
def choices(request: ResidentRequest) -> HttpResponse:
    """Which device goes first, how many days are handed over."""
    form = ChoicesForm(request.POST)
    if form.is_valid() and may_keep(request):
        choose(request.person, **form.chosen, by=request.actor, at=timezone.now())
        response = redirect("devices")
        response.headers["Location"] += "?saved"
        return response
    if form.errors:
        return TemplateResponse(request, "pages/choice_refused.html", {"form": form}, status=422)
    return redirect("devices")


@devices_page
@asks_again
def remove(request: ResidentRequest) -> HttpResponse:
    """A source, a period, or everything: at once, and for good."""
    sources = sources_kept(request.person)
    offered = [(str(number), f"{name} ({DEVICES[device]})") for number, (name, device) in enumerate(sources)]
    form = RemoveForm(request.POST if request.method == "POST" else None, sources=offered)
    if form.is_valid():
        told, now, by = form.cleaned_data, timezone.now(), request.actor
        if told["what"] == ALL:
            forget_all(request.person, by=by, at=now)
        elif told["what"] == PERIOD:
            forget_period(request.person, told["since"], told["until"], by=by, at=now)
        else:
            source, device = sources[int(told["what"])]
            forget_source(request.person, source, device, by=by, at=now)
        response = redirect("devices")
        response.headers["Location"] += "?removed"
        return response
    context = {"form": form, "offered": offered, "reading": is_one_open(request.person)}
    context["suggested"] = timezone.localdate() - timedelta(days=30)
    return TemplateResponse(request, "pages/remove_brought.html", context, status=422 if form.errors else 200)
