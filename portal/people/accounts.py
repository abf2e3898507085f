"""How allauth makes log-ins here: each provider its own kind of user, and no other way in."""

import re
from typing import Any
from urllib.parse import unquote
from uuid import uuid4

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base import AuthProcess
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from portal.people.actions import Arrival
from portal.people.actors import actor_of
from portal.people.arriving import put_in_groups, resident_arrives, staff_arrives, staff_signed_in
from portal.people.behalf.sessions import go_on_acting, keep_earlier
from portal.people.fresh import keep_identified
from portal.people.models import User, UserKind
from portal.people.queries import accounts_before
from portal.people.refusals import UNKNOWN_STATE, SignInRefused, refuse
from portal.people.session_secrets import keep_name

_DOORS = {"suomifi": UserKind.RESIDENT, "citystaff": UserKind.STAFF}
# One leading slash, then nothing that some browser reads as a host, a new line or a second decoding.
_OWN_PATH = re.compile(r"/(?!/)[^\\\x00-\x20\x7f]*")


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up by form is closed; where one lands is the home page or a path of our own."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Only the social adapter makes users."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Home; at the staff's door the entrance, which knows what is missing before the back office opens."""
        at_staff_door = request.door == "staff"  # type: ignore[attr-defined]
        return reverse("staff_sign_in") if at_staff_door else str(settings.LOGIN_REDIRECT_URL)

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        """A first sign-in lands where every sign-in does."""
        return self.get_login_redirect_url(request)

    def is_safe_url(self, url: str | None) -> bool:
        """Paths of our own only: no host, no backslash, no double slash, also when decoded once more."""
        return bool(url) and all(
            _OWN_PATH.fullmatch(form) and url_has_allowed_host_and_scheme(form, allowed_hosts=None)
            for form in (str(url), unquote(str(url)), unquote(unquote(str(url))))
        )

    def login(self, request: HttpRequest, user: User) -> None:
        """A new session id, and the time from which idleness and age are counted."""
        super().login(request, user)
        now = timezone.now()
        request.session["began_at"] = request.session["seen_at"] = now.isoformat()
        keep_identified(request, getattr(request, "claims", {}), at=now)
        go_on_acting(request, user.pk, at=now)
        if user.kind == UserKind.STAFF:
            staff_signed_in(by=actor_of(request), at=now)
        elif user.person_id is not None:
            keep_earlier(request, accounts_before(user.person_id))

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        """A closed log-in looks like any other refusal."""
        raise refuse(request, "closed", at=timezone.now())

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Allauth's own messages would carry the user name."""


class SocialAdapter(DefaultSocialAccountAdapter):
    """The residents' provider makes residents, the city's staff; nothing else makes anybody."""

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Exception | None = None,
        extra_context: Any = None,
    ) -> None:
        """Whatever went wrong: the same page, nothing kept. Texts of other people's exceptions are not written down."""
        if isinstance(exception, SignInRefused):
            raise refuse(request, str(exception), at=timezone.now())
        if not (extra_context or {}).get("state"):
            raise refuse(request, UNKNOWN_STATE, at=timezone.now())
        raise refuse(request, "not-completed", at=timezone.now())

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
        kind = _DOORS.get(sociallogin.account.provider)
        if kind != request.door:  # type: ignore[attr-defined]
            raise refuse(request, "wrong-door", at=timezone.now())
        # Connecting would tie a second person's identity to the first one's log-in.
        if sociallogin.state.get("process") != AuthProcess.LOGIN:
            raise refuse(request, "not-a-sign-in", at=timezone.now())
        if sociallogin.is_existing and (sociallogin.user.kind != kind or not sociallogin.user.is_active):
            raise refuse(request, "closed", at=timezone.now())
        arrival: Arrival = request.arrival  # type: ignore[attr-defined]
        claims: dict[str, Any] = request.claims  # type: ignore[attr-defined]
        try:
            if kind == UserKind.RESIDENT:
                resident_arrives(sociallogin, arrival, assurance=str(claims["acr"]), at=timezone.now())
            else:
                request.staff_groups = staff_arrives(sociallogin, arrival, claims)  # type: ignore[attr-defined]
        except SignInRefused as refused:
            raise refuse(request, str(refused), at=timezone.now()) from None
        if kind == UserKind.STAFF:
            keep_name(request, f"{arrival.names.given} {arrival.names.family}".strip())
