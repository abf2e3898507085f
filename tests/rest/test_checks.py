"""May I? Over real HTTP, as a department's program would ask."""

import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from demo.browser import Browser
from demo.client import Department
from demo.people import everyone
from tests.portal_server import Running

CODES = {person.slug: person.identity_code for person in everyone()}
PURPOSE, DATASETS = "swimming-reminders", ["sports-courses"]
Made = Callable[[str], Department]


def ask(department: Department, body: Any, *, token: str | None = None) -> httpx2.Response:
    headers = {"Authorization": f"Bearer {token or department.token()}"}
    return httpx2.post(f"{department.base}/api/v1/checks/", json=body, headers=headers)


def body(**changes: Any) -> dict[str, Any]:
    return {"purpose": PURPOSE, "datasets": DATASETS, "subjects": [{"identity_code": CODES["veikko"]}], **changes}


def signed_in(portal: Running, slug: str) -> Browser:
    browser = Browser("en")
    start = browser.open(f"{portal.base}/en/")
    pick = browser.send(start, start.form(posting_to="suomifi/"))
    browser.send(pick, pick.form(with_choice="person"), person=slug)
    return browser


def assertion_for(portal: Running, department: Department, **changes: Any) -> dict[str, str]:
    kept = json.loads(department.key_file.read_text())
    now = int(time.time())
    claims = {
        "iss": kept["client_id"],
        "sub": kept["client_id"],
        "aud": f"{portal.base}/oauth/token/",
        "iat": now,
        "exp": now + 60,
        "jti": str(uuid4()),
        **changes,
    }
    return {
        "grant_type": "client_credentials",
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": jwt.encode({"alg": "ES256"}, claims, ECKey.import_key(kept["key"])),
    }


def test_a_yes_is_a_yes_until_it_is_taken_back(portal: Running, department: Made) -> None:
    browser, sports = signed_in(portal, "raili"), department("sports")
    allowed = []
    question = browser.open(browser.open(f"{portal.base}/en/permissions/").link("A reminder before a course"))
    allowed.append(sports.check(PURPOSE, DATASETS, [CODES["raili"]])[0]["reason"])
    saved = browser.send(question, question.form(with_choice="answer"), answer="yes")
    allowed.append(sports.check(PURPOSE, DATASETS, [CODES["raili"]])[0]["reason"])
    stop = browser.open(saved.url.replace("/saved/", "/stop/"))
    browser.send(stop, stop.forms[-1])
    allowed.append(sports.check(PURPOSE, DATASETS, [CODES["raili"]])[0]["reason"])
    assert allowed == ["no_consent", "allowed_by_consent", "withdrawn"]


def test_an_answer_covers_only_what_was_chosen(portal: Running, department: Made) -> None:
    browser = signed_in(portal, "bjorn")
    question = browser.open(browser.open(f"{portal.base}/en/permissions/").link("A reminder before a course"))
    browser.send(question, question.form(with_choice="answer"), answer="yes", optional="sports-courses.place")
    answer = department("sports").check(PURPOSE, DATASETS, [CODES["bjorn"]])[0]
    assert answer["datasets"][0]["allowed"] is True


@pytest.mark.security("B13")
def test_a_stranger_and_one_who_was_never_asked_look_alike(portal: Running, department: Made) -> None:
    signed_in(portal, "otso")
    sports = department("sports")
    known = ask(sports, body(subjects=[{"identity_code": CODES["otso"]}])).json()["answers"][0]
    stranger = ask(sports, body(subjects=[{"identity_code": CODES["lempi"]}])).json()["answers"][0]
    assert {**known, "subject": ""} == {**stranger, "subject": ""}


def test_a_person_is_found_again_by_the_subject_that_was_given(portal: Running, department: Made) -> None:
    signed_in(portal, "amira")
    sports = department("sports")
    first = ask(sports, body(subjects=[{"identity_code": CODES["amira"]}])).json()["answers"][0]
    again = ask(sports, body(subjects=[{"subject": first["subject"]}])).json()["answers"][0]
    assert again == first


def test_two_departments_know_a_person_by_different_subjects(department: Made) -> None:
    one = department("sports").check(PURPOSE, DATASETS, [CODES["veikko"]])[0]["subject"]
    other = department("library").check("reading-tips", ["library-loans"], [CODES["veikko"]])[0]["subject"]
    assert one != other


@pytest.mark.parametrize("purpose", ["reading-tips", "no-such-purpose"])
def test_anothers_purpose_and_a_missing_one_are_not_found_alike(purpose: str, department: Made) -> None:
    answer = ask(department("sports"), body(purpose=purpose))
    assert (answer.status_code, answer.json()["title"]) == (404, "There is nothing here for this client.")


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"surprise": 1}, "/surprise"),
        ({"datasets": []}, "/datasets"),
        ({"datasets": ["ÄÖ"]}, "/datasets/0"),
        ({"subjects": [{"identity_code": "010190-0000"}]}, "/subjects/0/identity_code"),
        ({"subjects": [{}]}, "/subjects/0"),
        ({"subjects": [{"subject": "x"}]}, "/subjects/0/subject"),
    ],
)
def test_a_bad_body_is_told_where_and_never_what(wrong: dict[str, Any], pointer: str, department: Made) -> None:
    answer = ask(department("sports"), body(**wrong))
    assert (answer.status_code, answer.headers["Content-Type"]) == (400, "application/problem+json")
    assert answer.json()["errors"][0]["pointer"] == pointer
    assert "010190" not in answer.text


@pytest.mark.parametrize("raw", [b'{"purpose":"\xff"}', b"{", b"[" * 100_000, b"0" * 5000])
def test_bytes_that_are_no_body_are_a_bad_request(raw: bytes, department: Made) -> None:
    sports = department("sports")
    headers = {"Authorization": f"Bearer {sports.token()}", "Content-Type": "application/json"}
    answer = httpx2.post(f"{sports.base}/api/v1/checks/", content=raw, headers=headers)
    assert (answer.status_code, answer.headers["Content-Type"]) == (400, "application/problem+json")


@pytest.mark.parametrize("token", ["nonsense", "a.b.c", "eyJhbGciOiJub25lIn0.e30."])
def test_a_token_that_is_not_ours_is_refused_without_detail(token: str, department: Made) -> None:
    answer = ask(department("sports"), body(), token=token)
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")


def test_an_assertion_is_used_once(portal: Running, department: Made) -> None:
    form = assertion_for(portal, department("sports"))
    codes = [httpx2.post(f"{portal.base}/oauth/token/", data=form).status_code for _ in range(2)]
    assert codes[0] == 200
    assert codes[1] in {400, 401}


def test_of_many_who_bring_one_assertion_at_once_one_is_let_in(portal: Running, department: Made) -> None:
    form = assertion_for(portal, department("sports"))
    with ThreadPoolExecutor(8) as pool:
        codes = list(pool.map(lambda _: httpx2.post(f"{portal.base}/oauth/token/", data=form).status_code, range(8)))
    assert sorted(codes) == [200, *[401] * 7]


@pytest.mark.parametrize(
    "changes", [{"aud": "https://elsewhere.example/"}, {"exp": 1}, {"exp": int(time.time()) + 86400}, {"sub": "nobody"}]
)
def test_an_assertion_for_another_place_or_time_is_refused(
    changes: dict[str, Any], portal: Running, department: Made
) -> None:
    answer = httpx2.post(f"{portal.base}/oauth/token/", data=assertion_for(portal, department("sports"), **changes))
    assert answer.status_code in {400, 401}


def test_a_check_leaves_one_entry_that_names_nobody(portal: Running, department: Made) -> None:
    department("sports").check(PURPOSE, DATASETS, [CODES["veikko"], CODES["lempi"]])
    assert CODES["veikko"] not in portal.log.read_text()
