"""Wrong data is corrected with a file that shows it; an objection stops a use until it is told to end."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect

from consents.actions.limiting import let_go_due
from demo.client import Department
from demo.people import everyone
from portal.ledger.actor import system
from portal.walls import Role, scope
from tests.browsing import does_not_scroll_sideways, follow, is_accessible, listening, resident_enters, waits_until
from tests.portal_server import Running
from tests.requests.test_evidence import PNG

pytestmark = pytest.mark.browser
CODES = {person.slug: person.identity_code for person in everyone()}
CORRECTS, OBJECTS = "p0048", "p0042"
RIGHT, ANSWER = "right@example.com", "We correct the address today."
COURSES, PURPOSE = ["sports-courses"], "swimming-reminders"


def looked_at(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 800})
    does_not_scroll_sideways(page)
    is_accessible(page)
    page.set_viewport_size({"width": 1280, "height": 900})


def told_wrong(page: Page, portal: Running) -> str:
    """From beside the record; what is missing is told; the number comes at once."""
    page.goto(f"{portal.base}/en/data/")
    waits_until(page, lambda served: re.search(r">\s*Library card\s*</a>", served) is not None)
    follow(page, page.get_by_role("link", name="Library card", exact=True))
    looked_at(page)
    follow(page, page.get_by_role("link", name="This is wrong").first)
    looked_at(page)
    follow(page, page.get_by_role("button", name="Send"))
    expect(page.get_by_role("alert")).to_contain_text("Choose what is wrong.")
    looked_at(page)
    page.get_by_role("radio", name="E-mail").check()
    page.get_by_label("What would be right?").fill(RIGHT)
    page.get_by_label("A file that shows it").set_input_files(
        {"name": "card.png", "mimeType": "image/png", "buffer": PNG}
    )
    page.get_by_label("Do not use this data until").check()
    follow(page, page.get_by_role("button", name="Send"))
    expect(page.get_by_text("The data has not been used since")).to_be_visible()
    looked_at(page)
    return page.locator(".facts dd").first.inner_text()


def answered(page: Page, portal: Running, number: str) -> None:
    """The keeper sees what is held and what is right, downloads the file, and answers."""
    page.goto(f"{portal.staff_base}/admin/requests/request/?q={number}")
    follow(page, page.get_by_role("link", name=number))
    follow(page, page.get_by_role("button", name="Open the question"))
    expect(page.get_by_text(RIGHT).first).to_be_visible()
    looked_at(page)
    with page.expect_download() as coming:
        page.get_by_role("link", name="card.png").click()
    assert coming.value.path().read_bytes() == PNG
    page.get_by_role("radio", name="Done", exact=True).check()
    page.get_by_label("The answer, as the person reads it").fill(ANSWER)
    follow(page, page.get_by_role("button", name="Send the answer"))
    expect(page.get_by_text("The answer is with the person.")).to_be_visible()


def test_wrong_data_is_corrected_with_a_file_that_shows_it(
    portal: Running, chromium: Browser, staff: Callable[[str], BrowserContext], said: list[str]
) -> None:
    home = resident_enters(chromium.new_context(locale="en"), portal.base, CORRECTS)
    number = told_wrong(home, portal)
    answered(listening(staff("keeper-library"), said), portal, number)
    waits_until(home, lambda served: "will be corrected where it is kept" in served)
    expect(home.get_by_text(ANSWER)).to_be_visible()
    looked_at(home)
    assert said == []


def allowed(home: Page, portal: Running) -> None:
    home.goto(f"{portal.base}/en/home/")
    follow(home, home.get_by_role("link", name="A reminder before a course starts").first)
    home.get_by_label("Yes, I allow this").check()
    follow(home, home.get_by_role("button", name="Save answer"))


def objected(home: Page, portal: Running) -> None:
    """From the page of requests; what cannot be objected to says why."""
    home.goto(f"{portal.base}/en/rights/object/")
    looked_at(home)
    home.locator("input[value='register:sports-customers']").check()
    home.get_by_role("radio", name="A reason that has to do").check()
    follow(home, home.get_by_role("button", name="Send"))
    expect(home.get_by_role("alert")).to_contain_text("Tell about your situation.")
    looked_at(home)
    home.get_by_label("Tell about your situation").fill("Somebody must not learn when I swim.")
    follow(home, home.get_by_role("button", name="Send"))
    expect(home.get_by_text("The data has not been used since")).to_be_visible()


def lifted(page: Page, portal: Running) -> None:
    """By the officer: the person is told first."""
    page.goto(f"{portal.staff_base}/admin/consents/restriction/?ground__exact=situation")
    looked_at(page)
    follow(page, page.get_by_role("link", name="sports-customers").first)
    looked_at(page)
    follow(page, page.get_by_role("button", name="Tell the person that it ends"))
    expect(page.get_by_text("The restriction ends by itself.")).to_be_visible()


def a_week_later() -> None:
    with scope(Role.WORKER):
        let_go_due(by=system("tests"), at=timezone.now() + timedelta(days=8))


def test_an_objection_stops_the_next_check_until_it_is_lifted(
    portal: Running,
    sports: Department,
    chromium: Browser,
    staff: Callable[[str], BrowserContext],
    said: list[str],
    meanwhile: Callable[[Callable[[], object]], None],
) -> None:
    def reason() -> str:
        return str(sports.check(PURPOSE, COURSES, [CODES[OBJECTS]])[0]["reason"])

    home = resident_enters(chromium.new_context(locale="en"), portal.base, OBJECTS)
    allowed(home, portal)
    before = reason()
    objected(home, portal)
    held = reason()
    lifted(listening(staff("dpo"), said), portal)
    home.reload()
    expect(home.get_by_text("The restriction ends on")).to_be_visible()
    until = reason()
    meanwhile(a_week_later)
    yes = "allowed_by_consent"
    assert (before, held, until, reason(), said) == (yes, "restricted", "restricted", yes, [])
