"""The API described, for machines and for people: what it says is what the API does."""

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from drf_spectacular.validation import validate_schema
from jsonschema import Draft202012Validator

from demo.client import Department
from demo.people import everyone
from portal.rest.models import SCOPES
from portal.rest.problem_kinds import kinds
from tests.portal_server import Running

CODES = {person.slug: person.identity_code for person in everyone()}
Made = Callable[..., Department]


@pytest.fixture(scope="module")
def described(portal: Running) -> dict[str, Any]:
    answer: dict[str, Any] = httpx2.get(f"{portal.base}/api/v1/openapi.json").json()
    return answer


def _schema(described: dict[str, Any], part: dict[str, Any], kind: str = "application/json") -> Draft202012Validator:
    schema = part["content"][kind]["schema"]
    return Draft202012Validator({**schema, "components": described["components"]})


def test_it_is_openapi_and_says_how_to_come_in(described: dict[str, Any], portal: Running) -> None:
    validate_schema(described)  # type: ignore[no-untyped-call]
    flow = described["components"]["securitySchemes"]["client"]["flows"]["clientCredentials"]
    assert (flow["tokenUrl"], set(flow["scopes"])) == (f"{portal.base}/oauth/token/", set(SCOPES))
    assert described["paths"]["/api/v1/checks/"]["post"]["security"] == [{"client": ["consents:check"]}]


def test_what_the_api_answers_is_what_is_described(described: dict[str, Any], department: Made) -> None:
    call = described["paths"]["/api/v1/checks/"]["post"]
    sports = department("sports")
    headers = {"Authorization": f"Bearer {sports.token()}"}
    asked = {
        "purpose": "swimming-reminders",
        "datasets": ["sports-courses"],
        "subjects": [{"identity_code": CODES["veikko"]}],
    }
    good = httpx2.post(f"{sports.base}/api/v1/checks/", json=asked, headers=headers)
    bad = httpx2.post(f"{sports.base}/api/v1/checks/", json=asked | {"surprise": 1}, headers=headers)
    assert (good.status_code, bad.status_code) == (200, 400)
    _schema(described, call["requestBody"]).validate(asked)
    _schema(described, call["responses"]["200"]).validate(good.json())
    _schema(described, call["responses"]["400"], "application/problem+json").validate(bad.json())


def test_every_example_is_answered_as_described(described: dict[str, Any], department: Made) -> None:
    sports = department("sports", "--scopes", *SCOPES)
    tried = {}
    for path, methods in described["paths"].items():
        for method, call in methods.items():
            headers = {"Authorization": f"Bearer {sports.token()}"}
            headers |= {each["name"]: str(uuid4()) for each in call["parameters"] if each["in"] == "header"}
            address = re.sub(r"{\w+}", str(uuid4()), path)
            body = call.get("requestBody", {}).get("content", {}).get("application/json", {}).get("example")
            answer = httpx2.request(method, f"{sports.base}{address}", json=body, headers=headers)
            response = call["responses"][str(answer.status_code)]
            kind = answer.headers.get("Content-Type", "")
            if response.get("content"):
                _schema(described, response, kind).validate(answer.json())
                _schema(described, response, kind).validate(response["content"][kind]["example"])
            tried[f"{method} {path}"] = answer.status_code
    assert {call for call, status in tried.items() if status >= 500} == set()
    assert {tried[f"get /api/v1/{name}/"] for name in ("purposes", "datasets")} == {200}
    assert tried["post /api/v1/checks/"] == 200


def test_what_the_description_refuses_the_api_refuses(described: dict[str, Any], department: Made) -> None:
    """An empty list, an unknown name, too many datasets: the description knows the limits."""
    request = _schema(described, described["paths"]["/api/v1/checks/"]["post"]["requestBody"])
    sports = department("sports")
    headers = {"Authorization": f"Bearer {sports.token()}"}
    subject = {"identity_code": CODES["veikko"]}
    for wrong in (
        {"purpose": "x", "datasets": [], "subjects": [subject]},
        {"purpose": "x", "datasets": ["a"], "subjects": [subject], "surprise": 1},
        {"purpose": "x", "datasets": ["a"] * 51, "subjects": [subject]},
        {"purpose": "ÄÖ", "datasets": ["a"], "subjects": [subject]},
    ):
        assert not request.is_valid(wrong), wrong
        assert httpx2.post(f"{sports.base}/api/v1/checks/", json=wrong, headers=headers).status_code == 400


def test_the_page_for_people_tells_every_call_value_and_reason(portal: Running) -> None:
    page = httpx2.get(f"{portal.base}/api/v1/docs/", headers={"Accept-Language": "fi"})
    for told in ("POST /api/v1/checks/", "answers[].datasets[].fields", "allowed_by_consent", "no_consent", *SCOPES):
        assert told in page.text, told
    assert (page.status_code, '<html lang="en">' in page.text, "script" in page.text) == (200, True, False)


@pytest.mark.parametrize("slug", kinds())
def test_a_problem_is_explained_in_each_language(slug: str, portal: Running) -> None:
    page = httpx2.get(f"{portal.base}/api/problems/{slug}/").text
    sections = [page.split(f'<section lang="{code}">')[1].split("</section>")[0] for code in ("fi", "sv", "en")]
    assert len(set(sections)) == 3
    assert kinds()[slug].title in sections[2]


def test_an_unknown_problem_is_not_explained(portal: Running) -> None:
    assert httpx2.get(f"{portal.base}/api/problems/no-such/").status_code == 404
