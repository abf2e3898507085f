"""A service point in a browser: staff write down an answer, hand out the receipt, and the resident finds it marked."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browsing import does_not_scroll_sideways, follow, is_accessible, listening, resident_enters
from tests.portal_server import Running
from tests.residents import CODES

pytestmark = pytest.mark.browser
QUESTION = "A reminder before a course starts"


def looked_at(page: Page, said: list[str]) -> None:
    """Nothing of the person is in the address; the page broke nothing; axe finds nothing, on a phone neither."""
    assert [code for code in CODES.values() if code in page.url] == []
    # That a form was not whole is an answer, and the browser says so.
    assert [words for words in said if "status of 422" not in words] == []
    page.set_viewport_size({"width": 360, "height": 800})
    does_not_scroll_sideways(page)
    page.set_viewport_size({"width": 1280, "height": 900})
    is_accessible(page)
    said.clear()


def opened(page: Page, portal: Running, said: list[str]) -> None:
    """Nobody was chosen, the code was wrong, the person was never here; then they are open."""
    page.goto(f"{portal.staff_base}/admin/")
    follow(page, page.get_by_role("link", name="Open a person and write down what they answer"))
    looked_at(page, said)
    page.get_by_label("Identity code of the person whose matters these are").fill("170951-914X")
    follow(page, page.get_by_role("button", name="Go on"))
    expect(page.get_by_text("This is not an identity code.")).to_be_visible()
    looked_at(page, said)
    page.get_by_label("Identity code of the person whose matters these are").fill(CODES["veikko"])
    page.get_by_label("Has no means of strong identification").check()
    page.get_by_label("Number of the case or the visit").fill("D/20/2026")
    follow(page, page.get_by_role("button", name="Go on"))
    expect(page.get_by_text("Write both names from the identity document.")).to_be_visible()
    # What was typed of the code is not sent back.
    expect(page.get_by_label("Identity code of the person whose matters these are")).to_have_value("")
    page.get_by_label("Identity code of the person whose matters these are").fill(CODES["veikko"])
    page.get_by_label("Given names").fill("Veikko Testi")
    page.get_by_label("Family name").fill("Uimonen")
    follow(page, page.get_by_role("button", name="Go on"))
    expect(page.get_by_text("Staff opened your permissions at a service point.")).to_be_visible()
    looked_at(page, said)
    follow(page, page.get_by_role("button", name="Open the person’s data"))
    expect(page.get_by_role("heading", name="Veikko Testi Uimonen")).to_be_visible()
    looked_at(page, said)


def recorded(page: Page, said: list[str]) -> None:
    """Read, filled in, looked at once more, written down."""
    follow(page, page.get_by_role("link", name=re.compile(f"In English.*{QUESTION}")))
    expect(page.get_by_role("heading", name="What happens if you say no?")).to_be_visible()
    assert page.locator("#content input:checked").count() == 0
    looked_at(page, said)
    page.get_by_label("Yes, I allow this").check()
    page.get_by_label("On paper").check()
    page.get_by_label("Number of the scanned paper").fill("2026/118-3")
    page.get_by_label("No", exact=True).check()
    follow(page, page.get_by_role("button", name="Look at it once more"))
    expect(page.get_by_role("heading", name="This is written down")).to_be_visible()
    expect(page.get_by_text("2026/118-3")).to_be_visible()
    looked_at(page, said)
    follow(page, page.get_by_role("button", name="Write it down"))
    expect(page.get_by_text("This permission was given on paper.").first).to_be_visible()
    looked_at(page, said)


def printed(page: Page, portal: Running) -> None:
    """The receipt comes as a PDF, while the person is open and no longer."""
    href = page.get_by_role("link", name="På svenska").get_attribute("href") or ""
    assert urlsplit(href).path.endswith("/pdf/")
    assert page.request.get(f"{portal.staff_base}{href}").body()[:5] == b"%PDF-"
    follow(page, page.get_by_role("button", name="Close the person"))
    assert page.request.get(f"{portal.staff_base}{href}").body()[:5] != b"%PDF-"


def test_an_answer_is_written_down_and_the_resident_finds_it(
    portal: Running, chromium: Browser, staff: Callable[[str], BrowserContext], said: list[str]
) -> None:
    page = listening(staff("desk"), said)
    opened(page, portal, said)
    recorded(page, said)
    printed(page, portal)
    phone = chromium.new_context(locale="en", viewport={"width": 360, "height": 800})
    at_home = resident_enters(phone, portal.base, "veikko")
    follow(at_home, at_home.get_by_role("link", name="Your permissions").first)
    follow(at_home, at_home.get_by_role("link", name=QUESTION).first)
    expect(at_home.get_by_text("On paper").first).to_be_visible()
    expect(at_home.get_by_text("Your yes was recorded at a service point.").first).to_be_visible()
    is_accessible(at_home)
    at_home.goto(f"{portal.base}/en/usage/")
    expect(at_home.get_by_text("Staff opened your permissions at a service point.").first).to_be_visible()
