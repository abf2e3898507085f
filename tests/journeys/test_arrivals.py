"""What departments answer comes into the page as it comes; a look for it does not lengthen a session."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Request, expect

from demo.departments.moods import SLOW_SECONDS, Mood
from tests.browsing import is_accessible, resident_enters
from tests.journeys.city import LATE, City

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("slow_library")]


@pytest.fixture(scope="module")
def slow_library(city: City) -> Iterator[None]:
    """So that what it answers comes when the page is there already."""
    city.departments.moods.set("library", Mood.SLOW, slow_seconds=LATE)
    yield
    city.departments.moods.set("library", Mood.OK, slow_seconds=SLOW_SECONDS)


def looks(requests: list[Request]) -> list[Request]:
    return [request for request in requests if "/data/arriving/" in request.url]


def test_what_comes_later_comes_into_the_page(city: City, chromium: Browser) -> None:
    context = chromium.new_context(locale="en", viewport={"width": 360, "height": 900})
    requests: list[Request] = []
    said: list[str] = []
    page = resident_enters(context, city.portal.base, "p0031")
    page.on("request", lambda request: requests.append(request))  # noqa: PLW0108 - Playwright marks what it is given
    page.on("console", lambda message: said.append(message.text))
    page.goto(f"{city.portal.base}/en/data/")
    library = page.locator("#data-library")
    expect(library.get_by_text("We are asking now.").first).to_be_visible()
    is_accessible(page)
    page.get_by_role("link", name="Your data").first.focus()
    status = page.get_by_role("status").filter(has_text="Everything that came is here.")
    expect(status).to_be_visible(timeout=60_000)
    expect(library.get_by_role("link", name="Library card")).to_be_visible()
    expect(library.get_by_text("We are asking now.")).to_have_count(0)
    expect(page.get_by_role("button", name="Ask the departments again")).to_be_visible()
    # Whoever stands elsewhere in the page is left there.
    assert page.evaluate("document.activeElement.textContent.trim()") == "Your data"
    is_accessible(page)
    assert said == []
    made = looks(requests)
    assert made
    assert all(request.headers.get("x-poll") == "1" for request in made)
    page.wait_for_timeout(500)
    assert len(looks(requests)) == len(made)


def test_without_javascript_a_link_looks_again(city: City, chromium: Browser) -> None:
    context = chromium.new_context(locale="en", java_script_enabled=False)
    page = resident_enters(context, city.portal.base, "p0032")
    page.goto(f"{city.portal.base}/en/data/")
    expect(page.get_by_text("We are asking now.").first).to_be_visible()
    page.wait_for_timeout(LATE * 5_000 + 1_500)
    page.get_by_role("link", name="Look again").click()
    expect(page.locator("#data-library").get_by_role("link", name="Library card")).to_be_visible()


def test_a_page_whose_session_ended_goes_to_say_so(city: City, chromium: Browser) -> None:
    context = chromium.new_context(locale="en")
    page = resident_enters(context, city.portal.base, "p0033")
    page.goto(f"{city.portal.base}/en/data/")
    button = page.get_by_role("button", name="Ask the departments again")
    expect(button).to_be_visible(timeout=60_000)
    button.click()
    expect(page.get_by_text("We are asking now.").first).to_be_visible()
    context.clear_cookies()
    expect(page.get_by_role("heading", name="Your session has ended")).to_be_visible(timeout=5_000)
