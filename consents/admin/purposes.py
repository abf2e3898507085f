"""Purposes: the list, a new one, one with its versions, a new version, closing."""

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consents.admin import texts
from consents.admin.donating import parts_page
from consents.admin.manners import acting, frame, is_theirs
from consents.admin.telling import fault_text
from consents.enums import UNDER_WAY
from consents.forms import VERSIONS, NewVersionForm, PurposeForm
from consents.manuscripts.faults import PublishingFault
from consents.models import Purpose
from consents.publishing.drafting import change_purpose, make_purpose
from consents.publishing.versions import begin_version, close_purpose
from datasources.models import Department
from portal.people.actors import actor_of
from portal.staff.manners import NoAddingNorDeleting


@admin.register(Purpose)
class PurposeAdmin(NoAddingNorDeleting[Purpose]):
    """Why data is used, by whom, on which basis; keepers write those of their own departments."""

    list_display = ("slug", "department", "basis", "nature", "valid_days", "closed_at")
    list_filter = ("basis", "department")
    list_select_related = ("department",)
    change_form_template = "admin/consents/purpose/change_form.html"
    form = PurposeForm
    fields = PurposeForm.Meta.fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Keepers begin purposes of their own departments."""
        return admin.ModelAdmin.has_add_permission(self, request)

    def has_change_permission(self, request: HttpRequest, obj: Purpose | None = None) -> bool:
        """Facts are changed by their own keepers, and only until a text of it is published."""
        if not super().has_change_permission(request, obj):
            return False
        return obj is None or (is_theirs(request, obj) and not obj.texts.filter(published_at__isnull=False).exists())

    def get_readonly_fields(self, request: HttpRequest, obj: Purpose | None = None) -> Any:
        """The slug is the purpose's name for ever."""
        return () if obj is None else ("slug",)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """One's own departments."""
        kwargs["queryset"] = Department.objects.filter(
            retired_at=None, slug__in=getattr(request.user, "departments", [])
        )
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Purpose, form: Any, change: bool) -> None:  # noqa: FBT001 - Django's
        """By the actions that hold the rules."""
        actor = actor_of(request, unit=obj.department.slug)
        if not change:
            make_purpose(obj, by=actor, at=timezone.now())
        elif form.changed_data:
            change_purpose(obj, fields=form.changed_data, by=actor, at=timezone.now())

    def response_add(self, request: HttpRequest, obj: Purpose, post_url_continue: str | None = None) -> HttpResponse:
        """On to its text."""
        return redirect("admin:consents_purpose_text", obj.pk, obj.texts.get().pk)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The facts, and below them every version."""
        purpose = self.get_object(request, object_id)
        more = self._versions(request, purpose) if purpose else {}
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **more})

    def _versions(self, request: HttpRequest, purpose: Purpose, form: NewVersionForm | None = None) -> dict[str, Any]:
        versions = list(purpose.texts.all())
        under_way = any(text.state in UNDER_WAY for text in versions)
        return frame(request, purpose, versions=versions, under_way=under_way, version_form=form or NewVersionForm())

    def get_urls(self) -> list[URLPattern]:
        """Beside Django's pages: versions, and the pages of a text."""
        view, name = self.admin_site.admin_view, "consents_purpose"
        return [
            path("<uuid:pk>/new-version/", view(self.new_version), name=f"{name}_new_version"),
            path("<uuid:pk>/parts/", view(self.parts), name=f"{name}_parts"),
            path("<uuid:pk>/close/", view(self.close), name=f"{name}_close"),
            *texts.DESK.addresses(self.admin_site),
            *super().get_urls(),
        ]

    def _own(self, request: HttpRequest, pk: UUID) -> Purpose:
        purpose = get_object_or_404(Purpose.objects.select_related("department"), pk=pk)
        if not is_theirs(request, purpose):
            raise Http404
        return purpose

    def new_version(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """What it is, and what becomes of old answers; then a draft with the words of the one before."""
        purpose = self._own(request, pk)
        form = NewVersionForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            change, old_answers = VERSIONS[form.cleaned_data["kind"]]
            try:
                text = begin_version(
                    pk, change=change, old_answers=old_answers, by=acting(request, purpose), at=timezone.now()
                )
            except PublishingFault as fault:
                self.message_user(request, fault_text(fault), messages.ERROR)
                return redirect("admin:consents_purpose_change", pk)
            return redirect("admin:consents_purpose_text", pk, text.pk)
        context = {**self.admin_site.each_context(request), **self._versions(request, purpose, form)}
        return TemplateResponse(
            request, "admin/consents/purpose/new_version.html", {**context, "title": _("New version")}
        )

    def parts(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """The parts of a donation; looked at by whoever may, written by its own keepers."""
        purpose = get_object_or_404(Purpose.objects.select_related("department"), pk=pk)
        if not self.has_view_permission(request, purpose):
            raise Http404
        return parts_page(request, purpose, self.admin_site.each_context(request))

    def close(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """What happens then; and closing."""
        purpose = self._own(request, pk)
        if request.method == "POST":
            try:
                close_purpose(pk, by=acting(request, purpose), at=timezone.now())
                self.message_user(request, _("The purpose is closed."), messages.SUCCESS)
            except PublishingFault as fault:
                self.message_user(request, fault_text(fault), messages.ERROR)
            return redirect("admin:consents_purpose_change", pk)
        context = {**self.admin_site.each_context(request), **frame(request, purpose, title=_("Close the purpose"))}
        return TemplateResponse(request, "admin/consents/purpose/close.html", context)
