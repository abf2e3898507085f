"""A quiet session warns, lives on when asked to, and ends otherwise. Its twenty minutes are ten seconds here."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browsing import is_accessible
from tests.portal_server import Running, running_portal

pytestmark = pytest.mark.browser
QUIET = {"RESIDENT_IDLE_SECONDS": "10", "SESSION_WARNING_SECONDS": "8"}


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running_portal(tmp_path_factory.mktemp("quiet"), settings=QUIET) as running:
        yield running


@pytest.fixture
def page(portal: Running, chromium: Browser) -> Page:
    page = chromium.new_context(locale="en", viewport={"width": 360, "height": 800}).new_page()
    page.goto(f"{portal.base}/en/")
    page.get_by_role("button", name="Sign in with Suomi.fi").click()
    page.locator("button[value=raili]").click()
    page.wait_for_url(f"{portal.base}/en/home/")
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
