"""The whole way through, on a phone and on a desk, with and without JavaScript; every page passes axe."""

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect

from demo.client import Department
from demo.people import everyone
from tests.browsing import does_not_scroll_sideways, follow, is_accessible, waits_until
from tests.portal_server import Running

pytestmark = pytest.mark.browser

CODES = {person.slug: person.identity_code for person in everyone()}


@dataclass(frozen=True)
class Words:
    """What the page says in one language."""

    sign_in: str
    courses: str
    question: str
    yes: str
    save: str
    back: str
    gave: str
    took: str


WORDS = {
    "fi": Words(
        *("Kirjaudu Suomi.fi", "Kurssit", "Muistutus ennen kurssin alkua", "Kyllä, annan luvan", "Tallenna vastaus"),
        *("Peru lupa", "Annoit luvan.", "Peruit luvan."),
    ),
    "sv": Words(
        *("Logga in med Suomi.fi", "Kurser", "Påminnelse innan kursen börjar", "Ja, jag samtycker", "Spara svaret"),
        *("Ta tillbaka samtycket", "Du gav ditt samtycke.", "Du tog tillbaka ett samtycke."),
    ),
    "en": Words(
        *("Sign in with Suomi.fi", "Courses", "A reminder before a course starts", "Yes, I allow this", "Save answer"),
        *("Take back permission", "You gave a permission.", "You took a permission back."),
    ),
}


def look(page: Page, *, script: bool) -> None:
    if script:
        is_accessible(page)
        does_not_scroll_sideways(page)


def signs_in(page: Page, portal: Running, language: str, who: str, words: Words, *, script: bool) -> None:
    page.goto(f"{portal.base}/{language}/")
    look(page, script=script)
    follow(page, page.get_by_role("button", name=words.sign_in))
    page.locator("input[name=q]").fill(next(p.family_name for p in everyone() if p.slug == who))
    follow(page, page.locator("form[method=get] button"))
    follow(page, page.locator(f"button[value={who}]"))
    expect(page).to_have_url(f"{portal.base}/{language}/home/")


def sees_pulled_records(page: Page, portal: Running, language: str, words: Words, *, script: bool) -> None:
    page.goto(f"{portal.base}/{language}/data/")
    waits_until(page, lambda served: re.search(rf">\s*{words.courses}\s*</a>", served) is not None)
    look(page, script=script)
    follow(page, page.get_by_role("link", name=words.courses, exact=True))
    expect(page.locator(".record").first).to_be_visible()
    look(page, script=script)


def allows(page: Page, portal: Running, language: str, words: Words, *, script: bool) -> None:
    page.goto(f"{portal.base}/{language}/home/")
    look(page, script=script)
    follow(page, page.get_by_role("link", name=words.question).first)
    look(page, script=script)
    page.get_by_label(words.yes).check()
    follow(page, page.get_by_role("button", name=words.save))
    expect(page).to_have_url(re.compile("/saved/$"))
    look(page, script=script)


def takes_back(page: Page, portal: Running, language: str, words: Words, *, script: bool) -> None:
    """Two presses from home."""
    page.goto(f"{portal.base}/{language}/home/")
    follow(page, page.get_by_role("link", name=words.back).first)
    look(page, script=script)
    follow(page, page.get_by_role("button", name=words.back))
    expect(page).to_have_url(re.compile("/saved/$"))


def finds_it_in_the_log(page: Page, portal: Running, language: str, words: Words, *, script: bool) -> None:
    page.goto(f"{portal.base}/{language}/usage/")
    expect(page.get_by_text(words.gave).first).to_be_visible()
    expect(page.get_by_text(words.took).first).to_be_visible()
    look(page, script=script)
    for path in ("permissions", "registers", "help"):
        page.goto(f"{portal.base}/{language}/{path}/")
        look(page, script=script)


# Each walks as someone else, so that every question is fresh.
# Each width and way once; every combination, English too, is walked by `make proof PART=journeys`.
WALKS = [
    ("fi", 360, True, "raili"),
    ("sv", 1280, False, "p0239"),
]


@pytest.mark.parametrize(("language", "width", "script", "who"), WALKS)
def test_the_whole_way_through(
    language: str, width: int, script: bool, who: str, portal: Running, sports: Department, chromium: Browser
) -> None:
    words = WORDS[language]
    context = chromium.new_context(
        locale=language, viewport={"width": width, "height": 900}, java_script_enabled=script
    )
    page = context.new_page()

    def may_sports() -> bool:
        return bool(sports.check("swimming-reminders", ["sports-courses"], [CODES[who]])[0]["allowed"])

    signs_in(page, portal, language, who, words, script=script)
    sees_pulled_records(page, portal, language, words, script=script)
    assert may_sports() is False
    allows(page, portal, language, words, script=script)
    assert may_sports() is True
    takes_back(page, portal, language, words, script=script)
    assert may_sports() is False
    finds_it_in_the_log(page, portal, language, words, script=script)
    context.close()
