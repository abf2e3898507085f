"""The feed over real HTTP, with the sequencer beside it: a change, its acknowledgement, and what the resident sees."""

import time
from collections.abc import Callable
from uuid import uuid4

import httpx2
import pytest

from demo.client import Department
from tests.portal_server import Running
from tests.rest.test_checks import signed_in
from tests.rest.test_disclosures import CODES, answer, call

pytest_plugins = ["tests.rest.at_work"]
PURPOSE = "swimming-reminders"
WORDS = ("sports", "--scopes", "changes:read", "consents:request")


@pytest.fixture(scope="module")
def sports(working: Running, let_in: Callable[..., Department], tmp_path_factory: pytest.TempPathFactory) -> Department:
    return let_in(working, tmp_path_factory.mktemp("clients") / "sports.json", *WORDS)


def get(department: Department, path: str) -> httpx2.Response:
    return httpx2.get(f"{department.base}/api/v1/{path}", headers={"Authorization": f"Bearer {department.token()}"})


def changes_after(department: Department, cursor: str) -> tuple[list[dict[str, str]], str]:
    """What has come since, waited for up to a minute."""
    for _ in range(300):
        told = get(department, f"changes/?after={cursor}").json()
        if told["changes"]:
            return told["changes"], told["next"]
        time.sleep(0.2)
    return [], cursor


def test_a_withdrawal_is_told_acted_on_and_seen(working: Running, sports: Department) -> None:
    browser, before = signed_in(working, "raili"), get(sports, "changes/?limit=1000").json()["next"]
    answer(browser, working.base)
    (given,), cursor = changes_after(sports, before)
    permissions = browser.open(f"{working.base}/en/permissions/")
    page = browser.open(permissions.link("A reminder before a course"))
    stop = browser.open(page.url.rstrip("/") + "/stop/")
    browser.send(stop, stop.forms[-1])
    (ended,), cursor = changes_after(sports, cursor)
    assert [(each["kind"], each["subject"] == given["subject"]) for each in (given, ended)] == [
        ("consent.given", True),
        ("consent.withdrawn", True),
    ]
    assert "It must answer by" in browser.open(page.url).text
    said = call(sports, f"changes/{ended['id']}/acknowledgement/", {})
    assert (said.status_code, said.json()["change"]) == (200, ended["id"])
    assert "Has acted:" in browser.open(page.url).text
    assert "A department system said that it has acted" in browser.open(f"{working.base}/en/usage/").text


def test_asking_tells_nothing_of_the_one_who_is_asked(working: Running, sports: Department) -> None:
    signed_in(working, "otso")
    told = []
    for slug in ("otso", "lempi"):
        body = {"purpose": PURPOSE, "subject": {"identity_code": CODES[slug]}}
        said = call(sports, "consent-requests/", body)
        told.append((said.status_code, {**said.json(), "subject": ""}))
    assert told == [(202, {"subject": "", "status": "accepted"})] * 2


@pytest.mark.parametrize(("purpose", "status"), [("reading-tips", 404), ("no-such-purpose", 404)])
def test_nobody_asks_for_anothers_purpose(purpose: str, status: int, sports: Department) -> None:
    body = {"purpose": purpose, "subject": {"identity_code": CODES["otso"]}}
    assert call(sports, "consent-requests/", body).status_code == status


@pytest.mark.parametrize(
    "query", ["after=abc", "after=AAAA%C3%A4", "limit=0", "limit=1001", "limit=1e3", "limit=%F0%9D%9F%8F"]
)
def test_a_query_that_cannot_be_read_is_refused(query: str, sports: Department) -> None:
    told = get(sports, f"changes/?{query}")
    assert (told.status_code, told.json()["errors"][0]["pointer"]) == (400, f"/{query.split('=', maxsplit=1)[0]}")


def test_another_departments_change_cannot_be_acknowledged(sports: Department) -> None:
    assert call(sports, f"changes/{uuid4()}/acknowledgement/", {}).status_code == 404
