"""A permission lived through: in part, back again, asked anew; with and without JavaScript, and by keyboard alone."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browsing import does_not_scroll_sideways, follow, is_accessible, resident_enters
from tests.changed_text import CHANGED, change_text
from tests.choices import chosen_beforehand, differences_of_the_choices
from tests.journeys.test_whole_way import WORDS
from tests.portal_server import Running
from tests.proof.keyboard import Keyboard

pytestmark = pytest.mark.browser

TIPS = {
    "fi": "Lukuvinkit lainojesi perusteella",
    "sv": "Lästips utifrån dina lån",
    "en": "Reading tips from your loans",
}


@contextmanager
def tab(
    chromium: Browser, portal: Running, language: str, who: str, *, width: int = 360, script: bool = True
) -> Iterator[Page]:
    """A browser of their own, at home."""
    context = chromium.new_context(
        locale=language, viewport={"width": width, "height": 900}, java_script_enabled=script
    )
    yield resident_enters(context, portal.base, who, language=language)
    context.close()


def look(page: Page, *, script: bool) -> None:
    if script:
        is_accessible(page)
        does_not_scroll_sideways(page)


def home(page: Page, portal: Running, language: str) -> None:
    page.goto(f"{portal.base}/{language}/home/")


def says_yes(page: Page, language: str, *, all_of_it: bool = False) -> str:
    """To the reading tips, from home; the address of the permission."""
    follow(page, page.locator("main h3 a[href*='/requests/']", has_text=TIPS[language]))
    if all_of_it:
        for box in page.locator("input[name=optional]").all():
            box.check()
    page.get_by_label(WORDS[language].yes).check()
    follow(page, page.get_by_role("button", name=WORDS[language].save))
    expect(page).to_have_url(re.compile("/saved/$"))
    return page.url.removesuffix("saved/")


def stops(page: Page, language: str) -> None:
    """From home."""
    follow(page, page.locator("main a[href*='/stop/']", has_text=TIPS[language]))
    follow(page, page.get_by_role("button", name=WORDS[language].back))


WAYS = [("en", True, "p0021"), pytest.param("fi", False, "p0025", marks=pytest.mark.proof)]


@pytest.mark.parametrize(("language", "script", "who"), WAYS)
def test_in_part_back_and_again(language: str, script: bool, who: str, portal: Running, chromium: Browser) -> None:
    with tab(chromium, portal, language, who, script=script) as page:
        permission = says_yes(page, language, all_of_it=True)
        page.goto(f"{permission}change/")
        page.locator("input[name=optional]").first.uncheck()
        follow(page, page.locator("main form button"))
        home(page, portal, language)
        stops(page, language)
        page.goto(permission)
        follow(page, page.locator("main a[href*='/requests/']").first)
        page.get_by_label(WORDS[language].yes).check()
        follow(page, page.get_by_role("button", name=WORDS[language].save))
        page.goto(permission)
        look(page, script=script)
        # Asked, given, changed, taken back, given: the oldest of five is not folded yet.
        expect(page.locator(".story > li")).to_have_count(5)
        expect(page.locator("details .story")).to_have_count(0)


def test_yes_and_no_weigh_the_same(portal: Running, chromium: Browser) -> None:
    with tab(chromium, portal, "fi", "p0015") as page:
        question = str(page.locator("main h3 a[href*='/requests/']").first.evaluate("link => link.href"))
        for language in WORDS:
            for width in (360, 1280):
                page.set_viewport_size({"width": width, "height": 900})
                page.goto(question.replace("/fi/", f"/{language}/"))
                assert (differences_of_the_choices(page), chosen_beforehand(page)) == (0, 0)


def test_stopping_takes_two_presses_and_allowing_three(portal: Running, chromium: Browser) -> None:
    with tab(chromium, portal, "sv", "p0016") as page:
        pressed = presses(page)
        says_yes(page, "sv")
        assert len(pressed) == 3
        home(page, portal, "sv")
        pressed.clear()
        stops(page, "sv")
        expect(page).to_have_url(re.compile("/saved/$"))
        assert len(pressed) == 2


def presses(page: Page) -> list[str]:
    """What was pressed with the mouse from now on, on this page and those it leads to."""
    pressed: list[str] = []
    page.expose_function("pressed", lambda what: pressed.append(what))  # noqa: PLW0108 (a bound method is refused)
    page.add_init_script("addEventListener('pointerdown', event => pressed(event.target.tagName), true)")
    page.reload()
    return pressed


def sees_what_changed(page: Page, portal: Running, language: str, *, script: bool) -> None:
    """At home, in the list, on the question, on the whole text."""
    before, after = CHANGED[language]
    for place in ("home", "permissions"):
        page.goto(f"{portal.base}/{language}/{place}/")
        expect(page.locator("main h3 a[href*='/requests/']", has_text=TIPS[language])).to_have_count(1)
        look(page, script=script)
    follow(page, page.locator("main h3 a[href*='/requests/']", has_text=TIPS[language]))
    expect(page.locator("ins", has_text=after.rsplit(maxsplit=1)[-1])).to_be_visible()
    expect(page.locator("del", has_text=before.rsplit(maxsplit=1)[-1])).to_be_visible()
    look(page, script=script)
    question = page.url
    page.goto(f"{question.replace('/requests/', '/permissions/')}texts/2/")
    expect(page.locator("ins")).to_have_count(1)
    look(page, script=script)
    page.goto(question)


def test_a_changed_text_is_asked_again_and_what_changed_is_seen(
    portal: Running, chromium: Browser, meanwhile: Callable[[Callable[[], object]], None]
) -> None:
    with (
        tab(chromium, portal, "fi", "p0017") as with_script,
        tab(chromium, portal, "sv", "p0018", width=1280, script=False) as without,
        tab(chromium, portal, "en", "p0019", width=1280) as by_keyboard,
    ):
        walks = [("fi", with_script, True), ("sv", without, False), ("en", by_keyboard, True)]
        for language, page, _ in walks:
            says_yes(page, language)
        meanwhile(change_text)
        for language, page, script in walks:
            sees_what_changed(page, portal, language, script=script)
        for language, page, script in walks[:2]:
            page.get_by_label(WORDS[language].yes).check()
            follow(page, page.get_by_role("button", name=WORDS[language].save))
            permission = page.url.removesuffix("saved/")
            page.goto(permission)
            # Asked, given, given to the other text; and what differs between the two.
            expect(page.locator(".story > li")).to_have_count(3)
            page.locator("main .rows summary").click()
            expect(page.locator("ins")).to_be_visible()
            look(page, script=script)
        _answers_by_keyboard(by_keyboard, portal)


def _answers_by_keyboard(page: Page, portal: Running) -> None:
    """Reads what changed, says no, and reads the story."""
    home(page, portal, "en")
    keys = Keyboard(page)
    keys.follows(page.locator("main h3 a[href*='/requests/']", has_text=TIPS["en"]))
    keys.comes_to(page.locator("main summary").first)
    page.keyboard.press("Enter")
    expect(page.locator("ins").first).to_be_hidden()
    page.keyboard.press("Enter")
    expect(page.locator("ins").first).to_be_visible()
    # Dots of one question are one stop of Tab: the arrows go on within it.
    keys.comes_to(page.locator("input[name=answer]").first)
    page.keyboard.press("ArrowDown")
    expect(page.locator("input[name=answer][value=no]")).to_be_checked()
    keys.follows(page.get_by_role("button", name=WORDS["en"].save))
    expect(page).to_have_url(re.compile("/saved/$"))
