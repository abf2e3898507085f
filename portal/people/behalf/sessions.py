"""In whose matters a session is: kept in the session, so that it ends with it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest

from portal.people.session_secrets import keep_subject_name, subject_name_of

# Registers are asked again before each change, and after so long anyway.
GOOD_FOR = timedelta(minutes=15)
_WHO, _CHECKED = "acting_for", "acting_checked_at"


def begin_acting(request: HttpRequest, person: UUID, name: str, *, at: datetime) -> None:
    """From now on the pages are about `person`."""
    request.session[_WHO], request.session[_CHECKED] = str(person), at.isoformat()
    keep_subject_name(request, name)


def end_acting(request: HttpRequest) -> None:
    """Back to one's own matters."""
    for name in (_WHO, _CHECKED):
        request.session.pop(name, None)
    keep_subject_name(request, "")


def keep_over_sign_in(request: HttpRequest) -> None:
    """Who signs in once more, in the midst of acting for somebody, goes on with it: the session itself is a new one."""
    if who := acting_for(request):
        request.was_acting = request.user.pk, who, acting_name(request)  # type: ignore[attr-defined]


def go_on_acting(request: HttpRequest, user: object, *, at: datetime) -> None:
    """After it, when it was the same log-in. Registers are asked anew at once."""
    before, who, name = getattr(request, "was_acting", (None, None, ""))
    if who is not None and before == user:
        begin_acting(request, who, name, at=at - GOOD_FOR)


def _kept_in(request: HttpRequest) -> Mapping[str, Any]:
    """The session; nothing where a request ended before it had one."""
    found: Mapping[str, Any] = getattr(request, "session", {})
    return found


def acting_for(request: HttpRequest) -> UUID | None:
    """Whom this session is about, when it is not whoever signed in."""
    who = _kept_in(request).get(_WHO)
    return UUID(who) if who else None


def acting_name(request: HttpRequest) -> str:
    """Their name, for the line that stands on every page."""
    return subject_name_of(request) if _WHO in _kept_in(request) else ""


def was_checked(request: HttpRequest, *, at: datetime) -> None:
    """Registers were asked just now."""
    request.session[_CHECKED] = at.isoformat()


def is_checked(request: HttpRequest, *, at: datetime) -> bool:
    """Registers were asked lately enough to read pages."""
    checked: str | None = request.session.get(_CHECKED)
    return checked is not None and timedelta(0) <= at - datetime.fromisoformat(checked) < GOOD_FOR
