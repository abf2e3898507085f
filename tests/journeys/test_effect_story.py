"""The effect of a use case from end to end: a department's system tells of uses, and everyone reads what came of it."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect

from demo.client import Department
from tests.browsing import does_not_scroll_sideways, follow, is_accessible
from tests.portal_server import Running
from tests.residents import CODES, arrived
from tests.usecases.using import count, number

pytestmark = pytest.mark.browser
# People of this journey alone.
LOOKED_AT = [f"p{number:04}" for number in range(71, 76)]
CASE = "loans-and-school"
Staff = Callable[[str], BrowserContext]
Meanwhile = Callable[[Callable[[], object]], None]


def looks(library: Department, who: str) -> None:
    """The system tells of one look."""
    use = {
        "subject": {"identity_code": CODES[who]},
        "at": timezone.now().isoformat(),
        "unit": "Kirjasto",
        "role": "asiakaspalvelu",
        "purpose": "reading-tips",
        "datasets": ["library-loans"],
    }
    assert library.act("POST", "uses/", {"uses": [use]}) == {"received": 1}


def counted() -> None:
    number()
    count()


def saves(desk: Page, name: str) -> None:
    follow(desk, desk.get_by_role("button", name=name))
    expect(desk.locator(".messagelist .success")).to_be_visible()


def brings_to(desk: Page, state: str) -> None:
    follow(desk, desk.get_by_role("link", name="Answer in public, or change the state"))
    desk.locator("#id_state").select_option(label=state)
    for language in ("fi", "sv", "en"):
        desk.locator(f"#id_{language}").fill(f"We go on ({language}).")
    saves(desk, "Say it in public")


def expects(desk: Page) -> None:
    follow(desk, desk.get_by_role("link", name="Effect: what is expected, and costs"))
    is_accessible(desk)
    desk.get_by_label("What counts as one use").select_option(label="a look that a department told of")
    for what, likely in (("resident", 60), ("staff", 30), ("euro", 20)):
        for bound, value in (("low", likely - 10), ("likely", likely), ("high", likely + 10)):
            desk.locator(f"#id_{what}_{bound}").fill(str(value))
    for name, value in (("uses_a_year", 1200), ("build_euro", 50), ("yearly_euro", 0)):
        desk.locator(f"#id_{name}").fill(str(value))
    saves(desk, "Save what is expected")


def enters_a_cost(desk: Page) -> None:
    desk.get_by_label("Month, as 2026-11").fill(f"{timezone.localdate():%Y-%m}")
    desk.get_by_label("Cost", exact=True).select_option(label="to build")
    desk.get_by_label("Euro", exact=True).fill("40")
    desk.get_by_label("Where the number comes from, or why it changes").fill("Invoice 1187")
    saves(desk, "Save the cost")
    is_accessible(desk)


def is_tried_out(desk: Page, portal: Running) -> None:
    """A dropped case is studied again; the trial waits until it is said what is expected of it."""
    cases = f"{portal.staff_base}/admin/usecases/case/"
    desk.goto(cases)
    follow(desk, desk.get_by_role("link", name=CASE))
    case = desk.url
    desk.locator("#id_purposes").select_option(label="reading-tips")
    saves(desk, "Save and publish")
    brings_to(desk, "being studied")
    desk.goto(case)
    expects(desk)
    desk.goto(case)
    brings_to(desk, "being tried out")
    desk.goto(case)
    follow(desk, desk.get_by_role("link", name="Effect: what is expected, and costs"))
    enters_a_cost(desk)


def test_uses_that_a_system_tells_of_appear_as_effect(
    chromium: Browser, portal: Running, staff: Staff, meanwhile: Meanwhile, let_in: Callable[..., None], tmp_path: Path
) -> None:
    let_in("library", tmp_path / "library.json", "--scopes", "uses:write")
    library = Department(portal.base, tmp_path / "library.json")
    is_tried_out(staff("keeper-library").new_page(), portal)
    page = chromium.new_context(locale="en", viewport={"width": 360, "height": 800}).new_page()
    *four, fifth = LOOKED_AT
    for who in LOOKED_AT:
        meanwhile(partial(arrived, who))
    for who in four:
        looks(library, who)
    meanwhile(counted)
    page.goto(f"{portal.base}/en/use-cases/{CASE}/")
    expect(page.get_by_text("No use that may be shown has been counted since the trial began.")).to_be_visible()
    looks(library, fifth)
    meanwhile(counted)
    page.reload()
    expect(page.get_by_text("Data was used 5 times for this since")).to_be_visible()
    expect(
        page.get_by_text("It has saved the city more than it cost: at least 10 € and at most 110 €.")
    ).to_be_visible()
    is_accessible(page)
    does_not_scroll_sideways(page)
    follow(page, page.get_by_role("link", name="All use cases together"))
    row = page.get_by_role("row").filter(has_text="being tried out").filter(has_text="100 €")
    expect(row.get_by_role("cell", name="5", exact=True)).to_be_visible()
    is_accessible(page)
    does_not_scroll_sideways(page)
