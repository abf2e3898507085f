"""The whole way in every language and width, with and without JavaScript, by keyboard alone; every lie refused."""

import tempfile
from itertools import product
from pathlib import Path

from playwright.sync_api import Browser, Page

from demo.departments.sports import drop
from demo.identity.breakage import Break
from demo.people import everyone
from tests.browsing import chromium, program_of, running_city
from tests.journeys import test_whole_way as way
from tests.portal_server import Running
from tests.servers import running_servers

LANGUAGES = ("fi", "sv", "en")
_WALKS = list(product(LANGUAGES, (360, 1280), (True, False)))
_MOST_TABS = 120
_PAGES = ("", "home/", "data/", "usage/", "permissions/", "registers/", "help/", "settings/")


def prove() -> str:
    """Twelve walks, three by keyboard, every lie in every language."""
    with (
        running_servers(),
        tempfile.TemporaryDirectory(prefix="journeys-") as name,
        running_city(Path(name)) as portal,
        chromium() as browser,
    ):
        sports = program_of(portal, "sports", Path(name))
        files = Path(name) / "files"
        files.mkdir()
        walkers = iter(_swimmers(files))
        for language, width, script in _WALKS:
            way.test_the_whole_way_through(language, width, script, next(walkers), portal, sports, browser)
        for language in LANGUAGES:
            _by_keyboard(_page(browser, language), portal, language, next(walkers))
            _language_switch_keeps_the_page(_page(browser, language), portal, language)
        lies = sum(_lies_are_refused(browser, portal, language) for language in LANGUAGES)
    return (
        f"{len(_WALKS)} walks (3 languages, 360 and 1280 px, with and without JavaScript) and 3 by keyboard alone: "
        f"3 presses to allow, 2 to stop; {lies} false sign-ins refused in the reader's language; "
        f"the language switch kept {len(_PAGES)} pages"
    )


def _swimmers(folder: Path) -> list[str]:
    """More people with a course, as the department's own files say."""
    drop(folder)
    text = (folder / "courses.csv").read_text("cp1252")
    known = {who for _, _, _, who in way.WALKS}
    return [person.slug for person in everyone() if person.identity_code in text and person.slug not in known]


def _page(browser: Browser, language: str) -> Page:
    return browser.new_context(locale=language, viewport={"width": 1280, "height": 900}).new_page()


class Keyboard:
    """Tab, Space and Enter only; every stop must show where it is."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def to(self, what: str) -> None:
        """Tab until what has the focus matches the selector; AssertionError when it is never reached or not seen."""
        for _ in range(_MOST_TABS):
            self.page.keyboard.press("Tab")
            if self.page.evaluate("what => document.activeElement.matches(what)", what):
                seen = self.page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle !== 'none'")
                assert seen, f"{self.page.url}: the focus on {what} is not seen"
                return
        raise AssertionError(f"{self.page.url}: {what} is not reached by Tab")

    def press(self, what: str, key: str = "Enter") -> None:
        """Go there, press, and be on the page that it leads to."""
        self.to(what)
        with self.page.expect_navigation(wait_until="load"):
            self.page.keyboard.press(key)


def _by_keyboard(page: Page, portal: Running, language: str, who: str) -> None:
    keys = Keyboard(page)
    page.goto(f"{portal.base}/{language}/")
    keys.press("form.acts button")
    page.locator("input[name=q]").fill(next(person.family_name for person in everyone() if person.slug == who))
    with page.expect_navigation(wait_until="load"):
        page.keyboard.press("Enter")
    keys.press(f"button[value={who}]")
    assert page.url == f"{portal.base}/{language}/home/", page.url
    title = way.WORDS[language].question
    keys.press(f"a[href='{page.get_by_role('link', name=title).first.get_attribute('href')}']")
    keys.to("input[name=answer]")
    # The two answers are one stop; from the first the arrows choose, and Space takes the one in focus.
    page.keyboard.press("Space")
    assert page.locator("input[value=yes]").is_checked()
    keys.press("form .button:not(.plain)")
    assert page.url.endswith("/saved/"), page.url
    page.goto(f"{portal.base}/{language}/home/")
    keys.press("a[href$='/stop/']")
    keys.press("main form button")
    assert page.url.endswith("/saved/"), page.url
    page.context.close()


def _language_switch_keeps_the_page(page: Page, portal: Running, language: str) -> None:
    way.signs_in(page, portal, language, "raili", way.WORDS[language], script=False)
    for path, other in product(_PAGES, LANGUAGES):
        page.goto(f"{portal.base}/{language}/{path}")
        way.follow(page, page.locator(f".tools a[hreflang={other}]"))
        assert page.url.split("?")[0] == f"{portal.base}/{other}/{path}", (path, page.url)
        assert page.locator("html").get_attribute("lang") == other
    page.context.close()


def _lies_are_refused(browser: Browser, portal: Running, language: str) -> int:
    """How many; each on a page in the reader's language, and without a session."""
    lies = [each for each in Break if each]
    for lie in lies:
        page = _page(browser, language)
        page.goto(f"{portal.base}/{language}/")
        way.follow(page, page.get_by_role("button", name=way.WORDS[language].sign_in))
        page.locator("select[name=break]").select_option(lie.value)
        way.follow(page, page.locator("button[value=raili]"))
        assert page.locator("html").get_attribute("lang") == language, (lie, page.url)
        assert page.locator("h1").count() == 1, (lie, page.url)
        page.goto(f"{portal.base}/{language}/home/")
        assert not page.url.split("?")[0].endswith("/home/"), lie
        page.context.close()
    return len(lies)
