"""How allauth makes log-ins here: each provider its own kind of user, and no other way in."""

from typing import Any
from uuid import uuid4

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.conf import settings
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from portal.keys.indexes import blind_index
from portal.ledger.actions import record
from portal.ledger.actor import resident, system
from portal.people.actions import Arrival, find_or_make, sign_in
from portal.people.kinds import PeopleEntry
from portal.people.models import Person, User, UserKind
from portal.people.session_secrets import keep_name
from portal.people.signals import signed_in
from portal.walls import Role, scope

_DOORS = {"suomifi": "resident", "citystaff": "staff"}


def refuse(request: HttpRequest, reason: str) -> ImmediateHttpResponse:
    """A friendly page, no session, and an entry that names the reason only."""
    request.session.flush()
    with scope(Role.LOGIN):
        record(PeopleEntry.SIGN_IN_REFUSED, by=system("login"), at=timezone.now(), counts={"reason": reason})
    return ImmediateHttpResponse(render(request, "pages/sign_in_failed.html", status=400))


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up by form is closed; where one lands is the home page or a path of our own."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Only the social adapter makes users."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Home."""
        return str(settings.LOGIN_REDIRECT_URL)

    def is_safe_url(self, url: str) -> bool:
        """Paths of our own only: no host, no backslash, no double slash."""
        return url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Allauth's own messages would carry the user name."""


class SocialAdapter(DefaultSocialAccountAdapter):
    """Resident provider makes residents; nothing else makes them."""

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Exception | None = None,
        extra_context: Any = None,
    ) -> None:
        """Whatever went wrong: the same page, nothing kept."""
        state_missing = not (extra_context or {}).get("state")
        reason = str(exception) if exception else ("state" if state_missing else "cancelled")
        raise refuse(request, reason)

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """A first sign-in through a provider makes the log-in."""
        return True

    def is_auto_signup_allowed(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Never a form."""
        return True

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: Any) -> User:
        """A random user name and nothing of the person."""
        user: User = sociallogin.user
        user.username = str(uuid4())
        return user

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None) -> User:
        """A new log-in; a staff member's gets its groups."""
        user: User = super().save_user(request, sociallogin, form)
        if user.kind == UserKind.STAFF:
            put_in_groups(user, request.staff_groups)  # type: ignore[attr-defined]
        return user

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Find or make the person of the verified claims, and tie the log-in to them."""
        door = getattr(request, "door", "")
        arrival: Arrival | None = getattr(request, "arrival", None)
        claims: dict[str, Any] = getattr(request, "claims", {})
        if arrival is None or _DOORS.get(sociallogin.account.provider) != door:
            raise refuse(request, "wrong-door")
        if door == "resident":
            _resident_arrives(request, sociallogin, arrival, str(claims["acr"]))
        else:
            _staff_arrives(request, sociallogin, arrival, claims)


def _resident_arrives(request: HttpRequest, sociallogin: SocialLogin, arrival: Arrival, assurance: str) -> None:
    now = timezone.now()
    person = find_or_make(arrival, at=now)
    # An account found by its digest must be this person's: another's means a mix-up, and nobody is let in.
    if sociallogin.is_existing and sociallogin.user.person_id != person.pk:
        raise refuse(request, "mix-up")
    sign_in(person, arrival, by=resident(person.pk), at=now, method=assurance.rsplit("/", 1)[-1])
    signed_in.send(sender=Person, person=person.pk, at=now)
    if not sociallogin.is_existing:
        sociallogin.user.kind, sociallogin.user.person = UserKind.RESIDENT, person


def _staff_arrives(request: HttpRequest, sociallogin: SocialLogin, arrival: Arrival, claims: dict[str, Any]) -> None:
    """Departments and groups follow the city's directory at every sign-in; the name stays sealed in the session."""
    user: User = sociallogin.user
    user.kind, user.is_staff = UserKind.STAFF, True
    user.departments = [str(slug) for slug in claims.get("departments", [])]
    user.own_index = blind_index(arrival.identity_code)
    keep_name(request, f"{arrival.names.given} {arrival.names.family}".strip())
    request.staff_groups = [str(name) for name in claims.get("groups", [])]  # type: ignore[attr-defined]
    if sociallogin.is_existing:
        user.save(update_fields=["departments", "own_index"])
        put_in_groups(user, request.staff_groups)  # type: ignore[attr-defined]


def put_in_groups(user: User, names: list[str]) -> None:
    """The back office's rights come with its groups; names that are not ours are passed over."""
    with scope(Role.LOGIN):
        user.groups.set(Group.objects.filter(name__in=names))
