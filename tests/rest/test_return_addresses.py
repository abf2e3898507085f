"""Return addresses and given data by the API, over real HTTP, as a department's program would ask."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from demo.client import Department
from demo.people import everyone
from tests.portal_server import Running
from tests.rest.test_disclosures import call

CODES = {person.slug: person.identity_code for person in everyone()}
Made = Callable[..., Department]
SCOPES = ("--scopes", "consents:check", "consents:request", "data:read")
ADDRESS = "https://sports.example/courses/"


def asked(department: Department, method: str, path: str) -> httpx2.Response:
    headers = {"Authorization": f"Bearer {department.token()}"}
    return httpx2.request(method, f"{department.base}/api/v1/{path}", headers=headers)


def test_a_system_proposes_sees_and_ends_its_own_addresses(portal: Running, department: Made) -> None:
    sports, library = department("sports", *SCOPES), department("library", *SCOPES)
    made = call(sports, "return-addresses/", {"address": ADDRESS})
    again = call(sports, "return-addresses/", {"address": ADDRESS})
    told: dict[str, Any] = made.json()
    assert (made.status_code, again.json()["id"], told["confirmed"]) == (201, told["id"], False)
    assert asked(sports, "GET", "return-addresses/").json()["addresses"] == [told]
    assert asked(library, "GET", "return-addresses/").json()["addresses"] == []
    path = f"return-addresses/{told['id']}/"
    assert (asked(library, "DELETE", path).status_code, asked(sports, "DELETE", path).status_code) == (404, 204)
    assert asked(sports, "DELETE", path).status_code == 404
    assert asked(sports, "GET", "return-addresses/").json()["addresses"] == []


@pytest.mark.parametrize("address", ["ftp://sports.example/", "https://a@sports.example/", "https://sports.example/?x"])
def test_what_is_no_return_address_is_told_in_words(portal: Running, department: Made, address: str) -> None:
    answer = call(department("sports", *SCOPES), "return-addresses/", {"address": address})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/address")


def test_without_the_scope_no_address_is_proposed(portal: Running, department: Made) -> None:
    answer = call(department("sports", "--scopes", "consents:check"), "return-addresses/", {"address": ADDRESS})
    assert answer.status_code == 403


def test_of_given_data_nobody_is_named_by_code(portal: Running, department: Made) -> None:
    sports = department("sports", *SCOPES)
    body = {"purpose": "swimming-hall-planning", "datasets": ["sports-courses"], "case": ""}
    refused = call(sports, "disclosures/", body | {"subject": {"identity_code": CODES["otso"]}}, key=str(uuid4()))
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (400, "/subject/identity_code")
    stranger = "kL3vQ0b8nA1xYc5Rr2eWtg"
    told = call(sports, "disclosures/", body | {"subject": {"subject": stranger}}).json()
    assert told["subject"] != stranger
    assert told["datasets"][0]["reason"] == "no_consent"


def test_the_catalogue_says_what_is_given_for_the_common_good(portal: Running, department: Made) -> None:
    rows = asked(department("sports", *SCOPES), "GET", "purposes/").json()["purposes"]
    told = {row["purpose"]: row["donation"] for row in rows}
    assert told["swimming-hall-planning"] == "planning"
    assert told["youth-exercise-research"] == "research"
    assert told["swimming-reminders"] is None
