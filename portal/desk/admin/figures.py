"""Beside the queue: how requests were answered, in counts; and the list for the city's case register."""

import csv
from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from datasources.queries.holdings import names_by_slug
from portal.ledger.actions import record
from portal.people.actors import actor_of
from portal.requests.enums import Law, Outcome, RequestKind, RequestState
from portal.requests.figures import GROUND, STEP, bars_of, case_rows, figures_since
from portal.requests.kinds import RequestEntry

_PERIOD = timedelta(days=365)
_COLUMNS = ("number", "kind", "law", "department", "received", "due", "state", "outcome", "closed", "extended")


def figures_page(admin: Any, request: HttpRequest) -> HttpResponse:
    """A year: how many, how long, how many late; a plot by month, and the same as a table."""
    if not admin.has_view_permission(request):
        raise PermissionDenied
    now = timezone.now()
    figures = figures_since(now - _PERIOD, today=timezone.localdate(now))
    names, kinds = names_by_slug()[0], dict(RequestKind.choices)
    bars = bars_of(figures)
    context = {
        **admin.admin_site.each_context(request),
        "opts": admin.opts,
        "bars": bars,
        "width": 60 + len(bars) * STEP,
        "ground": GROUND,
        "total": sum(each.count for each in figures),
        "late": sum(each.late for each in figures),
        "rows": [(each, kinds[each.kind], names.get(each.department, "–")) for each in figures],
    }
    return TemplateResponse(request, "admin/requests/request/figures.html", context)


def case_register(admin: Any, request: HttpRequest) -> HttpResponse:
    """CSV with a semicolon between, as spreadsheets here read it: numbers, kinds, days and states; no person."""
    if not admin.has_view_permission(request):
        raise PermissionDenied
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="requests.csv"'
    answer["Cache-Control"] = "no-store"
    answer.write("\ufeff")
    writer = csv.writer(answer, delimiter=";")
    writer.writerow(_COLUMNS)
    count = 0
    for row in case_rows():
        count += 1
        told = (
            *(row.number, RequestKind(row.kind).value, Law(row.law).value, row.department, row.received, row.due),
            *(RequestState(row.state).value, Outcome(row.outcome).value if row.outcome else "", row.closed or ""),
            row.extended or "",
        )
        writer.writerow(told)
    by = actor_of(request)
    record(RequestEntry.REGISTER_TAKEN, by=by, at=timezone.now(), department=by.unit, counts={"requests": count})
    return answer
