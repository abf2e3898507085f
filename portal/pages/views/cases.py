"""Use cases for everyone: the list, one case, and what the city said of them as a feed. No row of a person is read."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import override
from django.views.decorators.cache import cache_control

from consents.usecases.enums import CaseState
from consents.usecases.queries.cases import Wanted, case_by_slug, comments_of, keepers, line_of, wanted_cases
from consents.usecases.queries.effects import effects
from consents.usecases.queries.feeds import latest
from datasources.enums import CoreProcess
from portal.i18n.languages import language_now
from portal.pages.case_feed import feed_of
from portal.pages.case_pages import case_told
from portal.pages.effect_pages import effect_told

_A_PAGE = 20
_LANGUAGES = ("fi", "sv", "en")


def use_cases(request: HttpRequest) -> HttpResponse:
    """All of them, or those that were asked for; a filter that is none of ours asks for nothing."""
    departments = [(each.slug, each.everyday_name) for each in keepers()]
    wanted = Wanted(
        state=_one_of(request, "state", CaseState.values),
        process=_one_of(request, "process", CoreProcess.values),
        department=_one_of(request, "department", [slug for slug, _ in departments]),
        most_supported=request.GET.get("order") == "support",
    )
    page = Paginator(wanted_cases(wanted), _A_PAGE).get_page(request.GET.get("page"))
    told = request.GET.copy()
    told.pop("page", None)
    context = {
        "page": page,
        "lines": [line_of(case, language_now()) for case in page],
        "wanted": wanted,
        "states": CaseState.choices,
        "processes": CoreProcess.choices,
        "departments": departments,
        "narrowed": bool(wanted.state or wanted.process or wanted.department),
        "asked": told.urlencode(),
    }
    return render(request, "cases/list.html", context)


def _one_of(request: HttpRequest, name: str, known: list[str]) -> str:
    value = request.GET.get(name, "")
    return value if value in known else ""


def use_case(request: HttpRequest, case: str) -> HttpResponse:
    """One case: its facts, what the city said, what residents say."""
    found = case_by_slug(case)
    if found is None:
        raise Http404
    page = Paginator(comments_of(found), _A_PAGE).get_page(request.GET.get("page"))
    told = effects([found], language_now(), today=timezone.localdate())[found.pk]
    context = {"case": case_told(found, language_now()), "page": page, "effect": effect_told(told)}
    return render(request, "cases/case.html", context)


@cache_control(public=True, max_age=300)
def feed(request: HttpRequest, language: str, case: str = "") -> HttpResponse:
    """/use-cases/feed/<language>/: Atom (RFC 4287), of all cases or of one."""
    if language not in _LANGUAGES:
        raise Http404
    found = latest(case)
    if found is None:
        raise Http404
    with override(language):
        return HttpResponse(feed_of(found, language, case=case), content_type="application/atom+xml; charset=utf-8")
