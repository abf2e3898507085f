"""In whose matters a session is, or in which records of one's own: kept in the session, so that it ends with it."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest

from portal.people.session_secrets import keep_subject_name, subject_name_of

# Registers are asked again before each change, and after so long anyway.
GOOD_FOR = timedelta(minutes=15)
_WHO, _CHECKED = "acting_for", "acting_checked_at"
_EARLIER, _READS_EARLIER = "earlier", "reads_earlier"


def begin_acting(request: HttpRequest, person: UUID, name: str, *, at: datetime) -> None:
    """From now on the pages are about `person`."""
    request.session.pop(_READS_EARLIER, None)
    request.session[_WHO], request.session[_CHECKED] = str(person), at.isoformat()
    keep_subject_name(request, name)


def end_acting(request: HttpRequest) -> None:
    """Back to one's own matters."""
    for name in (_WHO, _CHECKED, _READS_EARLIER):
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


def keep_earlier(request: HttpRequest, accounts: Collection[UUID]) -> None:
    """At a sign-in: which accounts were joined to one's own, so that pages lead to them without asking anew."""
    if accounts:
        request.session[_EARLIER] = [str(each) for each in accounts]


def earlier_accounts(request: HttpRequest) -> list[str]:
    """As they were at the sign-in; joining ends every session."""
    found: list[str] = _kept_in(request).get(_EARLIER, [])
    return found


def begin_earlier(request: HttpRequest, account: UUID) -> None:
    """From now on the pages are about what an account held before it was joined."""
    end_acting(request)
    request.session[_READS_EARLIER] = str(account)


def reads_earlier(request: HttpRequest) -> UUID | None:
    """Which of their earlier accounts the pages are about."""
    account = _kept_in(request).get(_READS_EARLIER)
    return UUID(account) if account else None
