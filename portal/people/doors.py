"""Two doors on one server, told apart by host name: residents and staff share no address, no cookie, no session."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django_htmx.http import HttpResponseClientRedirect

from portal.cities import city

Answer = Callable[[HttpRequest], HttpResponse]

RESIDENT, STAFF = "resident", "staff"
_URLS = {RESIDENT: "portal.urls", STAFF: "portal.urls_staff"}
_COOKIES = {settings.SESSION_COOKIE_NAME: "", settings.CSRF_COOKIE_NAME: "-csrf"}
# Where browsers tell what the policy kept them from (Reporting API §3.2); the policy names it `own`.
REPORTS = "/browser-reports/"
# Polls carry this header and do not lengthen a session: a page left open is not a person present.
POLL_HEADER = "X-Poll"
_BEGAN, _SEEN = "began_at", "seen_at"
# Not every request writes the session anew: it is known to a fortieth of its idle time when someone was last seen.
_SEEN_PARTS = 40


def cookie_name(door: str, base: str) -> str:
    """`__Host-<city>-resident`: ports do not separate cookies, so the name carries city and door."""
    prefix = "" if settings.PLAIN_HTTP else "__Host-"
    return f"{prefix}{city().slug}-{door}{_COOKIES[base]}"


class DoorMiddleware:
    """Sets `request.door` and its URLs, and translates cookie names at the threshold."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Unknown hosts were refused by ALLOWED_HOSTS; whatever is not the staff's is the residents'."""
        host, _ = split_domain_port(request.get_host())
        door = STAFF if host in settings.STAFF_HOSTS else RESIDENT
        request.door = door  # type: ignore[attr-defined]
        request.urlconf = _URLS[door]
        for base in _COOKIES:
            # A cookie under Django's own name did not come from us.
            request.COOKIES.pop(base, None)
            value = request.COOKIES.pop(cookie_name(door, base), "")
            # A quoted cookie may bring any character, and PostgreSQL looks for no session that has a NUL.
            if value.isascii() and value.isprintable() and value:
                request.COOKIES[base] = value
        response = self.get_response(request)
        response.headers["Reporting-Endpoints"] = f'own="{REPORTS}"'
        for base in _COOKIES:
            if (morsel := response.cookies.pop(base, None)) is not None:
                morsel.set(cookie_name(door, base), morsel.value, morsel.coded_value)
                response.cookies[morsel.key] = morsel
        return response


def _moment(text: str | None, default: datetime) -> datetime:
    return datetime.fromisoformat(text) if text else default


def _idle(request: HttpRequest) -> timedelta:
    return timedelta(seconds=settings.SESSION_IDLE_SECONDS[request.door])  # type: ignore[attr-defined]


def session_ends_at(request: HttpRequest) -> datetime:
    """When the session of whoever is signed in ends, if nobody does anything."""
    now = timezone.now()
    idle = _moment(request.session.get(_SEEN), now) + _idle(request)
    longest = _moment(request.session.get(_BEGAN), now) + timedelta(seconds=settings.SESSION_LONGEST_SECONDS)
    return min(idle, longest)


class SessionAgeMiddleware:
    """Ends a session that was idle too long, or simply too long."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """A request by a person lengthens the session, a poll does not."""
        if request.user.is_authenticated:
            now = timezone.now()
            request.session.setdefault(_BEGAN, now.isoformat())
            through_other_door = getattr(request.user, "kind", "") != request.door  # type: ignore[attr-defined]
            if through_other_door or now > session_ends_at(request):
                logout(request)
                # Middleware runs before Django takes up the door's own addresses.
                ended = reverse("session_ended", urlconf=request.urlconf)
                # A part of a page cannot be replaced by another page: the page itself goes there.
                return HttpResponseClientRedirect(ended) if "HX-Request" in request.headers else redirect(ended)
            seen = _moment(request.session.get(_SEEN), datetime.min.replace(tzinfo=UTC))
            by_itself = POLL_HEADER in request.headers or request.path == REPORTS
            if not by_itself and now - seen > _idle(request) / _SEEN_PARTS:
                request.session[_SEEN] = now.isoformat()
            response = self.get_response(request)
            # Pages that everyone may read say who is signed in, and for whom they act.
            response.headers.setdefault("Cache-Control", "no-store")
            return response
        return self.get_response(request)
