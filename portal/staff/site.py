"""The back office: every admin page runs, and is rendered, inside a scope of its reader."""

from http import HTTPStatus
from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from portal.staff.alarms import alarms_for
from portal.staff.front import tasks_of
from portal.staff.looks import looked
from portal.staff.second_step import second_step_passed
from portal.walls import Role, scope


class StaffSite(AdminSite):
    """Staff see the settings and the log of their own departments; rows of people only when opened for a reason."""

    site_header = _("Back office")
    site_title = _("Back office")
    index_title = _("Today")
    site_url = None

    def has_permission(self, request: HttpRequest) -> bool:
        """Through the staff door, as staff, with the second step passed in this session."""
        return (
            getattr(request, "door", None) == "staff"
            and super().has_permission(request)
            and second_step_passed(request)
        )

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """The front page begins with what is not as it should be."""
        front = {"alarms": alarms_for(request), "tasks": tasks_of(request)}
        return super().index(request, {**(extra_context or {}), **front})

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:  # noqa: FBT001, FBT002 - Django's signature
        """Open the scope around the view and its rendering: a template response renders after the view has returned."""

        def scoped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            departments = getattr(request.user, "departments", [])
            with scope(Role.STAFF, departments=departments):
                response = view(request, *args, **kwargs)
                if self._shows_rows(request, response):
                    looked.send(sender=type(self), request=request)
                return response.render() if isinstance(response, TemplateResponse) else response

        return super().admin_view(scoped, cacheable)

    def _shows_rows(self, request: HttpRequest, response: HttpResponseBase) -> bool:
        """A list or a row of a table was read: what no change would tell of."""
        if request.method != "GET" or response.status_code != HTTPStatus.OK or request.resolver_match is None:
            return False
        rooms = (f"{model._meta.app_label}_{model._meta.model_name}_" for model in self._registry)
        return (request.resolver_match.url_name or "").startswith(tuple(rooms))
