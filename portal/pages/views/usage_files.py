"""The log to take along: whole or as it was narrowed, and one row of it."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from portal.ledger.models import Entry
from portal.pages.door import ResidentRequest, resident_page
from portal.pages.fresh import asks_again
from portal.pages.log_files import Log, as_bundle, as_table, log_of
from portal.pages.matters import entries
from portal.pages.uses import Wanted
from portal.requests.actions import note_taken


def _as_file(content: bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _log(request: ResidentRequest, among: QuerySet[Entry], *, at: datetime) -> Log:
    """As the address narrows them."""
    return log_of(among, Wanted.of(request.GET.dict()), person=request.person, reader=request.me, at=at)


@resident_page
@asks_again
def log_csv(request: ResidentRequest) -> HttpResponse:
    """For a spreadsheet program; nothing is folded."""
    if request.method != "POST":
        # Back from signing in again.
        return redirect("usage")
    now = timezone.now()
    log = _log(request, entries(request), at=now)
    content = b"".join(as_table(log))
    note_taken(request.person, rows=len(log.rows), by=request.actor, at=now)
    return _as_file(content, "text/csv; charset=utf-8", f"log-{timezone.localdate(now)}.csv")


@resident_page
@asks_again
def log_json(request: ResidentRequest) -> HttpResponse:
    """For programs, with what shows that each row stands in the log."""
    if request.method != "POST":
        return redirect("usage")
    now = timezone.now()
    log = _log(request, entries(request), at=now)
    content = b"".join(as_bundle(log, at=now))
    note_taken(request.person, rows=len(log.rows), by=request.actor, at=now)
    return _as_file(content, "application/json", f"log-{timezone.localdate(now)}.json")


@resident_page
def use_json(request: ResidentRequest, pk: UUID) -> HttpResponse:
    """One row, to check its lock."""
    get_object_or_404(entries(request).only("id"), pk=pk)
    now = timezone.now()
    told = as_bundle(_log(request, entries(request).filter(pk=pk), at=now), at=now)
    return _as_file(b"".join(told), "application/json", f"log-row-{str(pk)[-8:]}.json")
