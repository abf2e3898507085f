"""A resident asks a person; one of the staff takes it and answers in part, a second confirms, the resident reads it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browsing import does_not_scroll_sideways, follow, is_accessible, listening, resident_enters
from tests.portal_server import Running

pytestmark = pytest.mark.browser
QUESTION = "Which loans of mine do you keep?"
ANSWER = "You have two loans. What others borrowed is left out."


def looked_at(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    does_not_scroll_sideways(page)
    is_accessible(page)
    page.set_viewport_size({"width": 1280, "height": 900})


def asked(page: Page) -> str:
    """From the menu to the number that comes at once."""
    follow(page, page.get_by_role("link", name="Your requests").first)
    looked_at(page)
    follow(page, page.get_by_role("link", name="Ask a person"))
    page.get_by_label("Whom do you ask?").select_option(label="Library")
    follow(page, page.get_by_role("button", name="Send the question"))
    expect(page.get_by_role("alert")).to_contain_text("Write your question.")
    looked_at(page)
    page.get_by_label("Whom do you ask?").select_option(label="Library")
    page.get_by_label("Your question").fill(QUESTION)
    follow(page, page.get_by_role("button", name="Send the question"))
    expect(page.get_by_role("status")).to_contain_text("You will get an answer by")
    looked_at(page)
    return page.locator(".facts dd").first.inner_text()


def proposed(page: Page, portal: Running, number: str) -> None:
    """Out of the queue on the front page: taken, opened, answered in part."""
    page.goto(f"{portal.staff_base}/admin/")
    follow(page, page.get_by_role("link", name=number))
    looked_at(page)
    page.locator("summary", has_text="Who answers it").click()
    follow(page, page.get_by_role("button", name="Take it to answer"))
    expect(page.get_by_text("Who has it: you.")).to_be_visible()
    follow(page, page.get_by_role("button", name="Open the question"))
    expect(page.get_by_text(QUESTION)).to_be_visible()
    looked_at(page)
    page.get_by_role("radio", name="Done in part").check()
    page.get_by_label("The answer, as the person reads it").fill(ANSWER)
    follow(page, page.get_by_role("button", name="Send the answer"))
    expect(page.get_by_text("Choose the ground.")).to_be_visible()
    page.get_by_label("Ground, when").select_option(label="The data tells about somebody else, too.")
    follow(page, page.get_by_role("button", name="Send the answer"))
    expect(page.get_by_text("The answer waits for a second person.")).to_be_visible()


def confirmed(page: Page, portal: Running, number: str) -> None:
    """By the data protection officer, who reads what the resident will read."""
    page.goto(f"{portal.staff_base}/admin/")
    follow(page, page.get_by_role("link", name=number))
    follow(page, page.get_by_role("button", name="Open the question"))
    expect(page.get_by_text(ANSWER)).to_be_visible()
    looked_at(page)
    follow(page, page.get_by_role("button", name="Confirm and send"))
    expect(page.get_by_text("The answer is with the person.")).to_be_visible()
    page.goto(f"{portal.staff_base}/admin/requests/request/figures/")
    looked_at(page)


def test_a_question_is_answered_in_part_by_two_people(
    portal: Running, chromium: Browser, staff: Callable[[str], BrowserContext], said: list[str]
) -> None:
    home = resident_enters(chromium.new_context(locale="en"), portal.base, "p0036")
    number = asked(home)
    proposed(listening(staff("keeper-library"), said), portal, number)
    home.reload()
    expect(home.get_by_text("A person began to look at it.")).to_be_visible()
    expect(home.get_by_text(ANSWER)).to_have_count(0)
    confirmed(listening(staff("dpo"), said), portal, number)
    home.reload()
    expect(home.get_by_text(ANSWER)).to_be_visible()
    expect(home.get_by_text("The data tells about somebody else, too.")).to_be_visible()
    expect(home.locator("#appeal")).to_contain_text("Data Protection Ombudsman")
    looked_at(home)
