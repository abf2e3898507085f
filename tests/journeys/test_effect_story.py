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
CASE = "swim-reminders"
Staff = Callable[[str], BrowserContext]
Meanwhile = Callable[[Callable[[], object]], None]


def looks(sports: Department, who: str) -> None:
    """The system tells of one look."""
    use = {
        "subject": {"identity_code": CODES[who]},
        "at": timezone.now().isoformat(),
        "unit": "Uimahallit",
        "role": "asiakaspalvelu",
        "purpose": "swimming-reminders",
        "datasets": ["sports-courses"],
        "case": "UIMA-26-1",
    }
    assert sports.act("POST", "uses/", {"uses": [use]}) == {"received": 1}


def counted() -> None:
    number()
    count()


def enters_a_cost(desk: Page, portal: Running) -> None:
    desk.goto(f"{portal.staff_base}/admin/usecases/case/?q=&state__exact=in_use")
    follow(desk, desk.get_by_role("link", name=CASE))
    follow(desk, desk.get_by_role("link", name="Effect: what is expected, and costs"))
    is_accessible(desk)
    desk.get_by_label("Month, as 2026-11").fill(f"{timezone.localdate():%Y-%m}")
    desk.get_by_label("Cost", exact=True).select_option(label="to run")
    desk.get_by_label("Euro", exact=True).fill("4321")
    desk.get_by_label("Where the number comes from, or why it changes").fill("Invoice 1187")
    follow(desk, desk.get_by_role("button", name="Save the cost"))
    expect(desk.get_by_text("Invoice 1187")).to_be_visible()


def test_uses_that_a_system_tells_of_appear_as_effect(
    chromium: Browser, portal: Running, staff: Staff, meanwhile: Meanwhile, let_in: Callable[..., None], tmp_path: Path
) -> None:
    let_in("sports", tmp_path / "sports.json", "--scopes", "uses:write")
    sports = Department(portal.base, tmp_path / "sports.json")
    enters_a_cost(staff("keeper-sports").new_page(), portal)
    page = chromium.new_context(locale="en", viewport={"width": 360, "height": 800}).new_page()
    *four, fifth = LOOKED_AT
    for who in LOOKED_AT:
        meanwhile(partial(arrived, who))
    for who in four:
        looks(sports, who)
    meanwhile(counted)
    page.goto(f"{portal.base}/en/use-cases/{CASE}/")
    expect(page.get_by_text("No use that may be shown has been counted since the trial began.")).to_be_visible()
    looks(sports, fifth)
    meanwhile(counted)
    page.reload()
    expect(page.get_by_text("Data was used 5 times for this since")).to_be_visible()
    page.get_by_text("Month by month", exact=True).click()
    expect(page.get_by_text("4 321").first).to_be_visible()
    is_accessible(page)
    does_not_scroll_sideways(page)
    follow(page, page.get_by_role("link", name="All use cases together"))
    row = page.get_by_role("row").filter(has=page.get_by_role("link"))
    expect(row.first.get_by_role("cell", name="5", exact=True)).to_be_visible()
    is_accessible(page)
    does_not_scroll_sideways(page)
