"""Settings: where one is signed in, and how much longer."""

from collections.abc import Callable
from datetime import timedelta

import time_machine
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.test import Client
from django.utils import timezone

from portal.people.doors import RESIDENT, cookie_name
from portal.people.models import User
from tests.residents import Resident

Enter = Callable[[str], Resident]


NAME = cookie_name(RESIDENT, settings.SESSION_COOKIE_NAME)


def listed(user: User, browser: Client) -> UserSession:
    """The browser's session as a real sign-in lists it."""
    key = browser.cookies[NAME].value
    return UserSession.objects.create(user=user, ip="127.0.0.1", session_key=key, user_agent="Firefox")


def signed_in_again(user: User) -> Client:
    """The same person in another browser."""
    browser = Client(HTTP_HOST="127.0.0.1")
    browser.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    browser.cookies[NAME] = browser.cookies.pop(settings.SESSION_COOKIE_NAME).value
    return browser


def test_a_session_elsewhere_is_ended_from_here(resident_in: Enter) -> None:
    raili = resident_in("raili")
    user = User.objects.get(person=raili.person)
    elsewhere = signed_in_again(user)
    listed(user, raili.browser)
    there = listed(user, elsewhere)
    end = f"/en/settings/sessions/{there.pk}/end/"
    page = raili.browser.get("/en/settings/").content.decode()
    assert (page.count("<h3>Here</h3>"), page.count(f'action="{end}"')) == (1, 1)
    after = raili.browser.post(end, follow=True).content.decode()
    assert ("You are signed out there." in after, "another device" in after) == (True, False)
    assert (elsewhere.get("/en/home/").status_code, raili.browser.get("/en/home/").status_code) == (302, 200)


def test_anothers_session_looks_like_one_that_is_not_there(resident_in: Enter) -> None:
    raili, otso = resident_in("raili"), resident_in("otso")
    theirs = listed(User.objects.get(person=otso.person), otso.browser)
    answers = [raili.browser.post(f"/en/settings/sessions/{pk}/end/") for pk in (theirs.pk, theirs.pk + 1000)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert otso.browser.get("/en/home/").status_code == 200


def left(one: Resident, **headers: str) -> int:
    answer = one.browser.post("/en/session/", headers=headers)
    return int(answer.json()["seconds"])


def test_a_poll_tells_how_much_is_left_and_a_press_lengthens_it(resident_in: Enter) -> None:
    now = timezone.now()
    with time_machine.travel(now, tick=False) as clock:
        raili = resident_in("raili")
        raili.browser.get("/en/home/")
        told = [left(raili, **{"X-Poll": "1"})]
        clock.move_to(now + timedelta(minutes=18))
        told += [left(raili, **{"X-Poll": "1"}), left(raili), left(raili, **{"X-Poll": "1"})]
        assert told == [1200, 120, 1200, 1200]
        clock.move_to(now + timedelta(minutes=39))
        assert raili.browser.post("/en/session/", headers={"X-Poll": "1"}).status_code == 302
