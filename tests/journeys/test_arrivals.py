"""What departments answer comes into the page as it comes; a look for it does not lengthen a session."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from demo.departments.moods import Mood
from demo.departments.running import Departments, departments
from tests.browsing import is_accessible
from tests.portal_server import Running, running_portal
from tests.servers import drop_database, fresh_name, server

pytestmark = pytest.mark.browser
# Seconds of each call; the library is called five times, and a page of a busy machine is there before the answers.
LATE = 0.8


@dataclass(frozen=True)
class City:
    """The portal and the departments beside it."""

    portal: Running
    departments: Departments


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    folder, database = tmp_path_factory.mktemp("arrivals"), fresh_name()
    socket = server().socket_folder / ".s.PGSQL.5432"
    with (
        departments(folder, server().url(), socket, database=database) as outside,
        running_portal(folder, sources=_patient(outside.sources)) as portal,
    ):
        outside.moods.slow_seconds = LATE
        outside.moods.set("library", Mood.SLOW)
        yield City(portal, outside)
    drop_database(database)


def _patient(sources: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The library may take as long as it takes."""
    library = sources["library"]
    return {**sources, "library": {**library, "settings": {**library["settings"], "time_limit": 4 * 5 * LATE}}}


def enter(page: Page, city: City, slug: str) -> None:
    page.goto(f"{city.portal.base}/en/")
    page.get_by_role("button", name="Sign in with Suomi.fi").click()
    page.locator(f"button[value={slug}]").click()


def looks(requests: list[Request]) -> list[Request]:
    return [request for request in requests if "/data/arriving/" in request.url]


@pytest.mark.parametrize(("slug", "width"), [("aino", 360), ("mikael", 1280)])
def test_what_comes_later_comes_into_the_page(slug: str, width: int, city: City, chromium: Browser) -> None:
    page = chromium.new_context(locale="en", viewport={"width": width, "height": 900}).new_page()
    requests: list[Request] = []
    said: list[str] = []
    enter(page, city, slug)
    page.wait_for_url("**/en/home/")
    # From here on: the identity service's page is not ours.
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
    page.wait_for_timeout(1_000)
    assert len(looks(requests)) == len(made)


def test_without_javascript_a_link_looks_again(city: City, chromium: Browser) -> None:
    page = chromium.new_context(locale="en", java_script_enabled=False).new_page()
    enter(page, city, "raili")
    page.goto(f"{city.portal.base}/en/data/")
    expect(page.get_by_text("We are asking now.").first).to_be_visible()
    page.wait_for_timeout(LATE * 5_000 + 1_500)
    page.get_by_role("link", name="Look again").click()
    expect(page.locator("#data-library").get_by_role("link", name="Library card")).to_be_visible()


def test_a_page_whose_session_ended_goes_to_say_so(city: City, chromium: Browser) -> None:
    context = chromium.new_context(locale="en")
    page = context.new_page()
    enter(page, city, "aino")
    page.goto(f"{city.portal.base}/en/data/")
    button = page.get_by_role("button", name="Ask the departments again")
    expect(button).to_be_visible(timeout=60_000)
    button.click()
    expect(page.get_by_text("We are asking now.").first).to_be_visible()
    context.clear_cookies()
    expect(page.get_by_role("heading", name="Your session has ended")).to_be_visible(timeout=5_000)
