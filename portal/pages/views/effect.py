"""What use cases bring, for whoever decides and everyone else: all of them together, and as files."""

from collections.abc import Sequence
from datetime import date

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from consents.usecases.queries.cases import is_there
from consents.usecases.queries.effects import effects, kept_cases, not_kept
from portal.i18n.languages import language_now
from portal.pages.effect_pages import (
    CASES_HEAD,
    MONTHS_HEAD,
    all_together,
    by_effect,
    case_cells,
    case_line,
    grouped,
    month_cells,
)
from portal.pages.spreadsheets import table

_A_PAGE = 50


def effect(request: HttpRequest) -> HttpResponse:
    """Euro and hours by case, core process and department: three statements, however many cases."""
    cases = kept_cases()
    found = effects(cases, language_now(), today=timezone.localdate())
    page = Paginator(by_effect(cases, found), _A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": [case_line(case, found[case.pk], language_now()) for case in page],
        "groups": [
            ("process", grouped(cases, found, by_department=False)),
            ("department", grouped(cases, found, by_department=True)),
        ],
        "all": all_together(found) if cases else None,
        "made_up": any(each.made_up for each in found.values()),
        "unread": not_kept(),
    }
    return render(request, "cases/effect.html", context)


def effect_csv(request: HttpRequest) -> HttpResponse:
    """The same for a spreadsheet program: a row for each case."""
    cases = kept_cases()
    found = effects(cases, language_now(), today=timezone.localdate())
    rows = [case_cells(case, found[case.pk], language_now()) for case in by_effect(cases, found)]
    return _file([CASES_HEAD, *rows], "use-cases", timezone.localdate())


def case_effect_csv(request: HttpRequest, case: str) -> HttpResponse:
    """One case by month."""
    row = is_there(case)
    if row is None:
        raise Http404
    found = effects([row], language_now(), today=timezone.localdate())[row.pk]
    return _file([MONTHS_HEAD, *month_cells(found)], row.slug, timezone.localdate())


def _file(rows: Sequence[Sequence[str]], name: str, today: date) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}-effect-{today}.csv"'}
    return HttpResponse(table(rows), content_type="text/csv; charset=utf-8", headers=headers)
