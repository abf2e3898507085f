"""Who has used it: the log of one person, in plain words, newest first."""

from uuid import UUID

from django.core.paginator import EmptyPage, Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse

from datasources.queries.holdings import names_by_slug, public_registers
from portal.pages.door import ResidentRequest, resident_page
from portal.pages.matters import entries
from portal.pages.sentences import by_day, line_of

_ON_A_PAGE = 50
_LONGEST_NUMBER = 8


@resident_page
def usage(request: ResidentRequest) -> HttpResponse:
    """Rows grouped by day; above them, which registers report their look-ups and since when."""
    units, datasets = names_by_slug()
    pages = Paginator(entries(request), _ON_A_PAGE)
    number = request.GET.get("page", "1")
    try:
        page = pages.page(int(number) if number.isdecimal() and len(number) <= _LONGEST_NUMBER else 0)
    except EmptyPage:
        raise Http404 from None
    lines = [line_of(entry, departments=units, datasets=datasets, reader=request.me) for entry in page]
    connected = [register for register in public_registers() if register.connection == "connected"]
    return TemplateResponse(
        request,
        "pages/usage.html",
        {
            "days": by_day(lines),
            "page": page,
            "reporting": [register for register in connected if register.reports_uses_since],
            "silent": [register for register in connected if not register.reports_uses_since],
        },
    )


@resident_page
def one_use(request: ResidentRequest, pk: UUID) -> HttpResponse:
    """One row of the log in its five parts."""
    entry = get_object_or_404(entries(request), pk=pk)
    units, datasets = names_by_slug()
    return TemplateResponse(
        request,
        "pages/one_use.html",
        {
            "line": line_of(entry, departments=units, datasets=datasets, reader=request.me),
            "sealed_at": entry.sequenced_at,
        },
    )
