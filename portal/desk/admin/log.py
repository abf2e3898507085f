"""The log in the back office: read-only, of one's own departments; the officer opens a name for a reason."""

from typing import Any
from uuid import UUID

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consents.admin.manners import is_officer
from portal.desk.forms import WhyForm
from portal.desk.kinds import BackOfficeEntry
from portal.ledger.actions import record
from portal.ledger.models import Entry
from portal.ledger.reading import name_in
from portal.people.actors import actor_of
from portal.staff.manners import ReadOnly


@admin.register(Entry)
class EntryAdmin(ReadOnly[Entry]):
    """Newest first; whom an entry is about is a pseudonym, and details stay sealed."""

    list_display = ("at", "kind", "actor_kind", "unit", "department", "purpose", "reference", "index")
    list_filter = ("kind",)
    fields = (
        *("id", "at", "kind", "actor_kind", "actor_right", "unit", "role", "subject", "department", "purpose"),
        *("datasets", "reference", "counts", "index", "sequenced_at"),
    )
    ordering = ("-id",)
    show_full_result_count = False
    change_form_template = "admin/ledger/entry/change_form.html"

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
