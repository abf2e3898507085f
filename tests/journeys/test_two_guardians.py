"""Two guardians decide about a child: with and without JavaScript, on a phone and on a desk."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browsing import follow, is_accessible, resident_enters
from tests.journeys.city import City

pytestmark = pytest.mark.browser
QUESTION = "A reminder before a course starts"


def enter(browser: Browser, city: City, slug: str, *, width: int, javascript: bool) -> Page:
    """Signed in, and looking for whom they may act."""
    viewport = {"width": width, "height": 900}
    context = browser.new_context(locale="en", viewport=viewport, java_script_enabled=javascript)  # type: ignore[arg-type]
    page = resident_enters(context, city.portal.base, slug)
    follow(page, page.get_by_role("link", name="Act for someone else"))
    return page


def answer(page: Page, said: str) -> None:
    follow(page, page.get_by_role("link", name=QUESTION).first)
    page.get_by_label(said, exact=True).check()
    follow(page, page.get_by_role("button", name="Save answer"))


WALKS = [("Eino", 360, True), pytest.param("Helmi", 1280, False, marks=pytest.mark.proof)]


@pytest.mark.parametrize(("child", "width", "javascript"), WALKS)
def test_two_guardians_decide_together(child: str, width: int, javascript: bool, city: City, chromium: Browser) -> None:
    aino = enter(chromium, city, "aino", width=width, javascript=javascript)
    if javascript:
        is_accessible(aino)
    aino.get_by_role("button", name=re.compile(f"Act for this person.*{child}")).click()
    expect(aino.get_by_text(f"You are acting for: {child}")).to_be_visible()
    answer(aino, "Yes, I allow this")
    if javascript:
        is_accessible(aino)
    aino.get_by_role("link", name="Your permissions").first.click()
    expect(aino.get_by_role("heading", name="Waiting for another guardian")).to_be_visible()

    mikael = enter(chromium, city, "mikael", width=width, javascript=javascript)
    mikael.get_by_role("button", name=re.compile(f"Act for this person.*{child}")).click()
    answer(mikael, "Yes, I allow this")
    mikael.get_by_role("link", name="Your permissions").first.click()
    expect(mikael.get_by_role("heading", name="Waiting for another guardian")).to_have_count(0)
    mikael.get_by_role("button", name="Back to your own matters").click()
    expect(mikael.get_by_text("You are acting for")).to_have_count(0)

    aino.reload()
    expect(aino.get_by_role("heading", name="Waiting for another guardian")).to_have_count(0)
    aino.get_by_role("link", name="Take back permission").first.click()
    aino.get_by_role("button", name="Take back permission").click()
    mikael.get_by_role("link", name="Act for someone else").click()
    mikael.get_by_role("button", name=re.compile(f"Act for this person.*{child}")).click()
    mikael.get_by_role("link", name="Your permissions").first.click()
    expect(mikael.get_by_role("heading", name="Ended")).to_be_visible()


def test_custody_that_ends_in_mid_session_ends_there(city: City, chromium: Browser) -> None:
    page = enter(chromium, city, "amira", width=360, javascript=True)
    page.get_by_role("button", name=re.compile("Act for this person.*Sami")).click()
    page.get_by_role("link", name=QUESTION).first.click()
    register = city.departments.population
    with register.lock:
        register.told["sami"]["in_care"] = True
    page.get_by_label("Yes, I allow this", exact=True).check()
    page.get_by_role("button", name="Save answer").click()
    expect(page.get_by_role("heading", name="Not available here")).to_be_visible()
    is_accessible(page)
    page.get_by_role("link", name="Go to your own data").click()
    expect(page.get_by_text("You are acting for")).to_have_count(0)
    page.get_by_role("link", name="Act for someone else").click()
    expect(page.get_by_text("There is nobody for whom you can act here.")).to_be_visible()
