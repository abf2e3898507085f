"""A quiet session warns, lives on when asked to, and ends otherwise. Its twenty minutes are ten seconds here."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browsing import is_accessible, resident_enters
from tests.portal_server import Running
from tests.web import free_port, web_server

pytestmark = pytest.mark.browser
QUIET = {"RESIDENT_IDLE_SECONDS": "10", "SESSION_WARNING_SECONDS": "8"}


@pytest.fixture(scope="module")
def quiet(portal: Running, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the same portal answers with less patience."""
    port, log = free_port(), Path(tmp_path_factory.mktemp("quiet")) / "log"
    base = f"http://127.0.0.1:{port}"
    settings = {**portal.environment, **QUIET, "PUBLIC_URL": base}
    with log.open("wb") as output, web_server(port, settings, output, workers=1):
        yield base


@pytest.fixture
def page(portal: Running, quiet: str, chromium: Browser) -> Page:
    """Signed in at one door; a cookie is the host's, not the port's."""
    context = chromium.new_context(locale="en", viewport={"width": 360, "height": 800})
    page = resident_enters(context, portal.base, "p0035")
    page.goto(f"{quiet}/en/home/")
    return page


def test_a_press_lengthens_the_session(page: Page) -> None:
    notice = page.get_by_role("alert")
    expect(notice).to_be_visible(timeout=6_000)
    is_accessible(page)
    notice.get_by_role("button", name="Stay signed in").click()
    expect(notice).to_be_hidden()
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Home")


def test_without_a_press_it_ends_on_a_page_that_says_so(page: Page) -> None:
    expect(page.get_by_role("heading", name="Your session has ended")).to_be_visible(timeout=20_000)
