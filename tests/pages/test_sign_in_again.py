"""What is done for another, or cannot be taken back, asks for a sign-in of the last minutes; to look asks for none."""

import base64
import json
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone

from demo.population.server import Population
from portal.pages.fresh import asks_again
from portal.people.behalf.sessions import (
    acting_for,
    acting_name,
    begin_acting,
    go_on_acting,
    is_checked,
    keep_over_sign_in,
)
from portal.people.doors import RESIDENT, cookie_name
from portal.people.fresh import is_fresh, keep_identified
from portal.people.models import User
from tests.acting import act, answer, page_of, person_of, question_of, register
from tests.residents import Resident, grow_old

__all__ = ["register"]
Enter = Callable[[str], Resident]
pytestmark = pytest.mark.django_db
NAME = cookie_name(RESIDENT, settings.SESSION_COOKIE_NAME)
LONG = timedelta(seconds=settings.FRESH_SIGN_IN_SECONDS + 1)


@pytest.mark.security("V7.5.3")
def test_an_answer_for_another_is_not_taken_after_a_while_and_is_after_a_new_sign_in(
    resident_in: Enter, register: Population
) -> None:
    aino = resident_in("aino")
    act(aino, "eino")
    child = person_of("eino")
    grow_old(aino)
    refused = answer(aino, question_of(child), "yes")
    told = refused.content.decode()
    assert (refused.status_code, refused["Cache-Control"], question_of(child).state) == (403, "no-store", "requested")
    assert f'<input type="hidden" name="next" value="/en/requests/{question_of(child).pk}/">' in told
    assert '<input type="hidden" name="again" value="1">' in told


def test_to_look_for_another_asks_for_nothing(resident_in: Enter, register: Population) -> None:
    aino = resident_in("aino")
    act(aino, "eino")
    grow_old(aino)
    consent = question_of(person_of("eino"))
    assert "Sign in once more" not in page_of(aino, f"requests/{consent.pk}/")


def test_ones_own_answers_ask_for_nothing_more(resident_in: Enter) -> None:
    raili = resident_in("raili")
    grow_old(raili)
    assert answer(raili, question_of(raili.person), "yes").status_code == 302


@pytest.mark.security("V7.5.3")
@pytest.mark.parametrize(
    "path", ["permissions/{}/stop/", "permissions/{}/change/", "permissions/{}/renew/", "requests/{}/"]
)
def test_every_act_on_a_permission_of_anothers_asks_again(path: str, resident_in: Enter, register: Population) -> None:
    aino = resident_in("aino")
    act(aino, "eino")
    grow_old(aino)
    asked = aino.browser.post(f"/en/{path.format(question_of(person_of('eino')).pk)}")
    assert (asked.status_code, "Sign in once more" in asked.content.decode()) == (403, True)


def _request(session: SessionStore | None = None) -> HttpRequest:
    request = RequestFactory().post("/")
    request.session = session or SessionStore()
    return request


@pytest.mark.security("V7.5.3")
@pytest.mark.parametrize(("told", "fresh"), [({}, True), ({"auth_time": -400}, False), ({"auth_time": 400}, True)])
def test_it_counts_when_they_proved_it_not_when_the_service_told_it(told: dict[str, int], fresh: bool) -> None:
    request, now = _request(), timezone.now()
    claims = {name: int(now.timestamp()) + ago for name, ago in told.items()}
    keep_identified(request, {"iat": int(now.timestamp()), **claims}, at=now)
    assert (is_fresh(request, at=now), is_fresh(request, at=now + LONG)) == (fresh, False)


def test_a_session_that_does_not_know_is_not_fresh() -> None:
    assert not is_fresh(_request(), at=timezone.now())


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_act_of_ones_own_that_cannot_be_taken_back_asks_too(method: str) -> None:
    view, request = asks_again(lambda _: HttpResponse("done")), _request()
    request.method = method
    assert view(request).status_code == (200 if method == "GET" else 403)
    keep_identified(request, {}, at=timezone.now())
    assert view(request).status_code == 200


@pytest.mark.parametrize("again", ["1", ""])
def test_the_identity_service_is_told_to_ask_who_it_is(again: str) -> None:
    browser = Client(HTTP_HOST="127.0.0.1")
    gone = browser.post("/sign-in/suomifi/", {"again": again, "next": "/en/permissions/"})
    signed = parse_qs(urlsplit(gone["Location"]).query)["request"][0]
    payload = signed.split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    assert claims.get("prompt") == ("login" if again else None)


@pytest.mark.parametrize("same", [True, False])
def test_who_signs_in_once_more_goes_on_acting_and_nobody_else_does(same: bool) -> None:
    user, who, now = User(pk=1), uuid4(), timezone.now()
    request = _request()
    request.user = user
    begin_acting(request, who, "Eino", at=now)
    keep_over_sign_in(request)
    logout(request)
    assert acting_for(request) is None
    go_on_acting(request, 1 if same else 2, at=now)
    assert (acting_for(request), acting_name(request)) == ((who, "Eino") if same else (None, ""))
    # Registers are asked at once.
    assert not is_checked(request, at=now)
