"""The whole way in each language and width, with and without JavaScript; by keyboard alone; and every refusal."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect

from demo.client import Department
from demo.departments.sports import drop
from demo.identity.breakage import TOLD
from demo.people import everyone
from tests.browsing import follow, program_of
from tests.journeys.each_right import RIGHTS, Walker
from tests.journeys.test_whole_way import (
    CODES,
    WORDS,
    allows,
    finds_it_in_the_log,
    sees_pulled_records,
    signs_in,
    takes_back,
)
from tests.portal_server import Running
from tests.proof.keyboard import Keyboard
from tests.proof.opened import opened

_WIDTHS = (360, 1280)
_TO_ALLOW, _TO_STOP = 3, 2
# For younger people guardians answer.
_OF_AGE = date(2005, 1, 1)
_COURSES = ("swimming-reminders", ["sports-courses"])
_REFUSED = {"fi": "Kirjautuminen ei onnistunut", "sv": "Inloggningen lyckades inte", "en": "Signing in did not work"}
_REGISTERS = ("registers/", "registers/library-customers/", "algorithms/", "algorithms/exercise-group-suggestion/")
_PLACES = ("", "help/", "verify/", *_REGISTERS, "signed-out/", "session-ended/", "no-such-page/")
_OWN_PLACES = ("home/", "data/", "usage/", "permissions/", "settings/", "help/", "no-such-page/")


def prove() -> str:
    """Walks first, as they need fresh questions; then what is refused, and the change of language."""
    with opened() as (portal, browser, folder):
        city = City(portal, browser, program_of(portal, "sports", folder))
        walkers = swimmers(folder / "courses")
        walks = 0
        for language in WORDS:
            for width in _WIDTHS:
                for script in (True, False):
                    city.whole_way(language, width, next(walkers), script=script)
                    walks += 1
        for language in WORDS:
            city.by_keyboard(language, next(walkers))
            city.counts_presses(language, next(walkers))
            city.is_refused(language)
        for language in WORDS:
            city.uses_every_right(language, next(walkers), folder)
        places = city.keeps_the_page(next(walkers))
    return (
        f"{walks} whole ways (3 languages, 360 and 1280 wide, with and without JavaScript), and 3 by keyboard alone; "
        f"from home {_TO_ALLOW} presses allow and {_TO_STOP} stop; {len(TOLD)} broken sign-ins refused in each "
        f"language; {len(RIGHTS)} rights used in each language; {places} pages stay when the language changes"
    )


def swimmers(folder: Path) -> Iterator[str]:
    """Grown people of whom the sports department knows a course, in the order of the demo's people."""
    drop(folder)
    with (folder / "courses.csv").open(encoding="cp1252") as file:
        codes = {row["henkilotunnus"] for row in csv.DictReader(file, delimiter=";")}
    return (each.slug for each in everyone() if each.identity_code in codes and each.born < _OF_AGE)


class City:
    """The running portal, and who walks in it."""

    def __init__(self, portal: Running, browser: Browser, sports: Department) -> None:
        self.portal, self.browser, self.sports = portal, browser, sports

    @contextmanager
    def tab(self, language: str, width: int = 1280, *, script: bool = True) -> Iterator[Page]:
        """A browser of its own."""
        context = self.browser.new_context(
            locale=language, viewport={"width": width, "height": 900}, java_script_enabled=script
        )
        yield context.new_page()
        context.close()

    def whole_way(self, language: str, width: int, who: str, *, script: bool) -> None:
        """From the start page to the log; the department's program is told what was answered."""
        words, portal = WORDS[language], self.portal
        with self.tab(language, width, script=script) as page:
            signs_in(page, portal, language, who, words, script=False)
            sees_pulled_records(page, portal, language, words, script=False)
            self._is_told(who, allowed=False)
            allows(page, portal, language, words, script=False)
            self._is_told(who, allowed=True)
            takes_back(page, portal, language, words, script=False)
            self._is_told(who, allowed=False)
            finds_it_in_the_log(page, portal, language, words, script=False)

    def _is_told(self, who: str, *, allowed: bool) -> None:
        told = self.sports.check(*_COURSES, [CODES[who]])[0]
        assert told["allowed"] is allowed, f"the department is told {told['reason']} of {who}"

    def by_keyboard(self, language: str, who: str) -> None:
        """Signs in, answers, takes it back."""
        words = WORDS[language]
        with self.tab(language) as page:
            keys = Keyboard(page)
            page.goto(f"{self.portal.base}/{language}/")
            keys.skips_to_content()
            keys.follows(page.get_by_role("button", name=words.sign_in))
            keys.types(page.locator("input[name=q]"), _family_name(who))
            keys.follows(page.locator("form[method=get] button"))
            keys.follows(page.locator(f"button[value={who}]"))
            keys.follows(page.get_by_role("link", name=words.question).first)
            keys.chooses(page.get_by_label(words.yes))
            keys.follows(page.get_by_role("button", name=words.save))
            self._is_told(who, allowed=True)
            keys.follows(page.locator(f"main a[href='/{language}/home/']"))
            keys.follows(page.get_by_role("link", name=words.back).first)
            keys.follows(page.get_by_role("button", name=words.back))
            self._is_told(who, allowed=False)

    def counts_presses(self, language: str, who: str) -> None:
        """From home to a saved answer, and from home to a permission taken back."""
        words = WORDS[language]
        with self.tab(language, 360) as page:
            signs_in(page, self.portal, language, who, words, script=False)
            presses = _Presses(page)
            presses.on(page.get_by_role("link", name=words.question).first)
            presses.on(page.get_by_label(words.yes), leads=False)
            presses.on(page.get_by_role("button", name=words.save))
            self._is_told(who, allowed=True)
            assert presses.count <= _TO_ALLOW, f"{presses.count} presses to allow"
            page.goto(f"{self.portal.base}/{language}/home/")
            presses = _Presses(page)
            presses.on(page.get_by_role("link", name=words.back).first)
            presses.on(page.get_by_role("button", name=words.back))
            self._is_told(who, allowed=False)
            assert presses.count <= _TO_STOP, f"{presses.count} presses to stop"

    def is_refused(self, language: str) -> None:
        """Every fault of the identity service's panel: a page in this language, and nobody is signed in."""
        with self.tab(language, 360) as page:
            for fault in TOLD:
                page.goto(f"{self.portal.base}/{language}/")
                follow(page, page.get_by_role("button", name=WORDS[language].sign_in))
                page.locator("select[name=break]").select_option(fault.value)
                follow(page, page.locator("button[value=otso]"))
                expect(page.get_by_role("heading", level=1)).to_have_text(_REFUSED[language])
                expect(page.locator("html")).to_have_attribute("lang", language)
                follow(page, page.locator("main a.button"))
                page.goto(f"{self.portal.base}/{language}/home/")
                assert "?next=" in page.url, f"{fault} signed someone in"

    def uses_every_right(self, language: str, who: str, folder: Path) -> None:
        """One after the other, from the page where each begins to its number or its file."""
        with self.tab(language, 360) as page:
            signs_in(page, self.portal, language, who, WORDS[language], script=False)
            for right in RIGHTS.values():
                right(Walker(page, self.portal.base, language), folder)

    def keeps_the_page(self, who: str) -> int:
        """On every page, the change of language leads to the same page; how many were tried."""
        with self.tab("fi") as page:
            start = f"{self.portal.base}/fi/"
            tried = [f"{start}{place}" for place in _PLACES]
            for url in tried:
                self._changes(page, url)
            signs_in(page, self.portal, "fi", who, WORDS["fi"], script=False)
            sees_pulled_records(page, self.portal, "fi", WORDS["fi"], script=False)
            own = [page.url, *(f"{start}{place}" for place in _OWN_PLACES), *self._answered(page)]
            for url in own:
                self._changes(page, url)
            return len(tried) + len(own)

    def _changes(self, page: Page, url: str) -> None:
        page.goto(url)
        for now, then in (("fi", "sv"), ("sv", "en"), ("en", "fi")):
            assert page.url == url.replace("/fi/", f"/{now}/", 1), f"{url} became {page.url}"
            follow(page, page.locator(f"header a[hreflang={then}]"))
            expect(page.locator("html")).to_have_attribute("lang", then)
        assert page.url == url, f"{url} became {page.url}"

    def _answered(self, page: Page) -> list[str]:
        """Addresses of a question, of what was answered, and of how it is taken back."""
        allows(page, self.portal, "fi", WORDS["fi"], script=False)
        saved = page.url
        permission = saved.removesuffix("saved/")
        use = str(page.locator("main a[href*='/usage/']").first.evaluate("link => link.href"))
        page.goto(f"{self.portal.base}/fi/home/")
        waiting = str(page.locator("main a[href*='/requests/']").first.evaluate("link => link.href"))
        return [waiting, saved, permission, f"{permission}stop/", use]


class _Presses:
    """Counts."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def on(self, control: Locator, *, leads: bool = True) -> None:
        """One press."""
        self.count += 1
        if leads:
            follow(self.page, control)
        else:
            control.click()


def _family_name(who: str) -> str:
    return next(person.family_name for person in everyone() if person.slug == who)
