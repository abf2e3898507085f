"""A resident sees that an algorithm used their data, objects, and its next use is refused; people go on."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from playwright.sync_api import Browser, Page, expect

from demo.client import Department
from demo.people import everyone
from tests.browsing import does_not_scroll_sideways, follow, is_accessible, listening, resident_enters
from tests.portal_server import Running

pytestmark = pytest.mark.browser
CODES = {person.slug: person.identity_code for person in everyone()}
OBJECTS = "p0052"
ALGORITHM = "exercise-group-suggestion"
RESULT = {"fi": "Ehdotus: vesijumppa.", "sv": "Förslag: vattengympa.", "en": "Suggested: water gymnastics."}
REASON = {"fi": "Kävit altaassa.", "sv": "Du har varit i bassängen.", "en": "You went to the pool each week."}


@pytest.fixture(scope="module")
def advice(portal: Running, let_in: Callable[..., None], tmp_path_factory: pytest.TempPathFactory) -> Department:
    """The program of sports that tells what its algorithm suggested."""
    out = tmp_path_factory.mktemp("client") / "advice.json"
    let_in("sports", out, "--scopes", "uses:write")
    return Department(portal.base, out)


def looked_at(page: Page, said: list[str]) -> None:
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        does_not_scroll_sideways(page)
        is_accessible(page)
    assert said == []


def reports(sports: Department) -> httpx2.Response:
    """As the department's own program does after each suggestion."""
    now = datetime.now(UTC)
    outcome = {"result": RESULT, "reasons": [REASON], "decided_by": "person", "at": now.isoformat()}
    use: dict[str, Any] = {
        "subject": {"identity_code": CODES[OBJECTS]},
        "at": now.isoformat(),
        "unit": "Liikuntaneuvonta",
        "role": "liikuntaneuvoja",
        "purpose": ALGORITHM,
        "datasets": ["sports-courses"],
        "algorithm": ALGORITHM,
        "outcome": outcome,
    }
    headers = {"Authorization": f"Bearer {sports.token()}", "Idempotency-Key": str(uuid4())}
    return httpx2.post(f"{sports.base}/api/v1/uses/", json={"uses": [use]}, headers=headers)


def sees(page: Page, portal: Running, said: list[str]) -> None:
    """From the log to the row, and from the row to the register's entry, which says how often."""
    page.goto(f"{portal.base}/en/usage/")
    page.get_by_label("Done by").select_option("algorithm")
    follow(page, page.get_by_role("button", name="Show", exact=True))
    expect(page.get_by_text("An algorithm used your data.")).to_have_count(1)
    looked_at(page, said)
    follow(page, page.get_by_role("link", name="Details"))
    for words in (RESULT["en"], REASON["en"], "A person decided."):
        expect(page.get_by_text(words)).to_be_visible()
    looked_at(page, said)
    follow(page, page.get_by_role("link", name="Exercise group suggestion"))
    expect(page.get_by_text("It has concerned you once.")).to_be_visible()
    looked_at(page, said)
    page.go_back()


def stops(page: Page, said: list[str]) -> None:
    follow(page, page.get_by_role("link", name="Object to this algorithm"))
    looked_at(page, said)
    follow(page, page.get_by_role("button", name="Send"))
    expect(page.get_by_text("The objection stands. The algorithm does not use the data; people may.")).to_be_visible()
    looked_at(page, said)


def test_whoever_objects_to_an_algorithm_is_left_alone_by_it(
    portal: Running, advice: Department, chromium: Browser, said: list[str]
) -> None:
    context = chromium.new_context(locale="en")
    listening(context, said)
    page = resident_enters(context, portal.base, OBJECTS)
    assert reports(advice).status_code == 201
    sees(page, portal, said)
    stops(page, said)
    refused = reports(advice)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (409, "/uses/0/algorithm")
    page.goto(f"{portal.base}/en/usage/?how=algorithm")
    expect(page.get_by_text("although you had objected. It was not accepted.")).to_be_visible()
    looked_at(page, said)
