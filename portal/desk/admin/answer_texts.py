"""Texts that answers begin with: the data protection officer writes them, everybody who answers reads them."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone

from portal.ledger.actions import record
from portal.people.actors import actor_of
from portal.requests.kinds import RequestEntry
from portal.requests.models import DecisionTemplate
from portal.staff.manners import NoAddingNorDeleting


@admin.register(DecisionTemplate)
class DecisionTemplateAdmin(NoAddingNorDeleting[DecisionTemplate]):
    """Who may change them stands with the groups; every change is an entry."""

    list_display = ("slug", "kind", "outcome")
    list_filter = ("kind", "outcome")
    fields = ("slug", "kind", "outcome", "text_fi", "text_sv", "text_en")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """New ones come from the officer."""
        return admin.ModelAdmin.has_add_permission(self, request)

    def save_model(self, request: HttpRequest, obj: DecisionTemplate, form: Any, change: bool) -> None:  # noqa: FBT001 - Django's
        """With its entry: which text, and which parts of it."""
        super().save_model(request, obj, form, change)
        by, now, which = actor_of(request), timezone.now(), f"template {obj.slug}"
        record(RequestEntry.TEMPLATE_CHANGED, by=by, at=now, reference=which, counts={"fields": form.changed_data})
