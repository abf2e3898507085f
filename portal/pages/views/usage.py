"""Who has used it: the log of one person, in plain words, newest first; one row of it; a question about a row."""

from typing import Any
from uuid import UUID

import structlog
from django.db import DatabaseError, transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone

from consents.models import Consent
from consents.queries.reported import ground_of
from portal.i18n.languages import language_now
from portal.ledger.models import Entry
from portal.ledger.reading import details_of_each, whole_entries
from portal.pages.asked_words import too_many_told
from portal.pages.coverage import coverage_of
from portal.pages.door import ResidentRequest, resident_page
from portal.pages.forms import AskForm
from portal.pages.log_lines import Line, by_day
from portal.pages.matters import consents, covers, entries
from portal.pages.programs import ROWS, program_use
from portal.pages.uses import Shown, Wanted, lines_of, names_for, number_of, shown
from portal.requests.actions import question_use
from portal.requests.errors import TooManyOpen
from portal.requests.queries import questions_about, words_of

log = structlog.get_logger()


@resident_page
def usage(request: ResidentRequest) -> HttpResponse:
    """Rows by day, nightly runs folded; above them what the log can tell and what it cannot; filters by links."""
    now, wanted = timezone.now(), Wanted.of(request.GET.dict())
    try:
        # Whatever fails while the log is read is told as that: it must never look as if nobody had looked.
        with transaction.atomic():
            context = _log(request, wanted)
    except DatabaseError as fault:
        log.error("pages.log_not_read", fault=fault.__class__.__name__)
        return TemplateResponse(request, "pages/usage.html", {"failed": True}, status=503)
    if context["log"].number > 1 and not context["days"]:
        raise Http404
    lines = context["log"].lines
    newest_at = lines[0].at if lines and context["log"].number == 1 and not wanted.narrows else None
    context |= {"wanted": wanted, "coverage": coverage_of(request, newest_at=newest_at, at=now)}
    return TemplateResponse(request, "pages/usage.html", context)


def _log(request: ResidentRequest, wanted: Wanted) -> dict[str, Any]:
    number = number_of(request.GET.get("page", "1"))
    if not number:
        raise Http404
    page: Shown = shown(entries(request), wanted, number, person=request.person, reader=request.me, at=timezone.now())
    asked = questions_about(request.asks_as, [line.id for line in page.lines], waiting=True)
    departments = ((slug, name) for slug, name in page.names.departments.items() if covers(request, slug))
    return {
        "log": page,
        "days": [(day, [(line, asked.get(line.id)) for line in lines]) for day, lines in by_day(page.lines)],
        "waiting": sorted((each for each in asked.values() if not each.closed_at), key=lambda each: each.due_on),
        "departments": sorted(departments, key=lambda each: each[1]),
    }


def _found(request: ResidentRequest, pk: UUID) -> tuple[Entry, Line]:
    """404 where the row is not in the log that whoever looks may see."""
    get_object_or_404(entries(request).only("id"), pk=pk)
    entry = get_object_or_404(whole_entries(request.person, [pk]))
    [line] = lines_of([entry], names_for([entry]), person=request.person, reader=request.me)
    return entry, line


@resident_page
def one_use(request: ResidentRequest, pk: UUID) -> HttpResponse:
    """One row of the log in its five parts, the ground it stands on, its lock, and what was asked about it."""
    entry, line = _found(request, pk)
    asked = questions_about(request.asks_as, [pk]).get(pk)
    context = {
        "line": line,
        "ground": ground_of(entry.purpose) if entry.purpose else None,
        "permission": _permission(request, entry),
        "program": program_use(entry, details_of_each([entry], request.person, kinds=tuple(ROWS)).get(pk, {})),
        "asked": asked,
        "answer": words_of(asked)[1] if asked and asked.closed_at else "",
        "just_asked": "asked" in request.GET,
    }
    return TemplateResponse(request, "pages/one_use.html", context)


def _permission(request: ResidentRequest, entry: Entry) -> Consent | None:
    """The permission that the row rests on or is about, where there is one that the reader may see."""
    return consents(request).filter(purpose__slug=entry.purpose).first() if entry.purpose else None


@resident_page
def ask_about(request: ResidentRequest, pk: UUID) -> HttpResponse:
    """I do not recognise this: why may be said or not; the number comes at once."""
    entry, line = _found(request, pk)
    # An empty press is a press: its token may have come in a header.
    form = AskForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _asked(request, entry, form):
        response = redirect("one_use", pk)
        response.headers["Location"] += "?asked"
        return response
    asked = questions_about(request.asks_as, [pk]).get(pk)
    context = {"line": line, "form": form, "asked": asked}
    return TemplateResponse(request, "pages/ask_about.html", context, status=422 if form.errors else 200)


def _asked(request: ResidentRequest, entry: Entry, form: AskForm) -> bool:
    told = {"said": form.cleaned_data["said"], "language": language_now(), "by": request.actor}
    try:
        question_use(entry, person=request.asks_as, at=timezone.now(), **told)
    except TooManyOpen:
        form.add_error(None, too_many_told())
        return False
    return True


@resident_page
def check_lock(request: ResidentRequest) -> HttpResponse:
    """What a lock is, and how it is checked without us."""
    return TemplateResponse(request, "pages/check_lock.html")
