"""Acting for somebody else, or reading an earlier account of one's own: beginning, and coming back."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from portal.ledger.actions import record
from portal.ledger.actor import acting_for as acting
from portal.pages.door import ResidentRequest, account_page, not_available
from portal.people.behalf.powers import Other, whom_may_i
from portal.people.behalf.refreshing import refresh_rights
from portal.people.behalf.register import RegisterSilent
from portal.people.behalf.sessions import begin_acting, begin_earlier, end_acting
from portal.people.kinds import PeopleEntry
from portal.people.queries import accounts_before
from portal.people.signals import acted_for
from portal.walls import Role, scope


def _others(request: ResidentRequest) -> list[Other]:
    """For whom they may act, asked just now. RegisterSilent."""
    now = timezone.now()
    refresh_rights(request.me, at=now)
    with scope(Role.RESIDENT, persons=[request.me]):
        return whom_may_i(request.me, at=now)


@account_page
def people(request: ResidentRequest) -> HttpResponse:
    """Oneself, and everyone one may act for; the same way on for everyone who is missing, whatever the reason."""
    try:
        others, silent = _others(request), False
    except RegisterSilent:
        others, silent = [], True
    context = {"others": others, "silent": silent, "to": _to(request.GET.get("to", ""))}
    return TemplateResponse(request, "pages/people.html", context)


def _to(told: str) -> str:
    """Where acting begins, when it is not home: whoever came to see one thing is led on to it."""
    return told if told == "usage" else ""


@require_POST
@account_page
def act_for(request: ResidentRequest) -> HttpResponse:
    """Begin; an unknown person, another's child and one who is protected are the same page, made the same way."""
    try:
        found = {str(other.id): other for other in _others(request)}
    except RegisterSilent:
        return render(request, "pages/register_silent.html", status=503)
    now = timezone.now()
    other = found.get(request.POST.get("person", ""))
    if other is None:
        return not_available(request, at=now)
    _leave_trace(request, other)
    begin_acting(request, other.id, other.name, at=now)
    return redirect(_to(request.POST.get("to", "")) or "home")


def _leave_trace(request: ResidentRequest, other: Other) -> None:
    """The person acted for sees that somebody was there, and by which right."""
    by, now = acting(request.me, other.power.right), timezone.now()
    with scope(Role.RESIDENT, persons=[other.id]):
        record(PeopleEntry.ACTED_FOR, by=by, about=other.id, at=now)
    acted_for.send(sender=None, person=other.id, at=now, by=by)


@require_POST
@account_page
def see_earlier(request: ResidentRequest) -> HttpResponse:
    """What one of one's own accounts held before it was joined to this one; another's is the page of every refusal."""
    account = {str(each): each for each in accounts_before(request.me)}.get(request.POST.get("account", ""))
    if account is None:
        return not_available(request, at=timezone.now())
    begin_earlier(request, account)
    return redirect("usage")


@require_POST
@account_page
def act_for_oneself(request: ResidentRequest) -> HttpResponse:
    """Back to one's own matters."""
    end_acting(request)
    return redirect("home")
