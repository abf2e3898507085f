"""Letters from end to end: chosen in a browser, sent by the real workers, read where they arrive."""

import time
from collections.abc import Callable
from email.message import Message

import pytest
from playwright.sync_api import Browser, Page, expect

from demo.messages.server import Message as Told
from demo.people import everyone
from tests.browsing import follow, is_accessible, resident_enters
from tests.journeys.city import City
from tests.portal_server import Running

pytestmark = pytest.mark.browser
READER = next(person for person in everyone() if person.slug == "p0034")
ARRIVES_SECONDS = 20.0


@pytest.fixture
def page(portal: Running, chromium: Browser) -> Page:
    context = chromium.new_context(locale="en", viewport={"width": 360, "height": 800})
    return resident_enters(context, portal.base, READER.slug)


def arrives(what: Callable[[], int], count: int) -> None:
    deadline = time.monotonic() + ARRIVES_SECONDS
    while what() < count and time.monotonic() < deadline:
        time.sleep(0.1)
    assert what() == count


def chooses(page: Page, way: str) -> None:
    page.get_by_label(way).check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_have_text("Your choice was saved.")


def test_letters_go_as_they_were_chosen(page: Page, portal: Running, city: City) -> None:
    def mailed() -> list[Message]:
        return [letter for letter in city.post.letters if letter["To"] == READER.email]

    def told_there() -> list[Told]:
        return [message for message in city.messages.sent.values() if message.to == READER.identity_code]

    page.goto(f"{portal.base}/en/settings/")
    follow(page, page.get_by_role("link", name="Choose your letters"))
    is_accessible(page)
    chooses(page, "By e-mail")
    is_accessible(page)
    arrives(lambda: len(mailed()), 1)
    assert f"{portal.base}/en/\r\n" in mailed()[0].get_content()  # type: ignore[attr-defined]

    # Told the way that was chosen before.
    chooses(page, "By Suomi.fi Messages")
    arrives(lambda: len(mailed()), 2)
    assert told_there() == []

    page.goto(f"{portal.base}/en/permissions/")
    page.locator("main a[href*='/requests/']").first.click()
    page.get_by_label("Yes, I allow this").check()
    page.get_by_role("button", name="Save answer").click()
    page.wait_for_url("**/saved/")
    page.goto(page.url.replace("/saved/", "/stop/"))
    page.get_by_role("button", name="Take back permission").click()
    page.wait_for_url("**/saved/")
    arrives(lambda: len(told_there()), 1)
    assert [message.title for message in told_there()] == ["Something new for you: My data in Espoo"]

    def told() -> int:
        page.goto(f"{portal.base}/en/usage/")
        return page.get_by_text("A letter was sent to you.").count()

    # A letter is out a moment before the log tells of it.
    arrives(told, 3)
    said = portal.log.read_text()
    assert [word for word in (READER.email, READER.identity_code) if word in said] == []
