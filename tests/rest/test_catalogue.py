"""What a department's system may ask for, a page at a time."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from consents.rules.rights import rights_of
from datasources.enums import Basis
from demo.client import Department

Made = Callable[..., Department]


def get(department: Department, path: str, **query: str | int) -> httpx2.Response:
    headers = {"Authorization": f"Bearer {department.token()}"}
    return httpx2.get(f"{department.base}/api/v1/{path}", params=query, headers=headers)


def pages(department: Department, path: str, *, limit: int) -> list[list[str]]:
    """The names on each page."""
    kind = path.rstrip("/")
    found: list[list[str]] = []
    query: dict[str, str | int] = {"limit": limit}
    while True:
        page = get(department, path, **query).json()
        found.append([row[kind.removesuffix("s")] for row in page[kind]])
        if page["next"] is None:
            return found
        query["after"] = page["next"]


def test_a_department_sees_its_purposes_in_three_languages_and_no_others(department: Made) -> None:
    found = get(department("sports"), "purposes/").json()["purposes"]
    named = {row["purpose"]: row for row in found}
    assert ("swimming-reminders" in named, "reading-tips" in named) == (True, False)
    row = named["swimming-reminders"]
    assert (row["name"]["en"], len(set(row["name"].values()))) == ("A reminder before a course starts", 3)
    assert [used["dataset"] for used in row["datasets"]] == ["sports-courses"]
    # The same table of rights as the pages read.
    verdicts = {told["right"]: (told["verdict"], told["law"]) for told in row["rights"]}
    assert verdicts == {right: (told.verdict, list(told.law)) for right, told in rights_of(Basis.CONSENT).items()}


_WHO = {"identity_code": "131052-308T"}


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("checks/", {"datasets": ["sports-courses"], "subjects": [_WHO]}),
        ("disclosures/", {"datasets": ["sports-courses"], "subject": _WHO}),
        ("consent-requests/", {"subject": _WHO}),
    ],
)
def test_a_system_that_may_name_one_purpose_sees_one_and_asks_for_no_other(
    path: str, told: dict[str, Any], department: Made
) -> None:
    scopes = ("--scopes", "consents:check", "consents:request", "data:read")
    bounded = department("sports", "--purposes", "no-such-purpose", *scopes)
    assert get(department("sports"), "purposes/").json()["purposes"]
    assert get(bounded, "purposes/").json()["purposes"] == []
    headers = {"Authorization": f"Bearer {bounded.token()}", "Idempotency-Key": str(uuid4())}
    asked = {"purpose": "swimming-reminders"} | told
    assert httpx2.post(f"{bounded.base}/api/v1/{path}", json=asked, headers=headers).status_code == 404


@pytest.mark.security("V8.2.3")
def test_of_anothers_dataset_only_the_fields_are_told_that_ones_purposes_use(department: Made) -> None:
    rows: list[dict[str, Any]] = get(department("sports"), "datasets/", limit=200).json()["datasets"]
    uses = get(department("sports"), "purposes/").json()["purposes"]
    used: dict[str, set[str]] = {}
    for each in (each for row in uses for each in row["datasets"]):
        used.setdefault(each["dataset"], set()).update(each["needed"], each["optional"])
    own = [row for row in rows if row["department"] == "sports"]
    others = [row for row in rows if row["department"] != "sports"]
    assert own
    assert all({field["field"] for field in row["fields"]} <= used[row["dataset"]] for row in others)
    assert {"library-loans", "library-fines"} & {row["dataset"] for row in rows} <= set(used)


@pytest.mark.parametrize("path", ["datasets/", "purposes/"])
def test_pages_put_together_are_the_whole(path: str, department: Made) -> None:
    sports = department("sports")
    whole, single = pages(sports, path, limit=200), pages(sports, path, limit=1)
    assert [name for page in single for name in page] == whole[0]
    assert {len(page) for page in single} == {1}


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ({"after": "x"}, "/after"),
        ({"after": "AAAAAAAAAAAAAAAAc3BvcnRz"}, "/after"),
        ({"after": "ä"}, "/after"),
        ({"limit": 0}, "/limit"),
        ({"limit": 201}, "/limit"),
        ({"limit": 10**18}, "/limit"),
        ({"limit": "١"}, "/limit"),
        ({"order": "name"}, "/order"),
    ],
)
def test_a_page_that_was_not_offered_is_refused(query: dict[str, Any], pointer: str, department: Made) -> None:
    answer = get(department("sports"), "datasets/", **query)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, pointer)


def test_the_cursor_of_one_list_is_none_of_another(department: Made) -> None:
    cursor = get(department("sports"), "datasets/", limit=1).json()["next"]
    assert cursor
    assert get(department("sports"), "purposes/", after=cursor).status_code == 400
