"""A sign-in notes which accounts were joined to one's own, so that no page asks for them anew."""

from importlib import import_module

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.test import RequestFactory

from portal.people.accounts import AccountAdapter
from portal.people.behalf.sessions import earlier_accounts
from portal.people.models import User
from tests.pages.conftest import city
from tests.requests.accounts import Two, joined, two
from tests.residents import Resident

__all__ = ["city", "two"]


def signs_in(one: Resident) -> HttpRequest:
    request = RequestFactory().get("/en/home/")
    request.session = import_module(settings.SESSION_ENGINE).SessionStore()
    request.user, request.door = AnonymousUser(), "resident"  # type: ignore[attr-defined]
    user = User.objects.get(person_id=one.person)
    user.backend = "allauth.account.auth_backends.AuthenticationBackend"
    AccountAdapter(request).login(request, user)
    return request


def test_who_was_joined_is_led_to_what_was_before(two: Two) -> None:
    stays, goes = two
    joined(two)
    assert earlier_accounts(signs_in(stays)) == [str(goes.person)]


def test_nobody_else_is(two: Two) -> None:
    assert earlier_accounts(signs_in(two[0])) == []
