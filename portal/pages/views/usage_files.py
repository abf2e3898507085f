"""The log to take along: whole or as it was narrowed, and one row of it."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from msgspec import json

from portal.pages.door import ResidentRequest, resident_page
from portal.pages.log_files import as_document, as_table, rows_of
from portal.pages.matters import entries
from portal.pages.uses import Wanted
from portal.requests.actions import note_taken


def _as_file(content: bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@resident_page
def log_csv(request: ResidentRequest) -> HttpResponse:
    """For a spreadsheet program; nothing is folded."""
    now = timezone.now()
    asked = Wanted.of(request.GET.dict()).among(entries(request), at=now)
    content, count = as_table(rows_of(asked, person=request.person, reader=request.me))
    note_taken(request.person, rows=count, by=request.actor, at=now)
    return _as_file(content, "text/csv; charset=utf-8", f"log-{timezone.localdate(now)}.csv")


@resident_page
def log_json(request: ResidentRequest) -> HttpResponse:
    """For programs, with what shows that each row stands in the log."""
    now = timezone.now()
    asked = Wanted.of(request.GET.dict()).among(entries(request), at=now)
    told = as_document(rows_of(asked, person=request.person, reader=request.me), at=now)
    note_taken(request.person, rows=len(told["rows"]), by=request.actor, at=now)
    return _as_file(json.encode(told), "application/json", f"log-{timezone.localdate(now)}.json")


@resident_page
def use_json(request: ResidentRequest, pk: UUID) -> HttpResponse:
    """One row, to check its lock."""
    get_object_or_404(entries(request).only("id"), pk=pk)
    rows = rows_of(entries(request).filter(pk=pk), person=request.person, reader=request.me)
    told = as_document(rows, at=timezone.now())
    return _as_file(json.encode(told), "application/json", f"log-row-{str(pk)[-8:]}.json")
