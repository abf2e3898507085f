"""A running portal with a browser, and people who come in by its own door."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page

from tests.browsing import follow, staff_enters
from tests.journeys.test_whole_way import WORDS, signs_in
from tests.portal_server import Running

LANGUAGES = ("fi", "sv", "en")
_PATIENCE_MS = 10_000


class City:
    """The portal, and fresh people to walk in it: each with courses and loans, none asked anything before."""

    def __init__(self, portal: Running, browser: Browser, people: Iterator[str]) -> None:
        self.portal, self.browser, self.people = portal, browser, people

    @contextmanager
    def entered(
        self, language: str, *, who: str = "", width: int = 360, script: bool = True
    ) -> Iterator[tuple[Page, str]]:
        """A browser of its own at home, signed in; and the beginning of its addresses in that language."""
        context = self.browser.new_context(
            locale=language, viewport={"width": width, "height": 900}, java_script_enabled=script
        )
        page = context.new_page()
        page.set_default_timeout(_PATIENCE_MS)
        signs_in(page, self.portal, language, who or next(self.people), WORDS[language], script=False)
        yield page, f"{self.portal.base}/{language}/"
        context.close()

    @contextmanager
    def at_desk(self) -> Iterator[Page]:
        """The service point's page in a browser of staff, signed in with the second step."""
        context = self.browser.new_context(locale="en", viewport={"width": 1280, "height": 900})
        staff_enters(context, self.portal, "desk")
        page = context.new_page()
        page.set_default_timeout(_PATIENCE_MS)
        page.goto(f"{self.portal.staff_base}/admin/desk/")
        yield page
        context.close()


def hrefs(page: Page, selector: str) -> list[str]:
    """Whole addresses, each once."""
    found: list[str] = page.eval_on_selector_all(selector, "links => links.map(link => link.href)")
    return list(dict.fromkeys(found))


def questions_at(page: Page, start: str) -> list[str]:
    """Addresses of all that waits."""
    page.goto(f"{start}home/")
    return hrefs(page, "main h3 a[href*='/requests/']")


def answers(page: Page, question: str, answer: str, *, optional: bool = False) -> str:
    """Yes or no; the address of the permission."""
    page.goto(question)
    for box in page.locator("input[name=optional]").all() if optional else ():
        box.check()
    page.locator(f"input[name=answer][value={answer}]").check()
    follow(page, page.locator("main form button"))
    assert page.url.endswith("/saved/"), page.url
    return page.url.removesuffix("saved/")
