"""An evaluation of fairness in a browser: planned, fixed, its file counted by a real worker, approved, read by all."""

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, BrowserContext, FilePayload, Page, expect

from tests.browsing import does_not_scroll_sideways, follow, is_accessible, listening
from tests.fairness.files import GROUPS, by_hand
from tests.portal_server import Running

pytestmark = pytest.mark.browser
COUNTED_SECONDS = 60.0
LANGUAGES = ("fi", "sv", "en")


def looked_at(page: Page, said: list[str]) -> None:
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        does_not_scroll_sideways(page)
    is_accessible(page)
    assert said == []


def plans(keeper: Page, said: list[str]) -> None:
    looked_at(keeper, said)
    keeper.locator("#id_algorithm").select_option(label="preschool-place-proposal")
    keeper.locator("input[name=judged]").first.check()
    for name, column in (("outcome", "invited"), ("truth", "right"), ("score", "score")):
        keeper.locator(f"#id_{name}").fill(column)
    for language in LANGUAGES:
        for name, text in (("about", "Who is invited first."), ("done", "were invited"), ("why", "It is a good.")):
            keeper.locator(f"#id_{name}_{language}").fill(text)
    for number, (column, values) in enumerate(GROUPS.items()):
        if number:
            keeper.get_by_text(f"Groups, column {number + 1} of 4").click()
        keeper.locator(f"#id_g{number}-column").fill(column)
        lines = [f"{value} = {' | '.join([f'{column} {value}'] * 3)}" for value in values]
        keeper.locator(f"#id_g{number}-labels").fill("\n".join(lines))
        for language in LANGUAGES:
            keeper.locator(f"#id_g{number}-name_{language}").fill(column)
    follow(keeper, keeper.get_by_role("button", name="Save the plan"))


def brings(keeper: Page, said: list[str]) -> None:
    follow(keeper, keeper.get_by_role("button", name="Fix the plan"))
    looked_at(keeper, said)
    file = FilePayload(name="made-up.csv", mimeType="text/csv", buffer=by_hand())
    keeper.get_by_label("File", exact=True).set_input_files(file)
    follow(keeper, keeper.get_by_role("button", name="Bring the file"))
    deadline = time.monotonic() + COUNTED_SECONDS
    while not keeper.get_by_role("link", name="What everyone reads").count() and time.monotonic() < deadline:
        time.sleep(0.25)
        keeper.reload()
    looked_at(keeper, said)


def test_a_plan_is_fixed_before_its_file_is_counted_and_everyone_reads_what_came_of_it(
    portal: Running, chromium: Browser, staff: Callable[[str], BrowserContext], said: list[str]
) -> None:
    keeper = listening(staff("keeper-early"), said)
    keeper.goto(f"{portal.staff_base}/admin/algorithms/evaluation/add/")
    plans(keeper, said)
    brings(keeper, said)
    officer = listening(staff("dpo"), said)
    officer.goto(keeper.url)
    follow(officer, officer.get_by_role("button", name="Approve and publish"))
    page = listening(chromium.new_context(locale="en"), said)
    page.goto(f"{portal.base}/en/algorithms/preschool-place-proposal/")
    follow(page, page.locator("a[href*='/fairness/']").first)
    expect(page.get_by_text("Over a limit").first).to_be_visible()
    looked_at(page, said)
