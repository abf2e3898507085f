"""There and back: a link holds once, for one question, for a quarter of an hour; back is where two people looked."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from django.test import Client as Browser
from django.utils import timezone
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from consents.actions.answering import refuse
from consents.actions.traces import Shown
from consents.errands.keeping import end_address
from consents.models import Errand
from consents.queries.reading import consents_of
from portal.keys.signing import public_keys
from portal.ledger.actor import resident
from portal.ledger.queries import entries_about
from portal.privacy.retention import retain
from portal.rest.models import Client
from portal.walls import Role, scope
from tests.consents.leading import BACK, ONE, PURPOSE, Service, pseudonym, result_in
from tests.residents import CODES, Resident, enter

Enter = Callable[[str], Resident]


@pytest.fixture
def service(loaded_city: None, db: None) -> Service:
    return Service()


def arrives(browser: Browser, link: str, *, language: str = "en") -> str:
    """Where the link leads: an address of ours."""
    answer = browser.get("/errand/", {"link": link}, headers={"Accept-Language": language})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer.headers["Location"])


def question_of(one: Resident) -> str:
    with scope(Role.RESIDENT, persons=[one.person]):
        row = consents_of(one.person).get(purpose__slug=PURPOSE)
        return f"{row.pk}"


def text_of(one: Resident) -> str:
    with scope(Role.RESIDENT, persons=[one.person]):
        return str(consents_of(one.person).get(purpose__slug=PURPOSE).text_id)


def answers(one: Resident, said: str) -> None:
    path = f"/en/requests/{question_of(one)}/"
    assert one.browser.post(path, {"text": text_of(one), "answer": said}).status_code == 302


def goes_back(one: Resident, errand: str) -> str:
    answer = one.browser.get(f"{errand}back/")
    assert answer.status_code == 302
    return str(answer.headers["Location"])


def kinds_about(one: Resident) -> list[str]:
    with scope(Role.RESIDENT, persons=[one.person]):
        told = [each.kind for each in entries_about(one.person).order_by("id")]
    return [kind for kind in told if "errand" in kind]


@pytest.mark.parametrize(("said", "result"), [("yes", "answered"), ("no", "answered"), ("", "later")])
def test_somebody_comes_answers_and_is_led_back(service: Service, said: str, result: str) -> None:
    raili = enter("raili")
    errand = arrives(raili.browser, service.link())
    led = raili.browser.get(errand)
    assert led.headers["Location"] == f"/en/requests/{question_of(raili)}/"
    page = raili.browser.get(led.headers["Location"]).content.decode()
    assert ("Course desk" in page, f'href="{errand}back/"' in page) == (True, True)
    if said:
        answers(raili, said)
        saved = raili.browser.get(f"/en/permissions/{question_of(raili)}/saved/").content.decode()
        assert f'href="{errand}back/"' in saved
    location = goes_back(raili, errand)
    assert location.split("?")[0] == f"{BACK}autumn"
    assert parse_qs(urlsplit(location).query)["state"] == ["visitor-7f3a"]
    told = result_in(location)
    assert {name: told[name] for name in ("aud", "purpose", "state", "result")} == {
        "aud": str(service.client.pk),
        "purpose": PURPOSE,
        "state": "visitor-7f3a",
        "result": result,
    }
    assert told["exp"] - told["iat"] == 300
    assert kinds_about(raili) == ["consents.errand_begun", "consents.errand_told"]


def test_the_result_is_signed_by_a_key_that_the_portal_publishes(service: Service) -> None:
    raili = enter("raili")
    errand = arrives(raili.browser, service.link())
    raili.browser.get(errand)
    result = parse_qs(urlsplit(goes_back(raili, errand)).query)["result"][0]
    read = jwt.decode(result, KeySet.import_key_set({"keys": public_keys("tokens")}), algorithms=["ES256"])
    assert read.header["typ"] == "errand-result+jwt"


def test_back_again_tells_no_more_and_leaves_no_second_entry(service: Service) -> None:
    raili = enter("raili")
    errand = arrives(raili.browser, service.link())
    raili.browser.get(errand)
    told = [result_in(goes_back(raili, errand))["result"] for _ in range(2)]
    answers(raili, "yes")
    told += [result_in(goes_back(raili, errand))["result"] for _ in range(2)]
    assert told == ["later", "later", "answered", "answered"]
    assert kinds_about(raili) == ["consents.errand_begun", "consents.errand_told", "consents.errand_told"]


def test_a_stranger_signs_in_on_the_way(service: Service) -> None:
    browser = Browser(HTTP_HOST="127.0.0.1")
    errand = arrives(browser, service.link(), language="sv")
    asked = browser.get(errand)
    assert (errand.split("/")[1], asked.status_code) == ("sv", 302)
    assert asked.headers["Location"] == f"/sv/?next={errand.replace('/', '%2F')}"


def test_a_form_of_another_site_may_post_the_link(service: Service) -> None:
    browser = Browser(HTTP_HOST="127.0.0.1", enforce_csrf_checks=True)
    assert browser.post("/errand/", {"link": service.link()}).status_code == 302


@pytest.mark.security("V3.7.2")
@pytest.mark.parametrize(
    "other",
    [
        {"return_to": "https://elsewhere.example/"},
        {"return_to": "https://sports.example/coursesX/"},
        {"return_to": "https://sports.example/courses/../admin/"},
        {"return_to": "https://sports.example/courses/%2e%2e/admin/"},
        {"return_to": "https://sports.example/courses//elsewhere.example/"},
        {"return_to": "https://sports.example@elsewhere.example/courses/"},
        {"return_to": "https://sports.example:8443/courses/"},
        {"return_to": "https://SPORTS.example/courses/"},
        {"return_to": "http://sports.example/courses/"},
        {"return_to": "https://sports.example/courses/?next=https://elsewhere.example/"},
        {"return_to": "https://sports.example/courses/#x"},
        {"return_to": "https://sports.example\\courses/"},
        {"return_to": "//sports.example/courses/"},
        {"return_to": "javascript:alert(1)"},
        {"return_to": ""},
    ],
    ids=lambda other: str(other["return_to"]),
)
def test_nobody_is_led_to_an_address_that_was_not_confirmed(service: Service, other: dict[str, Any]) -> None:
    answer = enter("raili").browser.get("/errand/", {"link": service.link(**other)}, headers={"Accept-Language": "en"})
    assert (answer.status_code, "has not confirmed" in answer.content.decode()) == (400, True)
    assert "elsewhere" not in answer.content.decode()


STRANGER = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, auto_kid=True)


@pytest.mark.parametrize(
    ("other", "sentence"),
    [
        ({"key": STRANGER}, "not whole"),
        ({"header": {"typ": "JWT"}}, "not whole"),
        ({"aud": "https://elsewhere.example/errand/"}, "not whole"),
        ({"iss": "7c0a8f0e-40a1-4b8a-9c59-1c8a3f0d2b11"}, "not whole"),
        ({"iss": "sports"}, "not whole"),
        ({"ends": 3600}, "not whole"),
        ({"began": 300}, "not whole"),
        ({"began": -900, "ends": -120}, "its time has passed"),
        ({"purpose": "reading-tips"}, "may not ask"),
        ({"purpose": "no-such-purpose"}, "may not ask"),
        ({"purpose": None}, "not whole"),
        ({"jti": None}, "not whole"),
        ({"state": None}, "not whole"),
        ({"state": "a state with spaces"}, "not whole"),
        ({"state": f"visitor-{CODES['raili']}"}, "not whole"),
        ({"subject": "no-pseudonym"}, "not whole"),
        ({"extra": "a typo"}, "not whole"),
    ],
    ids=lambda told: " ".join(told) if isinstance(told, dict) else told,
)
def test_a_link_that_does_not_hold_is_told_why(service: Service, other: dict[str, object], sentence: str) -> None:
    raili = enter("raili")
    answer = raili.browser.get("/errand/", {"link": service.link(**other)}, headers={"Accept-Language": "en"})  # type: ignore[arg-type]
    assert (answer.status_code, sentence in answer.content.decode()) == (400, True)


@pytest.mark.parametrize("link", ["", "x", "a.b.c", "ö", "x" * 5000, "e30.e30.e30", "eyJhbGciOiJub25lIn0.e30."])
@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_what_is_no_link_is_refused_in_each_language(service: Service, link: str, language: str) -> None:
    browser = Browser(HTTP_HOST="127.0.0.1")
    answer = browser.get("/errand/", {"link": link}, headers={"Accept-Language": language})
    assert (answer.status_code, f'lang="{language}"' in answer.content.decode()) == (400, True)


@pytest.mark.parametrize("facts", [{"switched_on": False}, {"scopes": []}, {"purposes": ["others"]}])
def test_a_system_that_may_not_ask_leads_nobody_here(loaded_city: None, db: None, facts: dict[str, Any]) -> None:
    service = Service(**facts)
    assert enter("raili").browser.get("/errand/", {"link": service.link()}).status_code == 400


def test_a_link_works_once(service: Service) -> None:
    raili, link = enter("raili"), service.link()
    arrives(raili.browser, link)
    again = raili.browser.get("/errand/", {"link": link}, headers={"Accept-Language": "en"})
    assert (again.status_code, "used already" in again.content.decode()) == (400, True)


def test_an_address_that_waits_for_a_second_person_leads_nowhere(loaded_city: None, db: None) -> None:
    service = Service(confirmed=False)
    assert enter("raili").browser.get("/errand/", {"link": service.link()}).status_code == 400


def test_an_address_that_was_ended_meanwhile_is_not_gone_back_to(service: Service) -> None:
    raili = enter("raili")
    errand = arrives(raili.browser, service.link())
    raili.browser.get(errand)
    with scope(Role.STAFF, departments=["sports"]):
        end_address(service.address, by=ONE, at=timezone.now())
    assert raili.browser.get(f"{errand}back/").status_code == 410


def test_who_is_not_meant_is_told_so_and_the_service_nothing(service: Service) -> None:
    otso = enter("otso")
    errand = arrives(otso.browser, service.link(subject=pseudonym("raili")))
    page = otso.browser.get(errand)
    assert (page.status_code, "somebody else than you" in page.content.decode()) == (200, True)
    answers(otso, "yes")
    told = result_in(goes_back(otso, errand))
    assert (told["result"], kinds_about(otso)) == ("later", [])
    raili = enter("raili")
    assert raili.browser.get(errand).headers["Location"] == f"/en/requests/{question_of(raili)}/"


@pytest.mark.security("V8.2.2")
@pytest.mark.parametrize("path", ["", "back/"])
def test_an_errand_that_somebody_took_on_is_nobody_elses(service: Service, path: str) -> None:
    raili, otso = enter("raili"), enter("otso")
    errand = arrives(raili.browser, service.link())
    raili.browser.get(errand)
    theirs, absent = otso.browser.get(f"{errand}{path}"), otso.browser.get(f"/en/errand/{uuid4()}/{path}")
    assert (theirs.status_code, absent.status_code) == (404, 404)


@pytest.mark.parametrize(
    ("said", "words", "result"), [("yes", "on already", "answered"), ("no", "answered no", "later")]
)
def test_who_has_answered_before_is_asked_nothing(service: Service, said: str, words: str, result: str) -> None:
    raili = enter("raili")
    with scope(Role.RESIDENT, persons=[raili.person]):
        row = consents_of(raili.person).get(purpose__slug=PURPOSE)
    answers(raili, said)
    errand = arrives(raili.browser, service.link())
    page = raili.browser.get(errand)
    assert (page.status_code, words in page.content.decode()) == (200, True)
    assert (result_in(goes_back(raili, errand))["result"], row.purpose.slug) == (result, PURPOSE)


def test_an_old_no_is_answered_anew_where_one_wants_to(service: Service) -> None:
    raili = enter("raili")
    with scope(Role.RESIDENT, persons=[raili.person]):
        row = consents_of(raili.person).get(purpose__slug=PURPOSE)
        refuse(row.pk, shown=Shown(row.text_id, "en"), by=resident(raili.person), at=timezone.now())
    errand = arrives(raili.browser, service.link())
    raili.browser.get(errand)
    answers(raili, "yes")
    assert result_in(goes_back(raili, errand))["result"] == "answered"


def test_errands_are_gone_the_night_after(service: Service) -> None:
    raili = enter("raili")
    raili.browser.get(arrives(raili.browser, service.link()))
    with scope(Role.WORKER):
        before = Errand.objects.count()
    retain(by=ONE, at=timezone.now() + timedelta(hours=2))
    with scope(Role.WORKER):
        assert (before, Errand.objects.count()) == (1, 0)


def test_a_refused_link_counts_as_a_look_at_a_systems_keys(loaded_city: None, db: None) -> None:
    """Whoever makes up the name of a key does not have the portal ask for keys each time."""
    service = Service(jwks_url="http://127.0.0.1:9/keys")
    assert Browser(HTTP_HOST="127.0.0.1").get("/errand/", {"link": service.link(key=STRANGER)}).status_code == 400
    assert Client.objects.get(pk=service.client.pk).jwks_asked_at is not None
