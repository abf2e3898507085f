"""Purposes: the list, a new one, one with its versions, a new version, closing."""

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consents.admin import texts
from consents.admin.donating import parts_page
from consents.admin.manners import acting, is_theirs
from consents.admin.subjects import SubjectAdmin
from consents.admin.telling import fault_text
from consents.forms import VERSIONS, NewVersionForm, PurposeForm
from consents.manuscripts.faults import PublishingFault
from consents.models import Purpose
from consents.publishing.drafting import change_purpose, make_purpose
from consents.publishing.versions import begin_version, close_purpose
from portal.people.actors import actor_of


@admin.register(Purpose)
class PurposeAdmin(SubjectAdmin[Purpose]):
    """Why data is used, by whom, on which basis; keepers write those of their own departments."""

    list_display = ("slug", "department", "basis", "nature", "valid_days", "closed_at")
    list_filter = ("basis", "department")
    list_select_related = ("department",)
    change_form_template = "admin/consents/purpose/change_form.html"
    form = PurposeForm
    fields = PurposeForm.Meta.fields
    desk = texts.DESK

    def has_change_permission(self, request: HttpRequest, obj: Purpose | None = None) -> bool:
        """Facts are changed by their own keepers, and only until a text of it is published."""
        if not super().has_change_permission(request, obj):
            return False
        return obj is None or (is_theirs(request, obj) and not obj.texts.filter(published_at__isnull=False).exists())

    def get_readonly_fields(self, request: HttpRequest, obj: Purpose | None = None) -> Any:
        """The slug is the purpose's name for ever."""
        return () if obj is None else ("slug",)

    def save_model(self, request: HttpRequest, obj: Purpose, form: Any, change: bool) -> None:  # noqa: FBT001 - Django's
        """By the actions that hold the rules."""
        actor = actor_of(request, unit=obj.department.slug)
        if not change:
            make_purpose(obj, by=actor, at=timezone.now())
        elif form.changed_data:
            change_purpose(obj, fields=form.changed_data, by=actor, at=timezone.now())

    def get_urls(self) -> list[URLPattern]:
        """Beside Django's pages: versions, and the pages of a text."""
        name = "consents_purpose"
        return [
            path("<uuid:pk>/new-version/", self.for_keepers(self.new_version), name=f"{name}_new_version"),
            path("<uuid:pk>/parts/", self.admin_site.admin_view(self.parts), name=f"{name}_parts"),
            path("<uuid:pk>/close/", self.for_keepers(self.close), name=f"{name}_close"),
            *self.desk.addresses(self.admin_site),
            *super().get_urls(),
        ]

    def new_version(self, request: HttpRequest, purpose: Purpose) -> HttpResponse:
        """What it is, and what becomes of old answers; then a draft with the words of the one before."""
        form = NewVersionForm(request.POST if request.method == "POST" else None)
        if not form.is_valid():
            told = {"title": _("New version"), "under_way": self.shown(request, purpose)["under_way"]}
            return self.answer(request, purpose, "new_version.html", version_form=form, **told)
        change, old = VERSIONS[form.cleaned_data["kind"]]
        by, at = acting(request, purpose), timezone.now()
        begin = partial(begin_version, purpose.pk, change=change, old_answers=old, by=by, at=at)
        return self.begun(request, purpose, begin)

    def parts(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """The parts of a donation; looked at by whoever may, written by its own keepers."""
        purpose = get_object_or_404(Purpose.objects.select_related("department"), pk=pk)
        if not self.has_view_permission(request, purpose):
            raise Http404
        return parts_page(request, purpose, self.admin_site.each_context(request))

    def close(self, request: HttpRequest, purpose: Purpose) -> HttpResponse:
        """What happens then; and closing."""
        if request.method != "POST":
            return self.answer(request, purpose, "close.html", title=_("Close the purpose"))
        try:
            close_purpose(purpose.pk, by=acting(request, purpose), at=timezone.now())
            messages.success(request, _("The purpose is closed."))
        except PublishingFault as fault:
            messages.error(request, fault_text(fault))
        return redirect("admin:consents_purpose_change", purpose.pk)
