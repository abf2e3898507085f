"""How long a session lives, where it is listed, and who acts in it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest
from django.test import Client

from portal.keys.indexes import blind_index
from portal.ledger.actor import Actor, ActorKind, Right, resident
from portal.people.actions import Arrival, Names, end_session, find_or_make
from portal.people.actors import NobodySignedIn, NotTheirDepartment, actor_of
from portal.people.doors import RESIDENT, cookie_name
from portal.people.models import Person, User, UserKind
from portal.people.queries import sessions_of
from portal.people.session_secrets import keep_name
from portal.walls import Role, scope

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
CODE = "010190-900P"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def make_resident() -> User:
    person = find_or_make(Arrival(CODE, Names("Testi", "Henkilö")), at=NOON)
    return User.objects.create(username=str(uuid4()), kind=UserKind.RESIDENT, person=person)


def make_staff() -> User:
    own = {"departments": ["library"], "own_index": blind_index(CODE)}
    return User.objects.create(username=str(uuid4()), kind=UserKind.STAFF, is_staff=True, **own)


def enter(user: User, host: str, door: str) -> Client:
    browser = Client(HTTP_HOST=host)
    browser.force_login(user, backend=BACKEND)
    browser.cookies[f"espoo-{door}"] = browser.cookies.pop(settings.SESSION_COOKIE_NAME).value
    return browser


@pytest.fixture
def resident_browser(db: None) -> Callable[[], Client]:
    return lambda: enter(make_resident(), "127.0.0.1", "resident")


def where(browser: Client, path: str = "/en/help/", **headers: str) -> str:
    answer = browser.get(path, headers=headers)
    return str(answer.headers.get("Location", answer.status_code))


@pytest.mark.security("V7.3.1")
def test_twenty_quiet_minutes_end_a_resident_s_session(resident_browser: Callable[[], Client]) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        browser = resident_browser()
        seen = [where(browser)]
        for minutes in (19, 19, 21):
            clock.shift(timedelta(minutes=minutes))
            seen.append(where(browser))
        assert seen == ["200", "200", "200", "/en/session-ended/"]


@pytest.mark.security("V7.3.1")
def test_a_poll_does_not_lengthen_a_session(resident_browser: Callable[[], Client]) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        browser = resident_browser()
        seen = [where(browser)]
        for _ in range(3):
            clock.shift(timedelta(minutes=8))
            seen.append(where(browser, **{"X-Poll": "1"}))
        assert seen == ["200", "200", "200", "/en/session-ended/"]


@pytest.mark.security("V7.3.2")
def test_eight_busy_hours_end_a_session_too(resident_browser: Callable[[], Client]) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        browser = resident_browser()
        where(browser)
        for _ in range(8 * 4):
            clock.shift(timedelta(minutes=15))
            assert where(browser) == "200"
        clock.shift(timedelta(minutes=1))
        assert where(browser) == "/en/session-ended/"


@pytest.mark.security("V7.3.1")
def test_ten_quiet_minutes_end_a_staff_session(db: None) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        browser = enter(make_staff(), "localhost", "staff")
        seen = [where(browser, "/signed-out/")]
        for minutes in (9, 11):
            clock.shift(timedelta(minutes=minutes))
            seen.append(where(browser, "/signed-out/"))
        assert seen == ["/second-step/totp/activate/", "/second-step/totp/activate/", "/session-ended/"]


def open_session(user: User) -> UserSession:
    store = SessionStore()
    store["_auth_user_id"], store["_auth_user_backend"] = str(user.pk), BACKEND
    store["_auth_user_hash"] = user.get_session_auth_hash()
    store.save()
    return UserSession.objects.create(user=user, ip="127.0.0.1", session_key=store.session_key, user_agent="Firefox")


@pytest.mark.security("V7.4.2")
def test_a_session_elsewhere_is_listed_and_can_be_ended(db: None) -> None:
    user = make_resident()
    kept, ended = open_session(user), open_session(user)
    by = resident(user.person_id)
    assert [session.pk for session in sessions_of(user)] == [ended.pk, kept.pk]
    assert end_session(user, ended.pk, by=by, at=NOON)
    assert [session.pk for session in sessions_of(user)] == [kept.pk]
    assert not SessionStore().exists(ended.session_key)


def test_nobody_ends_another_s_session(db: None) -> None:
    user, other = make_resident(), make_staff()
    theirs = open_session(user)
    assert end_session(other, theirs.pk, by=resident(uuid4()), at=NOON) is False
    assert SessionStore().exists(theirs.session_key)


def request_of(user: User) -> HttpRequest:
    request = HttpRequest()
    request.user, request.session = user, SessionStore()
    return request


def test_a_resident_acts_in_their_own_matter(db: None) -> None:
    user = make_resident()
    assert actor_of(request_of(user)) == Actor(ActorKind.RESIDENT, str(user.person_id), Right.OWN)


def test_a_staff_member_acts_for_their_department_by_name(db: None) -> None:
    user = make_staff()
    request = request_of(user)
    keep_name(request, "Lasse Lukija")
    assert actor_of(request) == Actor(ActorKind.STAFF, user.username, Right.OFFICE, "library", "", "Lasse Lukija")
    assert "Lukija" not in str(dict(request.session.items()))


def test_a_staff_member_does_not_act_for_another_department(db: None) -> None:
    request = request_of(make_staff())
    with pytest.raises(NotTheirDepartment):
        actor_of(request, unit="sports")


def test_nobody_acts_without_a_log_in() -> None:
    request = HttpRequest()
    request.user = AnonymousUser()
    with pytest.raises(NobodySignedIn):
        actor_of(request)


def test_no_password_opens_a_log_in(db: None) -> None:
    user = make_resident()
    assert [authenticate(username=user.username, password=tried) for tried in ("", user.password, "x")] == [None] * 3


@pytest.mark.security("B10")
def test_the_same_identity_is_one_person_however_often_it_arrives(db: None) -> None:
    found = {find_or_make(Arrival(code, Names("A", "B")), at=NOON).pk for code in (CODE, CODE.lower(), f" {CODE} ")}
    with scope(Role.LOGIN, lookups=[blind_index(CODE)]):
        kept: list[UUID] = list(Person.objects.values_list("pk", flat=True))
    assert set(kept) == found


@pytest.mark.django_db
def test_a_session_cookie_that_cannot_be_one_is_no_session(client: Client) -> None:
    name = cookie_name(RESIDENT, settings.SESSION_COOKIE_NAME)
    answer = client.get("/en/home/", headers={"Cookie": f'{name}="\\000aaaaaaaaaaaa"', "Host": "127.0.0.1"})
    assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, "/en/")
