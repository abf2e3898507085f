"""Changes in lives in the back office: told by one, confirmed by another who has the papers, or dropped."""

from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.people.actors import actor_of
from portal.people.models import User
from portal.people.queries import found_by
from portal.requests.errors import RequestFault, TooNear
from portal.requests.life.enums import LifeKind
from portal.requests.life.errors import (
    AlreadyClosed,
    AnotherPerson,
    CodeTaken,
    ErasureRuns,
    NotConfirmed,
    NotTwo,
    SameTeller,
    TooLate,
)
from portal.requests.life.forms import ConfirmForm, TellForm
from portal.requests.life.models import LifeChange
from portal.requests.life.telling import Happening, confirm_change, drop_change, tell_change
from portal.staff.manners import ReadOnly, row_id

_LIST = "admin:life_lifechange_changelist"
_RIGHT = "life.add_lifechange"
_SAID = {
    NotConfirmed: _("It was confirmed or dropped already."),
    TooLate: _("It was told too long ago. Drop it and tell it once more."),
    SameTeller: _("You told this change: let a colleague confirm it."),
    AnotherPerson: _("These are not the identity codes that were told. Look at the papers of the case."),
    CodeTaken: _(
        "Somebody with the new identity code is known here already. Nothing was changed. If they are one person, drop "
        "this and tell that two accounts are one."
    ),
    NotTwo: _("Nobody else is known here by the code that holds now. Tell a new identity code instead."),
    ErasureRuns: _("An erasure that has begun is not done yet. Wait until it is, then confirm."),
    AlreadyClosed: _("The account is closed already."),
    TooNear: _("This is you or your family: another staff member does it."),
}


@admin.register(LifeChange)
class LifeChangeAdmin(ReadOnly[LifeChange]):
    """Nobody is named: a change is told by the number of its case."""

    list_display = ("case", "kind", "told_at", "confirmed_at", "dropped_at")
    list_filter = ("kind",)
    search_fields = ("=case",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """The data protection officer's."""
        return request.user.has_perm(_RIGHT)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Tell one: nothing happens yet."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = TellForm(request.POST if request.method == "POST" else None)
        if form.is_valid() and _told(request, form):
            self.message_user(request, _("Told. Have a colleague confirm it within 14 days."), messages.SUCCESS)
            return redirect(_LIST)
        return self._page(request, "tell", form, title=_("New change in a life"))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """What it says; and, pressed by an officer, confirmed or dropped."""
        if not self.has_view_permission(request):
            raise Http404
        change = get_object_or_404(self.get_queryset(request), pk=row_id(object_id))
        may_act = self.has_add_permission(request) and not change.confirmed_at and not change.dropped_at
        do = request.POST.get("do", "") if request.method == "POST" and may_act else ""
        form = ConfirmForm(request.POST if do == "confirm" else None)
        if change.kind == LifeKind.DEATH:
            del form.fields["new_code"]
        if do == "drop":
            drop_change(change.pk, by=actor_of(request), at=timezone.now())
        if do == "drop" or (do == "confirm" and form.is_valid() and _confirmed(request, change, form)):
            self.message_user(request, _("Done."), messages.SUCCESS)
            return redirect(_LIST)
        told = {"change": change, "may_drop": may_act, "kind": change.kind}
        told["may_confirm"] = may_act and change.told_by != actor_of(request).id
        return self._page(request, "one", form, title=str(change), **told)

    def _page(self, request: HttpRequest, name: str, form: ConfirmForm, **context: Any) -> HttpResponse:
        told = {**self.admin_site.each_context(request), "opts": self.opts, "form": form, **context}
        status = 422 if form.errors else 200
        return TemplateResponse(request, f"admin/life/lifechange/{name}.html", told, status=status)


def _told(request: HttpRequest, form: TellForm) -> bool:
    told, staff = form.cleaned_data, cast("User", request.user)
    person = found_by(told["identity_code"])
    if person is None:
        form.add_error("identity_code", _("Nobody with this identity code is known here."))
        return False
    happening = Happening(LifeKind(told["kind"]), person, told["case"], told["new_code"])
    try:
        tell_change(happening, staff=staff, by=actor_of(request), at=timezone.now())
    except RequestFault as fault:
        form.add_error(None, _SAID.get(type(fault), _("This cannot be done.")))
        return False
    return True


def _confirmed(request: HttpRequest, change: LifeChange, form: ConfirmForm) -> bool:
    told, staff, by = form.cleaned_data, cast("User", request.user), actor_of(request)
    person = found_by(told["identity_code"])
    try:
        confirm_change(
            change.pk, person=person, new_code=told.get("new_code", ""), staff=staff, by=by, at=timezone.now()
        )
    except RequestFault as fault:
        form.add_error(None, _SAID.get(type(fault), _("This cannot be done.")))
        return False
    return True
