"""Return addresses in the back office: proposed by one person or by the system itself, confirmed by another, ended."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from consents.admin.manners import is_officer
from consents.admin.return_forms import ReturnAddressForm
from consents.errands.keeping import confirm_address, end_address, propose_address
from consents.errors import NoSuchReturnAddress, OwnReturnAddress
from consents.models import ReturnAddress
from portal.people.actors import actor_of
from portal.staff.alarms import Alarm, rings
from portal.staff.manners import NoAddingNorDeleting, row_id

_LIST = "admin:consents_returnaddress_changelist"
_WAITED_LONG = timedelta(days=14)
_KEEPS = "rest.change_client"


def _of_own_departments(request: HttpRequest, rows: QuerySet[ReturnAddress]) -> QuerySet[ReturnAddress]:
    """Where another department leads is nobody else's business."""
    departments = getattr(request.user, "departments", [])
    return rows if "*" in departments else rows.filter(department__in=departments)


@rings
def addresses_wait_too_long(request: HttpRequest) -> Iterator[Alarm]:
    """To whoever may see them: until a second person confirms it, nobody is led back to an address."""
    if not request.user.has_perm("consents.view_returnaddress"):
        return
    late = timezone.now() - _WAITED_LONG
    waiting = ReturnAddress.objects.filter(confirmed_at=None, ended_at=None, proposed_at__lt=late)
    if count := _of_own_departments(request, waiting).count():
        sentence = ngettext(
            "%(count)d return address has waited for its second person for more than two weeks.",
            "%(count)d return addresses have waited for their second person for more than two weeks.",
            count,
        )
        yield Alarm(sentence % {"count": count}, reverse(_LIST))


@admin.register(ReturnAddress)
class ReturnAddressAdmin(NoAddingNorDeleting[ReturnAddress]):
    """Of the systems of one's own departments."""

    list_display = ("address", "system", "department", "proposed_at", "confirmed_at", "ended_at")
    list_filter = ("department",)
    form = ReturnAddressForm
    fields: ClassVar[Any] = ("client", "address")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Keepers let people be led back to their own departments' services."""
        return bool(request.user.has_perm(_KEEPS))

    def get_queryset(self, request: HttpRequest) -> QuerySet[ReturnAddress]:
        """Those of one's own departments."""
        return _of_own_departments(request, super().get_queryset(request))

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002 - Django's
        """Systems of one's own departments."""
        mine = {"departments": list(getattr(request.user, "departments", []))}
        kwargs["form"] = type("OwnReturnAddressForm", (ReturnAddressForm,), mine)
        return super().get_form(request, obj, change, **kwargs)

    def save_model(self, request: HttpRequest, obj: ReturnAddress, form: Any, change: bool) -> None:  # noqa: FBT001 - Django's
        """By the action that holds the rules."""
        client = form.chosen()
        by = actor_of(request, unit=client.department)
        obj.pk = propose_address(client.pk, client.department, obj.address, by=by, at=timezone.now()).pk

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        """Back to the list: a second person confirms."""
        self.message_user(request, _("Proposed. A second person confirms the address."), messages.SUCCESS)
        return redirect(_LIST)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """What it is, and the two presses."""
        if not self.has_view_permission(request):
            raise Http404
        row = get_object_or_404(self.get_queryset(request), pk=row_id(object_id))
        may_act = self._may_act(request, row)
        if request.method == "POST" and may_act:
            return self._pressed(request, row)
        each = self.admin_site.each_context(request)
        own = row.proposed_by == actor_of(request).id
        context = {**each, "title": row.address, "opts": self.opts, "row": row, "may_act": may_act, "own": own}
        return TemplateResponse(request, "admin/consents/returnaddress/change.html", context)

    def _may_act(self, request: HttpRequest, row: ReturnAddress) -> bool:
        departments = getattr(request.user, "departments", [])
        theirs = row.department in departments and request.user.has_perm(_KEEPS)
        return row.ended_at is None and (theirs or is_officer(request))

    def _pressed(self, request: HttpRequest, row: ReturnAddress) -> HttpResponse:
        by, at = actor_of(request), timezone.now()
        try:
            if request.POST.get("do") == "end":
                end_address(row.pk, by=by, at=at)
                self.message_user(request, _("Ended. Nobody is led back there any more."), messages.SUCCESS)
            else:
                confirm_address(row.pk, by=by, at=at)
                self.message_user(request, _("Confirmed. People may be led back there from now on."), messages.SUCCESS)
        except OwnReturnAddress:
            self.message_user(request, _("You proposed this address. Another person confirms it."), messages.ERROR)
        except NoSuchReturnAddress:
            self.message_user(request, _("This address was ended already."), messages.ERROR)
        return redirect(_LIST)
