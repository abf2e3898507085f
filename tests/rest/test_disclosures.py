"""Give me, I looked, tell me: over real HTTP, as a department's program would ask."""

import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from demo.browser import Browser
from demo.client import Department
from demo.people import everyone
from tests.portal_server import Running
from tests.rest.test_checks import signed_in
from tests.servers import server

CODES = {person.slug: person.identity_code for person in everyone()}
PURPOSE, DATASET = "swimming-reminders", "sports-courses"
SCOPES = ("--scopes", "consents:check", "consents:request", "data:read", "uses:write")
Made = Callable[..., Department]


def call(department: Department, path: str, body: Any, *, key: str | None = None) -> httpx2.Response:
    headers = {"Authorization": f"Bearer {department.token()}", "Idempotency-Key": key or str(uuid4())}
    return httpx2.post(f"{department.base}/api/v1/{path}", json=body, headers=headers)


def wanted(code: str, **changes: Any) -> dict[str, Any]:
    told = {"purpose": PURPOSE, "subject": {"identity_code": code}, "datasets": [DATASET], "case": "ESBO/1/2026"}
    return {**told, **changes}


def answer(browser: Browser, base: str, **fields: str) -> None:
    question = browser.open(browser.open(f"{base}/en/permissions/").link("A reminder before a course"))
    browser.send(question, question.form(with_choice="answer"), answer="yes", **fields)


def log_of(browser: Browser, base: str) -> str:
    return browser.open(f"{base}/en/usage/").text


def test_what_is_allowed_is_handed_over_and_the_resident_sees_it(portal: Running, department: Made) -> None:
    browser, sports = signed_in(portal, "p0017"), department("sports", *SCOPES)
    answer(browser, portal.base)
    given = call(sports, "disclosures/", wanted(CODES["p0017"])).json()
    (part,) = given["datasets"]
    assert (part["allowed"], part["reason"]) == (True, "allowed_by_consent")
    assert set(part["fields"]) == {"course", "starts_on"}
    assert part["withheld"] == ["place"]
    assert {frozenset(record) for record in part["records"]} <= {frozenset(part["fields"])}
    assert "Your data was handed over to a department system." in log_of(browser, portal.base)


@pytest.mark.security("V6.3.8")
def test_strangers_the_never_asked_and_those_who_said_no_look_alike(portal: Running, department: Made) -> None:
    sports, browser = department("sports", *SCOPES), signed_in(portal, "p0033")
    signed_in(portal, "otso")
    question = browser.open(browser.open(f"{portal.base}/en/permissions/").link("A reminder before a course"))
    browser.send(question, question.form(with_choice="answer"), answer="no")
    told = [call(sports, "disclosures/", wanted(CODES[slug])).json() for slug in ("otso", "lempi", "p0033")]
    assert len({json.dumps({**each, "subject": "", "entry": ""}, sort_keys=True) for each in told}) == 1
    assert told[0]["datasets"][0] == {
        "dataset": DATASET,
        "allowed": False,
        "reason": "no_consent",
        "as_of": None,
        "fields": {},
        "withheld": [],
        "records": [],
    }


def test_a_call_sent_twice_is_done_once(portal: Running, department: Made) -> None:
    browser, sports, key = signed_in(portal, "amira"), department("sports", *SCOPES), str(uuid4())
    one, two = (call(sports, "disclosures/", wanted(CODES["amira"]), key=key) for _ in range(2))
    other = call(sports, "disclosures/", wanted(CODES["amira"], case="ESBO/2/2026"), key=key)
    assert (one.json(), other.status_code) == (two.json(), 422)
    assert log_of(browser, portal.base).count("Nothing was handed over.") == 1


@pytest.mark.parametrize(
    ("wrong", "status", "pointer"),
    [
        ({"purpose": "reading-tips"}, 404, None),
        ({"surprise": 1}, 400, "/surprise"),
        ({"datasets": []}, 400, "/datasets"),
        ({"subject": {}}, 400, "/subject"),
        ({"case": "see\u0000here"}, 400, "/case"),
        ({"case": "x" * 61}, 400, "/case"),
    ],
)
def test_what_cannot_be_asked_is_refused(
    wrong: dict[str, Any], status: int, pointer: str | None, department: Made
) -> None:
    told = call(department("sports", *SCOPES), "disclosures/", wanted(CODES["veikko"], **wrong))
    assert told.status_code == status
    assert [flaw["pointer"] for flaw in told.json().get("errors", [])] == ([pointer] if pointer is not None else [])


def look(code: str, **changes: Any) -> dict[str, Any]:
    told = {
        "subject": {"identity_code": code},
        "at": "2026-11-24T10:00:00Z",
        "unit": "Uimahalli",
        "role": "ohjaaja",
        "purpose": PURPOSE,
        "datasets": [DATASET],
    }
    return {**told, **changes}


def test_a_look_that_is_reported_stands_in_the_residents_log(portal: Running, department: Made) -> None:
    browser = signed_in(portal, "veikko")
    told = call(department("sports", *SCOPES), "uses/", {"uses": [look(CODES["veikko"]), look(CODES["lempi"])]})
    assert (told.status_code, told.json()) == (201, {"received": 2})
    assert log_of(browser, portal.base).count("A department used your data in its own system.") == 1
    # The register has told: whatever it told of, its silence is over.
    told_of = "SELECT r.slug FROM consents_reportheard h JOIN datasources_register r ON r.id = h.register_id"
    with server().connect(portal.database) as rows:
        heard = {slug for (slug,) in rows.execute(told_of)}
    # Others on this portal may have told of theirs.
    assert ("sports-customers" in heard, "library-customers" in heard) == (True, False)


def test_that_nobody_looked_is_told_too(portal: Running, department: Made) -> None:
    sports = department("sports", *SCOPES)
    last_told = """SELECT max(h.last_at) > now() - interval '1 minute' FROM consents_reportheard h
                   JOIN datasources_register r ON r.id = h.register_id WHERE r.slug = 'sports-customers'"""
    with server().connect(portal.database) as rows:
        rows.execute("UPDATE consents_reportheard SET last_at = now() - interval '9 days'")
        told = call(sports, "uses/", {"nothing_in": ["sports-customers"]})
        assert (told.status_code, told.json()) == (201, {"received": 0})
        assert rows.execute(last_told).fetchall() == [(True,)]


@pytest.mark.parametrize(
    ("told", "pointer"),
    [
        ({}, "/uses"),
        ({"nothing_in": ["library-customers"]}, "/nothing_in/0"),
        ({"nothing_in": ["sports-customers", "no-such"]}, "/nothing_in/1"),
        ({"nothing_in": ["sports-customers"] * 51}, "/nothing_in"),
    ],
)
def test_of_a_register_that_is_not_theirs_nothing_is_heard(
    told: dict[str, Any], pointer: str, department: Made
) -> None:
    answer = call(department("sports", *SCOPES), "uses/", told)
    assert (answer.status_code, [flaw["pointer"] for flaw in answer.json()["errors"]]) == (400, [pointer])


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"at": "2026-11-24T10:00:00"}, "/uses/1/at"),
        ({"at": "2031-01-01T10:00:00Z"}, "/uses/1/at"),
        ({"purpose": "reading-tips"}, "/uses/1/purpose"),
        ({"datasets": ["library-loans"]}, "/uses/1/datasets"),
        ({"unit": ""}, "/uses/1/unit"),
        ({"unit": "a\u202eb"}, "/uses/1/unit"),
    ],
)
def test_of_looks_one_wrong_means_none_taken(
    wrong: dict[str, Any], pointer: str, portal: Running, department: Made
) -> None:
    browser = signed_in(portal, "lempi")
    before = log_of(browser, portal.base).count("A department used your data")
    told = call(department("sports", *SCOPES), "uses/", {"uses": [look(CODES["lempi"]), look(CODES["lempi"], **wrong)]})
    assert (told.status_code, [flaw["pointer"] for flaw in told.json()["errors"]]) == (400, [pointer])
    assert log_of(browser, portal.base).count("A department used your data") == before


def test_a_system_that_may_name_one_purpose_tells_of_no_other(department: Made) -> None:
    bounded = department("sports", *SCOPES, "--purposes", "no-such-purpose")
    told = call(bounded, "uses/", {"uses": [look(CODES["lempi"])]})
    assert (told.status_code, [flaw["pointer"] for flaw in told.json()["errors"]]) == (400, ["/uses/0/purpose"])


@pytest.mark.parametrize("path", ["disclosures/", "uses/", "consent-requests/"])
def test_without_a_key_nothing_is_done(path: str, department: Made) -> None:
    sports = department("sports", *SCOPES)
    headers = {"Authorization": f"Bearer {sports.token()}"}
    assert httpx2.post(f"{sports.base}/api/v1/{path}", json={}, headers=headers).status_code == 400
