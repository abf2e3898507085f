"""Steps of many people together, week by week: what the city gets for planning routes, for everyone to see."""

from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from datasources.wearables.days import monday_of
from datasources.wearables.queries.walks import Walks, every_walk, last_counted, published_weeks, walks_in
from portal.pages.measured import whole_text
from portal.pages.spreadsheets import table

_A_WEEK = timedelta(days=7)


def _asked(request: HttpRequest, first: date, last: date) -> date:
    """The Monday of the week that is asked for, within what there is; the last where it is none."""
    try:
        return min(max(monday_of(date.fromisoformat(request.GET.get("week", ""))), first), last)
    except (ValueError, OverflowError):
        return last


def _row(row: Walks) -> dict[str, str]:
    return {"area": row.area, "people": whole_text(row.people), "steps": whole_text(row.steps)}


@require_safe
def walks(request: HttpRequest) -> HttpResponse:
    """One week: the whole city and its areas. Two statements, however many weeks and areas."""
    there = published_weeks()
    if there is None:
        return render(request, "pages/walks.html", {"week": None})
    first, last = there[0], max(there[1], last_counted(timezone.localdate()))
    week = _asked(request, first, last)
    rows = walks_in(week)
    context = {
        "week": week,
        "until": week + timedelta(days=6),
        "rows": [_row(row) for row in rows],
        "whole": _row(rows[0]) if rows else None,
        "before": week - _A_WEEK if week > first else None,
        "after": week + _A_WEEK if week < last else None,
    }
    return render(request, "pages/walks.html", context)


@require_safe
def walks_csv(request: HttpRequest) -> HttpResponse:
    """Every week, a row an area; the whole city's has no area. No week of fewer than twenty people is there."""
    rows = [[str(cell) for cell in row] for row in every_walk()]
    told = table([["week", "area", "people_at_least", "steps"], *rows])
    headers = {"Content-Disposition": 'attachment; filename="weekly-steps.csv"'}
    return HttpResponse(told, content_type="text/csv; charset=utf-8", headers=headers)
