"""A use case from end to end: proposed, read, published, supported, discussed, taken over, brought on, and told of."""

import time
from collections.abc import Callable
from functools import partial

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect

from demo.people import everyone
from tests.browsing import does_not_scroll_sideways, follow, is_accessible, resident_enters
from tests.journeys.city import City
from tests.notices.conftest import digests
from tests.portal_server import Running

pytestmark = pytest.mark.browser
WRITER, READER = (next(person for person in everyone() if person.slug == slug) for slug in ("p0051", "p0052"))
ARRIVES_SECONDS = 20.0
Staff = Callable[[str], BrowserContext]
Meanwhile = Callable[[Callable[[], object]], None]


def enters(chromium: Browser, portal: Running, slug: str, *, width: int) -> Page:
    context = chromium.new_context(locale="en", viewport={"width": width, "height": 800})
    return resident_enters(context, portal.base, slug)


def proposes(page: Page, portal: Running) -> None:
    page.goto(f"{portal.base}/en/use-cases/")
    expect(page.get_by_text("No vote decides by itself.").first).to_be_visible()
    is_accessible(page)
    does_not_scroll_sideways(page)
    follow(page, page.get_by_role("link", name="Propose a use case"))
    is_accessible(page)
    page.get_by_label("Name of the proposal").fill("Quiet hours at the library")
    page.get_by_label("What is the problem?").fill("Call me on 040 123 4567 about the noise.")
    page.get_by_label("Who would gain from it, and how?").fill("Readers find a quiet hour.")
    page.get_by_label("By a name that I choose").check()
    page.get_by_label("The name that you choose").fill("A reader")
    follow(page, page.get_by_role("button", name="Send the proposal"))
    expect(page.get_by_role("alert")).to_contain_text("There is a phone number in the text.")
    is_accessible(page)
    page.get_by_label("What is the problem?").fill("Nobody knows when the library is quiet.")
    follow(page, page.get_by_role("button", name="Send the proposal"))
    expect(page.get_by_role("status")).to_contain_text("A moderator reads it")
    is_accessible(page)
    does_not_scroll_sideways(page)


def publishes(desk: Page, portal: Running, words: str) -> None:
    desk.goto(f"{portal.staff_base}/admin/usecases/word/")
    follow(desk, desk.locator("#result_list tbody th a").first)
    expect(desk.locator("blockquote")).to_contain_text(words)
    is_accessible(desk)
    follow(desk, desk.get_by_role("button", name="Publish it", exact=True))


def takes_over(desk: Page, portal: Running) -> None:
    desk.goto(f"{portal.staff_base}/admin/usecases/case/")
    follow(desk, desk.locator("#result_list tbody th a").first)
    is_accessible(desk)
    for name, value in (
        ("department", "Library"),
        ("core_process", "customer relations"),
        ("basis", "your permission"),
    ):
        options = desk.locator(f"#id_{name} option")
        label = next(text for text in options.all_inner_texts() if value.casefold() in text.casefold())
        desk.locator(f"#id_{name}").select_option(label=label)
    for language in ("fi", "sv", "en"):
        for part in ("name", "problem", "gains", "risks"):
            desk.locator(f"#id_{part}_{language}").fill(f"Quiet hours: {part} {language}")
    follow(desk, desk.get_by_role("button", name="Take over and publish"))


def says(desk: Page) -> None:
    follow(desk, desk.get_by_role("link", name="Answer in public, or change the state"))
    is_accessible(desk)
    desk.locator("#id_state").select_option(label="being studied")
    for language in ("fi", "sv", "en"):
        desk.locator(f"#id_{language}").fill(f"We look into it ({language}).")
    follow(desk, desk.get_by_role("button", name="Say it in public"))


def takes_part(page: Page, portal: Running) -> None:
    page.goto(f"{portal.base}/en/settings/letters/")
    page.get_by_label("By e-mail").check()
    follow(page, page.get_by_role("button", name="Save"))
    page.goto(f"{portal.base}/en/use-cases/")
    follow(page, page.get_by_role("link", name="Quiet hours at the library"))
    expect(page.get_by_text("Proposed by A reader.")).to_be_visible()
    is_accessible(page)
    follow(page, page.get_by_role("link", name="Support, follow or comment"))
    is_accessible(page)
    follow(page, page.get_by_role("button", name="Support this"))
    follow(page, page.get_by_role("button", name="Follow this"))
    expect(page.get_by_text("You support this.")).to_be_visible()
    page.get_by_label("Your comment").fill("I would come in the mornings.")
    follow(page, page.get_by_role("button", name="Send the comment"))


def arrives(what: Callable[[], int], count: int) -> None:
    deadline = time.monotonic() + ARRIVES_SECONDS
    while what() < count and time.monotonic() < deadline:
        time.sleep(0.1)
    assert what() == count


def test_a_proposal_becomes_a_case_that_its_followers_hear_of(
    chromium: Browser, portal: Running, staff: Staff, city: City, meanwhile: Meanwhile
) -> None:
    writer = enters(chromium, portal, WRITER.slug, width=360)
    reader = enters(chromium, portal, READER.slug, width=1280)
    desk = staff("keeper-library").new_page()
    proposes(writer, portal)
    publishes(desk, portal, "Nobody knows when the library is quiet.")
    takes_part(reader, portal)
    publishes(desk, portal, "I would come in the mornings.")

    def mailed() -> int:
        return len([letter for letter in city.post.letters if letter["To"] == READER.email])

    arrives(mailed, 1)
    takes_over(desk, portal)
    says(desk)
    writer.goto(f"{portal.base}/en/use-cases/?state=studied")
    follow(writer, writer.get_by_role("link", name="Quiet hours: name en"))
    expect(writer.get_by_text("We look into it (en).")).to_be_visible()
    expect(writer.get_by_text("1 resident supports this.")).to_be_visible()
    expect(writer.get_by_text("I would come in the mornings.")).to_be_visible()
    is_accessible(writer)
    does_not_scroll_sideways(writer)

    def told() -> int:
        reader.goto(f"{portal.base}/en/settings/letters/")
        return reader.get_by_text("There is news about a use case that you follow.").count()

    arrives(told, 1)
    meanwhile(partial(digests, timezone.now()))
    arrives(mailed, 2)
    assert "Quiet" not in str(city.post.letters[-1])
    assert [word for word in ("Quiet hours", "mornings") if word in portal.log.read_text()] == []
