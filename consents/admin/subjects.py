"""What texts are written of, in the back office: its list, a new one, and one with all its versions."""

from collections.abc import Callable
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse

from consents.admin.desk import Desk
from consents.admin.manners import frame, is_theirs
from consents.enums import UNDER_WAY
from consents.manuscripts.faults import PublishingFault
from consents.manuscripts.models import Manuscript
from datasources.models import Department
from portal.staff.manners import M, NoAddingNorDeleting


class SubjectAdmin(NoAddingNorDeleting[M]):
    """Keepers begin those of their own departments; everyone in the back office reads. `desk` is that of its texts."""

    desk: ClassVar[Desk[Any]]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Keepers."""
        return admin.ModelAdmin.has_add_permission(self, request)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """One's own departments."""
        own = getattr(request.user, "departments", [])
        kwargs["queryset"] = Department.objects.filter(retired_at=None, slug__in=own)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def response_add(self, request: HttpRequest, obj: M, post_url_continue: str | None = None) -> HttpResponse:
        """On to its first text."""
        return redirect(self.desk.address(self.desk.texts_of(obj).get()))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Its facts, and below them every version."""
        subject = self.get_object(request, object_id)
        more = self.shown(request, subject) if subject else {}
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **more})

    def shown(self, request: HttpRequest, subject: Any) -> dict[str, Any]:
        """Below its facts."""
        rows = list(self.desk.texts_of(subject).select_related(self.desk.model.OF))
        versions = [(row, self.desk.address(row), self.desk.address(row, "history")) for row in rows]
        return frame(request, subject, versions=versions, under_way=any(row.state in UNDER_WAY for row in rows))

    def for_keepers(self, view: Callable[[HttpRequest, Any], HttpResponse]) -> Any:
        """A page for keepers of the department that answers for it; for others it is not there."""

        def found(request: HttpRequest, pk: UUID) -> HttpResponse:
            subject: Any = get_object_or_404(self.model._default_manager.select_related("department"), pk=pk)
            if not is_theirs(request, subject):
                raise Http404
            return view(request, subject)

        return self.admin_site.admin_view(found)

    def answer(
        self, request: HttpRequest, subject: Any, template: str, *, status: int = 200, **more: Any
    ) -> HttpResponse:
        """A page of its own below it."""
        context = {**self.admin_site.each_context(request), **frame(request, subject, **more)}
        folder = f"admin/{self.opts.app_label}/{self.opts.model_name}"
        return TemplateResponse(request, f"{folder}/{template}", context, status=status)

    def begun(self, request: HttpRequest, subject: Any, begin: Callable[[], Manuscript]) -> HttpResponse:
        """On to the draft that `begin` makes, or back with why there is none."""
        try:
            return redirect(self.desk.address(begin()))
        except PublishingFault as fault:
            messages.error(request, self.desk.fault_text(fault))
            return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", subject.pk)
