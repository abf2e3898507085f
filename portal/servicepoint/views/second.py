"""The desk's pages for two people: asking a second one, and agreeing."""

import time
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext

from portal.keys.indexes import blind_index
from portal.people.actors import actor_of
from portal.people.models import User
from portal.servicepoint.asked import forget, keep, kept
from portal.servicepoint.door import desk, page
from portal.servicepoint.errors import NoSuchNumber, TooNear
from portal.servicepoint.forms import NumberForm
from portal.servicepoint.second import Waiting, agree, ask_second, is_agreed, waiting
from portal.throttle import count

_TRIES_A_MINUTE = 5


@desk
def second(request: HttpRequest) -> HttpResponse:
    """Somebody near cannot wait for another member of staff: the number for a second person; then on to the opening."""
    now, by, staff = timezone.now(), actor_of(request), cast("User", request.user)
    asked = kept(request, at=now)
    if asked is None:
        return redirect("desk")
    keep(request, asked, at=now)
    if request.POST.get("do") == "go" and is_agreed(blind_index(asked.identity_code), staff=staff, by=by, at=now):
        return redirect("desk_before")
    number = ""
    if request.POST.get("do") == "ask":
        try:
            number = ask_second(asked, staff=staff, by=by, at=now)
        except TooNear:
            forget(request)
            return redirect("desk")
    spoken, not_yet = f"{number[:4]} {number[4:]}".strip(), request.POST.get("do") == "go"
    title = gettext("A second person has to agree")
    return page(request, "second", title=title, number=spoken, not_yet=not_yet)


@desk
def agreeing(request: HttpRequest) -> HttpResponse:
    """Whoever is beside the one who asks: types the number, reads what it is about, and agrees or not."""
    now, by, staff = timezone.now(), actor_of(request), cast("User", request.user)
    form = NumberForm(request.POST if request.method == "POST" else None)
    found: Waiting | None = None
    if form.is_valid():
        try:
            if count("second", by.id, now=time.time()) > _TRIES_A_MINUTE:
                raise NoSuchNumber
            found = waiting(form.cleaned_data["number"], staff=staff, at=now)
            if request.POST.get("do") == "agree":
                agree(form.cleaned_data["number"], staff=staff, by=by, at=now)
                return page(request, "agreed", title=gettext("You agreed"))
        except NoSuchNumber:
            form.add_error("number", gettext("There is no such number now. Ask for a new one."))
            found = None
    status = 422 if form.errors else 200
    return page(request, "agreeing", title=gettext("Confirm as a second person"), form=form, found=found, status=status)
