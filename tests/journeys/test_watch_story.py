"""A watch's file brought, looked at, shared, seen by a department, and stopped; with and without JavaScript."""

import html
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from demo.client import Department
from demo.departments.desk import Desk
from demo.people import everyone
from demo.runner import WHO, bring_runs
from demo.watches import EXPORTS, days
from tests.browsing import does_not_scroll_sideways, follow, is_accessible, resident_enters
from tests.journeys.city import City
from tests.journeys.test_whole_way import WORDS
from tests.portal_server import Running
from tests.web import free_port

pytestmark = pytest.mark.browser

CODES = {person.slug: person.identity_code for person in everyone()}
PURPOSE, DATASET = "exercise-counselling", "wellbeing-weekly"
MEASURES = {"fi": "Askeleet", "sv": "Steg", "en": "Steps"}
WAYS = [("fi", True, "tuuli"), pytest.param("en", False, "bjorn", marks=pytest.mark.proof)]


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Fifty days of a watch and a phone."""
    path = tmp_path_factory.mktemp("watch") / "vienti.zip"
    path.write_bytes(EXPORTS["apple"](days((datetime.now(UTC) - timedelta(days=50)).date(), 50)))
    return path


@pytest.fixture(scope="module")
def counsellor(portal: Running, let_in: Callable[..., None], tmp_path_factory: pytest.TempPathFactory) -> Department:
    """The program of the sports department's counsellors."""
    out = tmp_path_factory.mktemp("counsellor") / "sports.json"
    let_in("sports", out, "--scopes", "consents:check", "data:read")
    return Department(portal.base, out)


@contextmanager
def tab(chromium: Browser, portal: Running, language: str, who: str, *, script: bool) -> Iterator[Page]:
    context = chromium.new_context(locale=language, viewport={"width": 360, "height": 900}, java_script_enabled=script)
    yield resident_enters(context, portal.base, who, language=language)
    context.close()


def look(page: Page, *, script: bool) -> None:
    if script:
        is_accessible(page)
        does_not_scroll_sideways(page)


def devices(page: Page, portal: Running, language: str, *, script: bool) -> None:
    page.goto(f"{portal.base}/{language}/devices/")
    look(page, script=script)


def says_yes(page: Page, language: str, *, script: bool) -> None:
    look(page, script=script)
    for box in page.locator("input[name=optional]").all():
        box.check()
    page.get_by_label(WORDS[language].yes).check()
    follow(page, page.get_by_role("button", name=WORDS[language].save))


def brings(page: Page, export: Path, *, script: bool) -> None:
    page.locator("input[type=file]").set_input_files(export)
    page.get_by_role("checkbox").check()
    page.locator("#bring button").click()
    page.wait_for_url(re.compile("/devices/files/"))
    for _ in range(60):
        if page.locator("main dl dd").count() > 4:
            break
        page.wait_for_timeout(500)
        if not script:
            page.reload()
    expect(page.locator("main dl dd")).to_have_count(7 + page.locator("main h2 + dl dd").count())
    look(page, script=script)


def sees_a_route(page: Page, portal: Running, language: str, *, script: bool) -> None:
    page.goto(f"{portal.base}/{language}/devices/routes/")
    look(page, script=script)
    follow(page, page.locator(".rows a").first)
    expect(page.locator("svg.chart path").first).to_be_visible()
    look(page, script=script)


def given(program: Department, who: str) -> tuple[bool, list[dict[str, object]]]:
    answer = program.disclose(PURPOSE, CODES[who], [DATASET], case="desk")
    (part,) = answer["datasets"]
    return part["allowed"], part["records"]


@pytest.mark.parametrize("maker", ["oura", "polar"])
def test_a_makers_service_is_tied_fetched_and_cut_at_both_ends(
    maker: str, portal: Running, city: City, chromium: Browser
) -> None:
    books, who = (city.makers.oura, "p0875") if maker == "oura" else (city.makers.polar, "p0876")
    with tab(chromium, portal, "en", who, script=True) as page:
        devices(page, portal, "en", script=False)
        follow(page, page.locator("main form button").first)
        says_yes(page, "en", script=False)
        devices(page, portal, "en", script=True)
        connect, end = (page.locator(f"form[action$='/ties/{maker}/{act}'] button") for act in ("", "cut/"))
        connect.click()
        # On the maker's own page.
        page.get_by_role("button", name="Allow", exact=True).click()
        expect(end).to_be_visible()
        assert books.access
        fetched(page, portal)
        look(page, script=True)
        follow(page, end)
        expect(connect).to_be_visible()
        # The maker knows of no permission any more; what was fetched stays until it is removed.
        assert not books.access
        expect(page.locator(".cards a", has_text="Steps")).to_be_visible()


def fetched(page: Page, portal: Running) -> None:
    """The worker fetches when the bell has rung."""
    for _ in range(60):
        devices(page, portal, "en", script=False)
        if page.locator(".cards a", has_text="Steps").count():
            return
        page.wait_for_timeout(500)
    raise AssertionError("nothing was fetched")


@pytest.mark.parametrize(("language", "script", "who"), WAYS)
def test_from_the_file_to_the_department_and_back(
    language: str, script: bool, who: str, export: Path, portal: Running, chromium: Browser, counsellor: Department
) -> None:
    with tab(chromium, portal, language, who, script=script) as page:
        devices(page, portal, language, script=script)
        follow(page, page.locator("main form button").first)
        says_yes(page, language, script=script)
        follow(page, page.locator("main a[href$='/devices/']"))
        brings(page, export, script=script)
        sees_a_route(page, portal, language, script=script)
        devices(page, portal, language, script=script)
        follow(page, page.locator(".cards a", has_text=MEASURES[language]).first)
        expect(page.locator("svg.chart rect").first).to_be_visible()
        look(page, script=script)
        assert given(counsellor, who) == (False, [])
        shares(page, portal, language, script=script)
        allowed, records = given(counsellor, who)
        assert (allowed, len(records) >= 3) == (True, True)
        page.goto(f"{portal.base}/{language}/devices/share/{PURPOSE}/")
        look(page, script=script)
        [part] = json.loads(html.unescape(page.locator("pre code").inner_text()))
        assert part["records"] == records
        assert at_desk(counsellor, who) == (True, len(records))
        stops(page, portal, language)
        assert given(counsellor, who) == (False, [])
        assert at_desk(counsellor, who) == (False, 0)


def at_desk(program: Department, who: str) -> tuple[bool, int]:
    """(whether the demo's sports desk may see the weeks of a watch, how many it shows beside the courses)."""
    desk = Desk(free_port(), program)
    try:
        weeks = desk.asked(who).split("weeks of their watch?")[1]
    finally:
        desk.server_close()
    return weeks.startswith(" Yes"), max(weeks.count("<tr>") - 1, 0)


def shares(page: Page, portal: Running, language: str, *, script: bool) -> None:
    devices(page, portal, language, script=script)
    follow(page, page.locator(f"form[action$='/ask/{PURPOSE}/'] button"))
    says_yes(page, language, script=script)


def stops(page: Page, portal: Running, language: str) -> None:
    devices(page, portal, language, script=False)
    follow(page, page.locator(f"form[action$='/ask/{PURPOSE}/'] button"))
    page.goto(f"{page.url}stop/")
    follow(page, page.get_by_role("button", name=WORDS[language].back))


@pytest.mark.proof
def test_a_resident_of_the_demo_keeps_two_routes(portal: Running, chromium: Browser, tmp_path: Path) -> None:
    for _ in range(2):
        bring_runs(portal.base, tmp_path)
    with tab(chromium, portal, "fi", WHO, script=False) as page:
        links = page.locator(".rows a")
        for _ in range(60):
            page.goto(f"{portal.base}/fi/devices/routes/")
            if links.count():
                break
            page.wait_for_timeout(500)
        expect(links).to_have_count(2)
