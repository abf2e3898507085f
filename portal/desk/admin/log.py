"""The log in the back office: read-only, of one's own departments; the officer opens a name for a reason."""

import re
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import get_current_timezone, localdate
from django.utils.translation import gettext_lazy as _

from consents.admin.manners import is_officer
from portal.desk.forms import WhyForm
from portal.desk.kinds import BackOfficeEntry
from portal.ledger.actions import record
from portal.ledger.kinds import all_kinds
from portal.ledger.models import Entry
from portal.ledger.parts import least_id
from portal.ledger.reading import name_in
from portal.people.actors import actor_of
from portal.privacy.keeping import LOG_YEARS
from portal.staff.manners import ReadOnly
from portal.walls.scope import ALL_DEPARTMENTS

_MONTH = re.compile("[12][0-9]{3}(-(0[1-9]|1[0-2]))?", re.ASCII)


class KindFilter(admin.SimpleListFilter):
    """What happened. Every kind that there is: which of them a long log has, cannot be asked at each look."""

    title = _("What happened")
    parameter_name = "kind__exact"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """As the list calls them."""
        return [(kind.value, kind.value) for kind in sorted(all_kinds())]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Entry]) -> QuerySet[Entry]:
        """By the index of kinds."""
        return queryset.filter(kind=self.value()) if self.value() else queryset


class WhenFilter(admin.SimpleListFilter):
    """When it was written: a month of the last twelve, or a year of those that are kept."""

    title = _("When")
    parameter_name = "month"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """`2026-11`, or `2025`; the newest first."""
        today = localdate()
        months = [_month(today, ago=ago) for ago in range(12)]
        years = [str(today.year - ago) for ago in range(LOG_YEARS + 1)]
        return [*((f"{month:%Y-%m}", date_format(month, "F Y")) for month in months), *((year, year) for year in years)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Entry]) -> QuerySet[Entry]:
        """By ids, which begin with the time they were made: whatever else the log holds is not looked at."""
        told = self.value()
        if not told or not _MONTH.fullmatch(told):
            return queryset
        first = date(int(told[:4]), int(told[5:] or 1), 1)
        after = _month(first, ago=-1 if told[5:] else -12)
        return queryset.filter(id__gte=least_id(_begins(first)), id__lt=least_id(_begins(after)))


def _month(day: date, *, ago: int) -> date:
    """The first day of the month that was so many months before."""
    year, month = divmod(day.year * 12 + day.month - 1 - ago, 12)
    return date(year, month + 1, 1)


def _begins(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=get_current_timezone())


@admin.register(Entry)
class EntryAdmin(ReadOnly[Entry]):
    """Newest first; whom an entry is about is a pseudonym, and details stay sealed."""

    list_display = ("at", "kind", "actor_kind", "unit", "department", "purpose", "reference", "index")
    list_filter = (KindFilter, WhenFilter)
    fields = (
        *("id", "at", "kind", "actor_kind", "actor_right", "unit", "role", "subject", "department", "purpose"),
        *("datasets", "reference", "counts", "index", "sequenced_at"),
    )
    ordering = ("-id",)
    change_form_template = "admin/ledger/entry/change_form.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Entry]:
        """Those of one's own departments, said to the database as such: a wall alone finds no index."""
        rows, departments = super().get_queryset(request), getattr(request.user, "departments", [])
        return rows if ALL_DEPARTMENTS in departments else rows.filter(department__in=departments)

    def get_urls(self) -> list[URLPattern]:
        """Beside Django's pages: the name of who did it."""
        view = self.admin_site.admin_view(self.name)
        return [path("<uuid:pk>/name/", view, name="ledger_entry_name"), *super().get_urls()]

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """The officer is led on to the name."""
        return super().render_change_form(request, {**context, "officer": is_officer(request)}, *args, **kwargs)

    def name(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """For the data protection officer: the sealed name, once, for a case; each opening is an entry (C-579/21)."""
        if not is_officer(request):
            raise Http404
        entry = get_object_or_404(Entry.objects.all(), pk=pk)
        form, name = WhyForm(request.POST if request.method == "POST" else None), None
        if form.is_valid():
            counts = {"entry": str(pk), "reason": form.cleaned_data["reason"]}
            record(
                BackOfficeEntry.NAME_OPENED,
                by=actor_of(request),
                at=timezone.now(),
                department=entry.department,
                reference=form.cleaned_data["case"],
                counts=counts,
            )
            name = name_in(entry)
        each = self.admin_site.each_context(request)
        context = {**each, "title": _("Who did it"), "opts": self.opts, "entry": entry, "form": form, "name": name}
        status = 422 if form.errors else 200
        answer = TemplateResponse(request, "admin/ledger/entry/name.html", context, status=status)
        answer["Cache-Control"] = "no-store"
        return answer
