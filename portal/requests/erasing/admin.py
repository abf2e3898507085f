"""Legal holds in the back office: made by the data protection officer, confirmed by another, ended."""

from contextlib import AbstractContextManager
from typing import Any, cast
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.keys.indexes import blind_indexes
from portal.people.actors import actor_of
from portal.people.models import Person, User
from portal.requests.erasing.errors import SamePerson
from portal.requests.erasing.forms import HoldForm
from portal.requests.erasing.holding import Held, confirm_hold, end_hold, make_hold
from portal.requests.erasing.models import LegalHold
from portal.staff.manners import ReadOnly, row_id
from portal.walls import Role, scope

_LIST = "admin:erasing_legalhold_changelist"


@admin.register(LegalHold)
class LegalHoldAdmin(ReadOnly[LegalHold]):
    """Nobody is named: a hold of a person is told by the number of its case."""

    list_display = ("case", "register", "reason", "law", "until_on", "made_at", "confirmed_at", "ended_at")
    list_filter = ("reason",)
    search_fields = ("=case",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """The data protection officer's."""
        return request.user.has_perm("erasing.add_legalhold")

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Make one: it holds at once."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = HoldForm(request.POST if request.method == "POST" else None)
        if form.is_valid() and self._made(request, form):
            self.message_user(
                request, _("The hold is in force. Have a colleague confirm it within 14 days."), messages.SUCCESS
            )
            return redirect(_LIST)
        context = {**self.admin_site.each_context(request), "title": _("New legal hold"), "opts": self.opts}
        status = 422 if form.errors else 200
        return TemplateResponse(request, "admin/erasing/legalhold/make.html", {**context, "form": form}, status=status)

    def _made(self, request: HttpRequest, form: HoldForm) -> bool:
        told, person = form.cleaned_data, None
        if told["identity_code"]:
            person = _person_of(told["identity_code"])
            if person is None:
                form.add_error("identity_code", _("Nobody with this identity code is known here."))
                return False
        held = Held(told["reason"], told["law"], told["case"], told["until"], person, told["register"])
        by = actor_of(request)
        with _about(request, person):
            make_hold(held, by=by, at=timezone.now())
        return True

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """What it says; and, pressed by an officer, confirmed or ended."""
        if not self.has_view_permission(request):
            raise Http404
        hold = get_object_or_404(self.get_queryset(request), pk=row_id(object_id))
        may_act = self.has_add_permission(request)
        if request.method == "POST" and may_act:
            self._act(request, hold)
            return redirect(_LIST)
        by = actor_of(request)
        context = {
            **self.admin_site.each_context(request),
            "title": str(hold),
            "opts": self.opts,
            "hold": hold,
            "may_end": may_act and not hold.ended_at,
            "may_confirm": may_act and not hold.ended_at and not hold.confirmed_at and hold.made_by != by.id,
        }
        return TemplateResponse(request, "admin/erasing/legalhold/one.html", context)

    def _act(self, request: HttpRequest, hold: LegalHold) -> None:
        by, now = actor_of(request), timezone.now()
        try:
            verb = {"confirm": confirm_hold, "end": end_hold}[request.POST.get("do", "")]
        except KeyError:
            raise Http404 from None
        try:
            with _about(request, hold.person_id):
                done = verb(hold.pk, by=by, at=now)
            if done:
                self.message_user(request, _("Done."), messages.SUCCESS)
        except SamePerson:
            self.message_user(request, _("You made this hold: let a colleague confirm it."), messages.ERROR)


def _about(request: HttpRequest, person: UUID | None) -> AbstractContextManager[None]:
    """Staff's scope, with the person whose log tells of it, if it is one's."""
    departments = cast("User", request.user).departments
    return scope(Role.STAFF, persons=[person] if person else [], departments=departments)


def _person_of(code: str) -> UUID | None:
    """Found as a sign-in finds them; nothing of them is opened."""
    with scope(Role.LOGIN, lookups=blind_indexes(code)):
        return Person.objects.values_list("pk", flat=True).first()
