"""The register in a browser: anyone reads an entry, without script too; a keeper begins one and previews it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.algorithms.entries import facts, texts
from tests.browsing import does_not_scroll_sideways, follow, is_accessible, listening
from tests.portal_server import Running

pytestmark = pytest.mark.browser


def fine(page: Page, said: list[str]) -> None:
    assert said == []
    is_accessible(page)
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        does_not_scroll_sideways(page)
    said.clear()


def test_anyone_reads_the_register_without_script(portal: Running, chromium: Browser, said: list[str]) -> None:
    page = listening(chromium.new_context(), said)
    page.goto(f"{portal.base}/en/")
    follow(page, page.get_by_role("link", name="Register of algorithms"))
    fine(page, said)
    plain = chromium.new_context(java_script_enabled=False).new_page()
    plain.goto(page.url)
    plain.get_by_label("State").select_option("pilot")
    follow(plain, plain.get_by_role("button", name="Show"))
    expect(plain.locator("main ul.rows > li")).to_have_count(1)
    follow(plain, plain.get_by_role("link", name="Pre-primary place proposal"))
    page.goto(plain.url)
    fine(page, said)
    expect(page.get_by_text("3(a): admission to education or training")).to_be_visible()
    follow(page, page.get_by_role("link", name="Version 1, published"))
    fine(page, said)


def test_a_keeper_begins_an_entry_and_sees_it_as_everyone_will(
    portal: Running, staff: Callable[[str], BrowserContext], said: list[str]
) -> None:
    keeper = listening(staff("keeper-library"), said)
    keeper.goto(f"{portal.staff_base}/admin/algorithms/algorithm/add/")
    keeper.locator("#id_slug").fill("reading-tips-program")
    keeper.locator("#id_department").select_option(label="Espoo City Library")
    follow(keeper, keeper.locator("input[name=_save]"))
    expect(keeper.locator("#lint")).to_contain_text("things to mend")
    for language, parts in texts().items():
        for part, words in parts.items():
            keeper.locator(f"#id_{language}_{part}").fill(words)
    for name, value in facts().items():
        field = keeper.locator(f"#id_{name}")
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    expect(keeper.locator("#lint")).to_contain_text("Nothing stops this text.")
    fine(keeper, said)
    follow(keeper, keeper.get_by_role("button", name="Save the draft"))
    expect(keeper.locator(".messagelist .success")).to_be_visible()
    follow(keeper, keeper.get_by_role("link", name="In English"))
    expect(keeper.locator("h1")).to_have_text("Exercise group suggestion")
    fine(keeper, said)
    follow(keeper, keeper.get_by_role("link", name="Go back"))
    follow(keeper, keeper.get_by_role("link", name="History"))
    fine(keeper, said)
