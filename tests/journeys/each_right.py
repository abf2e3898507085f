"""Each right used by a resident, from the page where it begins to the number, the day and the words: in any language.

The words that are looked for are those of the language's own catalogue, found by what is written in the code.
"""

import gettext
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

from playwright.sync_api import Locator, Page, expect

from tests.browsing import does_not_scroll_sideways, follow, is_accessible, waits_until
from tests.web import ROOT

SPORTS = "register:sports-customers"
_GAP = re.compile(r"%\(\w+\)s")
_RECEIVED = "We received your request on %(on)s. Its number is %(number)s. You will get an answer by %(due)s."
_NOT_USED = "The data has not been used since %(at)s, and everyone who uses it was told."


@dataclass(frozen=True)
class Walker:
    """A resident who is signed in, in a browser of this language; `base` is the portal's address."""

    page: Page
    base: str
    language: str

    def say(self, msgid: str) -> str:
        """The same in their language."""
        known = gettext.translation("django", ROOT / "locale", [self.language], fallback=self.language == "en")
        said = known.gettext(msgid)
        assert self.language == "en" or said != msgid, f"{self.language}: {msgid}"
        return said

    def goes(self, path: str) -> None:
        """To a page of theirs."""
        self.page.goto(f"{self.base}/{self.language}/{path}")

    def sees(self, msgid: str, *, within: Locator | None = None) -> None:
        """Whatever of it is the same for everyone; between may stand a day or a number."""
        for part in filter(str.strip, _GAP.split(self.say(msgid))):
            expect(within or self.page.locator("main")).to_contain_text(part.strip())

    def link(self, msgid: str) -> None:
        """The first of this name is followed, and the page behind it is fit for everybody."""
        follow(self.page, self.page.get_by_role("link", name=self.say(msgid)).first)
        self.looks()

    def press(self, msgid: str) -> None:
        """The button of exactly this name."""
        follow(self.page, self.page.get_by_role("button", name=self.say(msgid), exact=True))
        self.looks()

    def is_told(self, msgid: str) -> None:
        """Of what is missing, at the head of the page."""
        self.sees(msgid, within=self.page.get_by_role("alert"))

    def looks(self) -> None:
        """As it is now."""
        expect(self.page.locator("html")).to_have_attribute("lang", self.language)
        is_accessible(self.page)
        does_not_scroll_sideways(self.page)

    def downloads(self, msgid: str, to: Path) -> ZipFile:
        """What the button hands over."""
        with self.page.expect_download() as coming:
            self.page.get_by_role("button", name=self.say(msgid)).click()
        coming.value.save_as(to)
        return ZipFile(to)


def sees_everything(one: Walker, folder: Path) -> None:
    """GDPR 15: one package, which is read in their language."""
    one.goes("rights/")
    one.link("Get all your data")
    one.press("Ask for everything")
    expect(one.page.get_by_role("heading", name=one.say("The package is ready"))).to_be_visible(timeout=60_000)
    one.looks()
    with one.downloads("Download the package", folder / f"all-{one.language}.zip") as package:
        told = package.read("index.html").decode()
    assert (f'<html lang="{one.language}">' in told, one.say("A copy of your data") in told) == (True, True)


def corrects(one: Walker, folder: Path) -> None:
    """GDPR 16: from beside the record, where what is missing is told."""
    held = f'href="/{one.language}/data/sports/sports-courses/"'
    one.goes("data/")
    waits_until(one.page, lambda served: held in served)
    follow(one.page, one.page.locator(f"main a[{held}]").first)
    one.link("This is wrong")
    one.press("Send")
    one.is_told("Choose what is wrong.")
    one.page.locator("input[name=slug]").first.check()
    one.page.locator("#told").fill("?")
    one.press("Send")
    _has_a_number(one)


def restricts(one: Walker, folder: Path) -> None:
    """GDPR 18: in force with the press."""
    one.goes("rights/")
    one.link("Have the use limited")
    one.press("Send")
    one.is_told("Choose a reason.")
    one.page.locator(f"input[value='{SPORTS}']").check()
    one.page.locator("input[name=ground][value=needed]").check()
    one.press("Send")
    _has_a_number(one)
    one.sees(_NOT_USED)


def objects(one: Walker, folder: Path) -> None:
    """GDPR 21: their situation is asked for; the data is not used while the city weighs it."""
    one.goes("rights/")
    one.link("Object to the use")
    one.page.locator(f"input[value='{SPORTS}']").check()
    one.page.locator("input[name=ground][value=situation]").check()
    one.press("Send")
    one.is_told("Tell about your situation.")
    one.page.locator("#said").fill("?")
    one.press("Send")
    _has_a_number(one)
    one.sees(_NOT_USED)


def takes_along(one: Walker, folder: Path) -> None:
    """GDPR 20: chosen item by item."""
    one.goes("rights/")
    one.link("Move your data to another city")
    one.link("Choose what to take along")
    one.press("Make the file")
    one.is_told("Choose one kind of data at least.")
    one.page.locator("main input[name=items]").first.check()
    one.press("Make the file")
    expect(one.page.get_by_role("heading", name=one.say("The file is ready"))).to_be_visible(timeout=60_000)
    one.looks()
    with one.downloads("Download the file", folder / f"along-{one.language}.zip") as package:
        assert package.testzip() is None


def questions_a_row(one: Walker, folder: Path) -> None:
    """A row of the log, and an answer within five working days; the row then says that it was asked about."""
    one.goes("usage/")
    one.link("I do not recognise this")
    one.press("Send the question")
    one.goes("usage/")
    one.sees("This was asked about on %(on)s, number %(number)s.")
    one.looks()


def asks_a_person(one: Walker, folder: Path) -> None:
    """Of a department that they choose."""
    one.goes("rights/")
    one.link("Ask a person")
    one.page.locator("#whom").select_option("library")
    one.press("Send the question")
    one.is_told("Write your question.")
    one.page.locator("#said").fill("?")
    one.press("Send the question")
    _has_a_number(one)


def erases(one: Walker, folder: Path) -> None:
    """GDPR 17: first what would happen, then one press, and it is told how it stands."""
    one.goes("rights/")
    one.link("Have data erased")
    one.press("See what would happen")
    one.is_told("Choose everything or one register at least.")
    one.page.locator("input[name=registers][value=library-customers]").check()
    one.press("See what would happen")
    one.sees("Nothing has been erased yet. Read what goes and what stays.")
    one.press("Erase")
    expect(one.page.locator("main .facts dd").first).to_have_text(re.compile(r"\d"))
    one.looks()


def _has_a_number(one: Walker) -> None:
    one.sees(_RECEIVED, within=one.page.get_by_role("status").first)
    expect(one.page.locator("main .facts dd").first).to_have_text(re.compile(r"\d"))


# In this order: what is erased last was there before.
RIGHTS: Mapping[str, Callable[[Walker, Path], None]] = {
    "correct": corrects,
    "see": sees_everything,
    "restrict": restricts,
    "object": objects,
    "take along": takes_along,
    "question a row": questions_a_row,
    "ask a person": asks_a_person,
    "erase": erases,
}
