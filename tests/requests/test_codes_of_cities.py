"""Whoever comes with a code or a token and is refused; and what becomes of what nobody came for."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings
from django.db import connection
from django.utils import timezone
from joserfc.jwk import ECKey

from datasources.transfers.models import CityKeys, WithdrawnKey
from portal.requests.enums import Outcome
from portal.requests.leaving.fetching import end_unfetched
from portal.requests.models import Package
from portal.requests.tasks import settle_hand_over
from portal.walls import Role, scope
from tests.pages.conftest import city, resident_in
from tests.requests.another_city import HERE, City, agreed, is_made, newest_request, oulu, turku
from tests.residents import Resident
from tests.sheets import put_sheet

__all__ = ["city", "oulu", "resident_in", "turku"]
Enter = Callable[[str], Resident]
OTHER = ECKey.generate_key("P-256", {"kid": "unheard-of"})


@pytest.fixture
def raili(resident_in: Enter) -> Resident:
    """Signed in, with loans."""
    one = resident_in("raili")
    put_sheet(one.person, "library-loans", [{"title": "Kalevala"}])
    return one


@pytest.mark.security("V10.4.2")
# ---- the code -----------------------------------------------------------------------------------------------------
def test_a_code_used_twice_is_refused_and_ends_its_token(turku: City, raili: Resident) -> None:
    code = agreed(turku, raili)
    token = turku.token(code)
    is_made(raili)
    again = turku.trade(code)
    assert (again.status_code, again.json()) == (400, {"error": "invalid_grant"})
    assert turku.fetch(token).status_code == 401
    settle_hand_over(request_id=str(newest_request(raili).pk))
    assert newest_request(raili).outcome == Outcome.REFUSED
    with scope(Role.WORKER):
        assert Package.objects.count() == 0


def test_a_call_whose_answer_was_lost_is_answered_again_until_the_data_was_taken(turku: City, raili: Resident) -> None:
    call = turku.form(agreed(turku, raili))
    lost, again = (turku.programs.post("/transfers/token", call).json() for _ in range(2))
    assert (again["access_token"], 0 < again["expires_in"] <= lost["expires_in"]) == (lost["access_token"], True)
    is_made(raili)
    assert b"".join(turku.fetch(again["access_token"]).streaming_content)
    late = turku.programs.post("/transfers/token", call)
    assert (late.status_code, late.json()) == (401, {"error": "invalid_client"})


@pytest.mark.parametrize("bend", [{"code_verifier": "w" * 64}, {"redirect_uri": f"{HERE}/"}, {"code": "another"}])
def test_a_used_assertion_with_anything_else_is_not_the_same_call(
    bend: dict[str, str], turku: City, raili: Resident
) -> None:
    call = turku.form(agreed(turku, raili))
    token = turku.programs.post("/transfers/token", call).json()["access_token"]
    assert turku.programs.post("/transfers/token", call | bend).json() == {"error": "invalid_client"}
    # It is nobody's second use either.
    assert turku.fetch(token).status_code == 202


def test_a_city_whose_keys_are_being_asked_for_comes_again_with_the_same(turku: City, raili: Resident) -> None:
    call = turku.form(agreed(turku, raili))
    with scope(Role.WORKER):
        # Another process asks for them, and has not got its answer: as at the very first fetching.
        keys = CityKeys.objects.get(city="turku")
        CityKeys.objects.update(keys=[], asked_at=timezone.now(), fetched_at=None)
    answer = turku.programs.post("/transfers/token", call)
    assert (answer.status_code, answer.json()) == (503, {"error": "temporarily_unavailable"})
    assert int(answer["Retry-After"]) > 0
    with scope(Role.WORKER):
        keys.save()
    assert turku.programs.post("/transfers/token", call).status_code == 200


@pytest.mark.security("V10.4.3")
@pytest.mark.parametrize(("seconds", "status"), [(55, 200), (62, 400)])
def test_a_code_lives_for_a_minute(seconds: int, status: int, turku: City, raili: Resident) -> None:
    code = agreed(turku, raili)
    with time_machine.travel(timezone.now() + timedelta(seconds=seconds), tick=True):
        assert turku.trade(code).status_code == status


def test_another_citys_code_is_none_and_stays_whose_it_is(turku: City, oulu: City, raili: Resident) -> None:
    code = agreed(turku, raili)
    oulu.verifier = turku.verifier
    assert oulu.trade(code, redirect_uri=turku.redirect_uri).json() == {"error": "invalid_grant"}
    assert turku.token(code)


@pytest.mark.security("V10.4.6")
@pytest.mark.parametrize(
    "bend",
    [
        {"redirect_uri": "https://turku.example/elsewhere"},
        {"code_verifier": "w" * 64},
        {"code_verifier": "short"},
    ],
)
def test_a_code_that_is_shown_wrongly_is_spent(bend: dict[str, str], turku: City, raili: Resident) -> None:
    code = agreed(turku, raili)
    answers = [turku.trade(code, **bend), turku.trade(code)]
    assert [(answer.status_code, answer.json()) for answer in answers] == [(400, {"error": "invalid_grant"})] * 2


def test_a_code_that_was_never_given_is_refused_as_all_others(turku: City) -> None:
    assert turku.trade("never-given").json() == {"error": "invalid_grant"}


# ---- who comes with it --------------------------------------------------------------------------------------------
SIGNED_WRONGLY: dict[str, Callable[[City], str]] = {
    "by another key under the city's name": lambda city: city.assertion(key=ECKey.generate_key("P-256")),
    "by a key that nobody published": lambda city: city.assertion(key=OTHER, header={"kid": "unheard-of"}),
    "without a kid": lambda city: city.assertion(header={"kid": ""}),
    "for another address": lambda city: city.assertion(aud="https://turku.example/transfers/token"),
    "for two addresses": lambda city: city.assertion(aud=["https://oulu.example", "http://127.0.0.1:8000"]),
    "by another city": lambda city: city.assertion(iss="oulu", sub="oulu"),
    "about another city": lambda city: city.assertion(sub="oulu"),
    "too long ago": lambda city: city.assertion(exp=int(timezone.now().timestamp()) - 30),
    "for too long": lambda city: city.assertion(exp=int(timezone.now().timestamp()) + 600),
    "without an end": lambda city: city.assertion(exp=None),
    "with an end beyond all time": lambda city: city.assertion(exp=10**30),
    "without a jti": lambda city: city.assertion(jti=None),
    "with a jti without end": lambda city: city.assertion(jti="x" * 500),
    "no assertion": lambda _: "a.b.c",
    "no letters": lambda _: "é" * 20,
    "alg none": lambda city: f"eyJhbGciOiJub25lIiwia2lkIjoieCJ9.{city.assertion().split('.')[1]}.",
}


@pytest.mark.security("V10.4.10")
@pytest.mark.parametrize("wrong", SIGNED_WRONGLY.values(), ids=SIGNED_WRONGLY)
def test_whoever_is_not_that_city_is_told_nothing_more(
    wrong: Callable[[City], str], turku: City, raili: Resident
) -> None:
    code = agreed(turku, raili)
    answer = turku.trade(code, client_assertion=wrong(turku))
    assert (answer.status_code, answer.json()) == (401, {"error": "invalid_client"})
    # The code is spent by whom it was given to, and by nobody else.
    assert turku.token(code)


@pytest.mark.security("V10.5.1")
def test_an_assertion_is_used_once(turku: City, raili: Resident) -> None:
    assertion = turku.assertion()
    first = turku.trade("never-given", client_assertion=assertion)
    again = turku.trade(agreed(turku, raili), client_assertion=assertion)
    assert [answer.json()["error"] for answer in (first, again)] == ["invalid_grant", "invalid_client"]


def test_a_key_that_was_withdrawn_is_none(turku: City, raili: Resident) -> None:
    now = timezone.now()
    with scope(Role.STAFF, departments=["*"]):
        WithdrawnKey.objects.create(
            city="turku",
            kid=str(turku.key.kid),
            withdrawn_at=now,
            reason="stolen",
            written_at=now,
        )
    assert turku.trade(agreed(turku, raili)).json() == {"error": "invalid_client"}


BAD_FORMS: dict[str, tuple[dict[str, Any], str]] = {
    "another grant": ({"grant_type": "client_credentials"}, "unsupported_grant_type"),
    "no grant": ({"grant_type": None}, "unsupported_grant_type"),
    "no code": ({"code": None}, "invalid_request"),
    "no verifier": ({"code_verifier": None}, "invalid_request"),
    "no redirect": ({"redirect_uri": None}, "invalid_request"),
    "no client": ({"client_id": None}, "invalid_request"),
    "no assertion": ({"client_assertion": None}, "invalid_request"),
    "another kind of assertion": ({"client_assertion_type": "password"}, "invalid_request"),
    "two codes": ({"code": ["a", "b"]}, "invalid_request"),
}


@pytest.mark.parametrize(("bend", "error"), BAD_FORMS.values(), ids=BAD_FORMS)
def test_a_form_that_is_not_whole_is_told_so(bend: dict[str, Any], error: str, turku: City, raili: Resident) -> None:
    answer = turku.trade("a-code", **bend)
    assert (answer.status_code, answer.json(), answer["Cache-Control"]) == (400, {"error": error}, "no-store")


@pytest.mark.parametrize("path", ["token", "package"])
def test_programs_of_one_address_are_counted(path: str, turku: City, settings: LazySettings) -> None:
    settings.TOKENS_PER_MINUTE = 0
    answer = turku.trade("x") if path == "token" else turku.fetch("x")
    assert (answer.status_code, int(answer["Retry-After"]) > 0) == (429, True)


# ---- the token ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("shown", ["", "Bearer", "Bearer ", "Basic abc", "Bearer never-given", "bearer é"])
def test_a_token_that_leads_nowhere_says_nothing(shown: str, turku: City) -> None:
    answer = turku.programs.get("/transfers/package", headers={"Authorization": shown})
    assert (answer.status_code, answer.json()) == (401, {"error": "invalid_token"})
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_a_token_lives_for_a_quarter_of_an_hour(turku: City, raili: Resident) -> None:
    token = turku.token(agreed(turku, raili))
    is_made(raili)
    with time_machine.travel(timezone.now() + timedelta(seconds=901), tick=True):
        assert turku.fetch(token).status_code == 401


@pytest.mark.parametrize("with_token", [True, False])
def test_what_nobody_came_for_in_time_is_removed_and_told(with_token: bool, turku: City, raili: Resident) -> None:
    code = agreed(turku, raili)
    if with_token:
        turku.token(code)
    is_made(raili)
    now = timezone.now()
    # A code ends after a minute, a token of it after a quarter of an hour.
    assert end_unfetched(at=now + timedelta(seconds=70)) == (0 if with_token else 1)
    end_unfetched(at=now + timedelta(seconds=980))
    assert end_unfetched(at=now + timedelta(seconds=980)) == 0
    with scope(Role.WORKER):
        assert (Package.objects.count(), newest_request(raili).outcome) == (0, Outcome.REFUSED)
    page = raili.browser.get(f"/en/rights/{newest_request(raili).pk}/").content.decode()
    assert ("Turku did not fetch it" in page, "If you disagree" in page) == (True, False)


def test_neither_code_nor_token_stands_anywhere(turku: City, raili: Resident) -> None:
    code = agreed(turku, raili)
    token = turku.token(code)
    with scope(Role.WORKER), connection.cursor() as cursor:
        for table in ("requests_handover", "requests_request", "ledger_pending", "jobs_job"):
            cursor.execute(f"SELECT string_agg(t::text, ' ') FROM {table} t")
            dumped = str(cursor.fetchone())
            for shown in (code, token):
                assert (shown in dumped, shown.encode().hex() in dumped) == (False, False), table
