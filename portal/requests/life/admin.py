"""Changes in lives in the back office: told by one, confirmed by another who has the papers, or dropped."""

from collections.abc import Callable, Iterator
from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from portal.people.actors import actor_of
from portal.people.models import User
from portal.people.queries import found_by
from portal.requests.errors import RequestFault, TooNear
from portal.requests.life.enums import LifeKind, Seen
from portal.requests.life.errors import (
    AlreadyClosed,
    AnotherPerson,
    CodeTaken,
    ErasureRuns,
    NotConfirmed,
    NotDecided,
    NotTakenUp,
    NotTwo,
    SameTeller,
    TooLate,
)
from portal.requests.life.forms import CaseForm, ConfirmForm, SplitForm, TellForm, WhoseForm
from portal.requests.life.hearing import shown_codes, take_up
from portal.requests.life.models import LifeChange
from portal.requests.life.telling import Happening, confirm_change, drop_change, say_whose, tell_change
from portal.requests.life.things import things_of
from portal.requests.life.waiting import shut_accounts
from portal.staff.alarms import Alarm, rings
from portal.staff.manners import ReadOnly, row_id

_LIST, _ONE = "admin:life_lifechange_changelist", "admin:life_lifechange_change"
_RIGHT = "life.add_lifechange"
_SAID = {
    NotConfirmed: _("It was confirmed or dropped already."),
    NotTakenUp: _("The register told this, and no officer has taken it up yet."),
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
    NotDecided: _("Whoever told the change says whose things are, until it is confirmed. Look at the page anew."),
    TooNear: _("This is you or your family: another staff member does it."),
}


@rings
def accounts_are_shut(request: HttpRequest) -> Iterator[Alarm]:
    """To who may confirm it: somebody cannot get in before."""
    if not request.user.has_perm(_RIGHT):
        return
    if count := shut_accounts().count():
        sentence = ngettext(
            "%(count)d account is shut until a second officer confirms that it holds two people, or drops it.",
            "%(count)d accounts are shut until a second officer confirms that they hold two people, or drops it.",
            count,
        )
        yield Alarm(sentence % {"count": count}, f"{reverse(_LIST)}?kind__exact={LifeKind.SPLIT.value}")


@admin.register(LifeChange)
class LifeChangeAdmin(ReadOnly[LifeChange]):
    """Nobody is named: a change is told by the number of its case."""

    list_display = ("case", "kind", "heard_at", "told_at", "confirmed_at", "dropped_at")
    list_display_links = ("case", "kind")
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
        told = _told(request, form) if form.is_valid() else None
        if told is not None:
            self.message_user(request, _("Told. Have a colleague confirm it within 14 days."), messages.SUCCESS)
            if told.kind != LifeKind.SPLIT:
                return redirect(_LIST)
            self.message_user(request, _("The account is shut. Say below whose each thing is."), messages.WARNING)
            return redirect(_ONE, told.pk)
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
        form = _form_of(change)(request.POST if do == "confirm" else None)
        if change.kind == LifeKind.DEATH:
            del form.fields["new_code"]
        whose = _whose(change, request.POST if do == "whose" else None) if may_act else None
        if do == "take" and _taken(request, change):
            self.message_user(request, _("You have it. Have a colleague confirm it within 14 days."), messages.SUCCESS)
            return redirect(_ONE, change.pk)
        if do == "drop":
            drop_change(change.pk, by=actor_of(request), at=timezone.now())
        if do == "drop" or (do == "confirm" and form.is_valid() and _confirmed(request, change, form)):
            self.message_user(request, _("Done."), messages.SUCCESS)
            return redirect(_LIST)
        if whose is not None and do == "whose" and whose.is_valid() and _said(request, change, whose):
            self.message_user(request, _("Kept. A colleague confirms it as it stands here."), messages.SUCCESS)
            return redirect(_ONE, change.pk)
        told = {"change": change, "may_drop": may_act, "kind": change.kind, "whose": whose, "case_form": CaseForm()}
        mine = change.told_by == actor_of(request).id
        told["may_confirm"] = may_act and bool(change.told_by) and not mine
        told["untaken"], told["may_show"] = may_act and not change.told_by, may_act and mine and change.heard_at
        told["codes"] = _shown(request, change) if do == "show" else None
        told["breach"] = change.seen == Seen.YES and request.user.has_perm("requests.add_breach")
        return self._page(request, "one", form, title=str(change), **told)

    def _page(self, request: HttpRequest, name: str, form: ConfirmForm, **context: Any) -> HttpResponse:
        told = {**self.admin_site.each_context(request), "opts": self.opts, "form": form, **context}
        status = 422 if form.errors else 200
        return TemplateResponse(request, f"admin/life/lifechange/{name}.html", told, status=status)


def _taken(request: HttpRequest, change: LifeChange) -> bool:
    case = CaseForm(request.POST)
    if not case.is_valid():
        messages.error(request, _("Write the number of the case."))
        return False
    told = {"case": case.cleaned_data["case"], "staff": cast("User", request.user), "by": actor_of(request)}
    return bool(_done(request, take_up, change, told))


def _shown(request: HttpRequest, change: LifeChange) -> tuple[str, str] | None:
    shown: tuple[str, str] | None = _done(
        request, shown_codes, change, {"staff": cast("User", request.user), "by": actor_of(request)}
    )
    return shown


def _done(request: HttpRequest, verb: Callable[..., Any], change: LifeChange, told: dict[str, Any]) -> Any:
    """What the verb gives, or a message why not and None."""
    try:
        return verb(change.pk, at=timezone.now(), **told)
    except RequestFault as fault:
        messages.error(request, str(_SAID.get(type(fault), _("This cannot be done."))))
        return None


def _form_of(change: LifeChange) -> type[ConfirmForm]:
    return SplitForm if change.kind == LifeKind.SPLIT else ConfirmForm


def _whose(change: LifeChange, data: Any) -> WhoseForm | None:
    """Of an account of two people only."""
    return WhoseForm(things_of(change.person_id), change.goes, data) if change.kind == LifeKind.SPLIT else None


def _said(request: HttpRequest, change: LifeChange, form: WhoseForm) -> bool:
    try:
        say_whose(change.pk, form.cleaned_data, by=actor_of(request), at=timezone.now())
    except RequestFault as fault:
        form.add_error(None, _SAID.get(type(fault), _("This cannot be done.")))
        return False
    return True


def _told(request: HttpRequest, form: TellForm) -> LifeChange | None:
    told, staff = form.cleaned_data, cast("User", request.user)
    person = found_by(told["identity_code"])
    if person is None:
        form.add_error("identity_code", _("Nobody with this identity code is known here."))
        return None
    happening = Happening(LifeKind(told["kind"]), person, told["case"], told["new_code"])
    try:
        return tell_change(happening, staff=staff, by=actor_of(request), at=timezone.now())
    except RequestFault as fault:
        form.add_error(None, _SAID.get(type(fault), _("This cannot be done.")))
        return None


def _confirmed(request: HttpRequest, change: LifeChange, form: ConfirmForm) -> bool:
    told, staff, by = form.cleaned_data, cast("User", request.user), actor_of(request)
    person = found_by(told["identity_code"])
    try:
        codes = {"new_code": told.get("new_code", ""), "seen": told.get("seen", "")}
        confirm_change(change.pk, person=person, staff=staff, by=by, at=timezone.now(), **codes)
    except RequestFault as fault:
        form.add_error(None, _SAID.get(type(fault), _("This cannot be done.")))
        return False
    return True
