"""A keeper connects a database in a browser: settings, what it offers, a mapping step by step, trials, switched on."""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browsing import does_not_scroll_sideways, follow, is_accessible, listening, waits_until
from tests.journeys.test_back_office import TRIALS, switched, tried
from tests.portal_server import Running
from tests.servers import server

pytestmark = pytest.mark.browser
FEES = "Fee decisions"
# In what a reading is made of: what is chosen here, by whoever never saw the mapping before.
CHOSEN = {
    "number": "fee_decision.number",
    "valid_from": "fee_decision.valid_from",
    "valid_to": "fee_decision.valid_to",
    "total_cents": "fee_decision.total_cents",
    "family_size": "fee_decision.family_size",
    "status": "fee_decision.status",
}
OLD = (
    "SELECT settings, mapping -> 'early-education-fee-decisions' FROM datasources_source WHERE slug = 'early-education'"
)
NEW = "SELECT mapping -> 'early-education-fee-decisions' FROM datasources_source WHERE slug = 'fees-anew'"


@pytest.fixture
def keeper(staff: Callable[[str], BrowserContext], said: list[str]) -> Iterator[Page]:
    page = listening(staff("keeper-early"), said)
    yield page
    page.close()


def looked_at(keeper: Page, said: list[str], name: str) -> None:
    """Nothing is broken, nothing too wide, axe finds nothing; a picture where somebody wants one."""
    assert said == []
    does_not_scroll_sideways(keeper)
    is_accessible(keeper)
    said.clear()  # axe styles what it measures, which the policy refuses
    if folder := os.environ.get("SHOTS"):
        keeper.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def waited(keeper: Page, again: str = "Look again") -> None:
    waits_until(keeper, lambda served: f">{again}</a>" not in served)


def told(portal: Running, query: str) -> tuple[object, ...]:
    with psycopg.connect(server().url(portal.database), autocommit=True) as superuser:
        row = superuser.execute(query).fetchone()
    assert row is not None
    return row


def connected(portal: Running, keeper: Page, slug: str, url: str) -> None:
    """A new source of the department, with its address and nothing mapped."""
    keeper.goto(f"{portal.staff_base}/admin/datasources/source/add/")
    keeper.locator("#id_department").select_option(index=1)
    keeper.locator("#id_slug").fill(slug)
    keeper.locator("#id_kind").select_option("sql")
    follow(keeper, keeper.locator("input[name=_save]"))
    keeper.locator("#id_setting_url").fill(url)
    follow(keeper, keeper.locator("input[name=_continue]"))
    expect(keeper.locator(".errorlist")).to_have_count(0)


def place_chosen(keeper: Page, said: list[str]) -> None:
    """What the system offers; a table found by search, and whose its rows are."""
    follow(keeper, keeper.get_by_role("link", name="Map it step by step"))
    looked_at(keeper, said, "mapping-before")
    follow(keeper, keeper.get_by_role("button", name="See what the system offers"))
    waited(keeper)
    expect(keeper.locator("#content")).to_contain_text("tables or files were seen")
    looked_at(keeper, said, "mapping")
    follow(keeper, keeper.get_by_role("link", name=f"{FEES}: where it lies"))
    looked_at(keeper, said, "tables")
    keeper.get_by_label("Search by the name of a table or a column").fill("total_cents")
    follow(keeper, keeper.get_by_role("button", name="Search"))
    expect(keeper.get_by_role("status")).to_have_text("One table.")
    follow(keeper, keeper.get_by_role("link", name="fee_decision", exact=True))
    keeper.locator("#id_whose").select_option("fee_decision.guardian_id=guardian.id:guardian.social_security_number")
    looked_at(keeper, said, "where")
    follow(keeper, keeper.get_by_role("button", name="Look at the fields"))
    waited(keeper)


def fields_chosen(keeper: Page, said: list[str]) -> None:
    """Suggestions are looked through; nothing is taken that is left out for a reason."""
    expect(keeper.locator("#content")).to_contain_text("letters are x, digits are 9")
    for field, part in CHOSEN.items():
        expect(keeper.locator(f"#id_column_{field}")).to_have_value(part)
    looked_at(keeper, said, "fields")
    keeper.locator("#id_column_status").select_option("")
    keeper.locator("#id_codes_status_0_sv").fill("")
    follow(keeper, keeper.locator("input[value=Save]"))
    expect(keeper.locator("#field-status .errorlist").first).to_contain_text("in all three languages")
    looked_at(keeper, said, "fields-fault")
    keeper.locator("#id_column_status").select_option(CHOSEN["status"])
    keeper.locator("#id_codes_status_0_sv").fill("Annullerat")
    follow(keeper, keeper.locator("input[value=Save]"))
    expect(keeper.locator(".messagelist")).to_contain_text("Now try it")


def test_a_database_is_connected_and_mapped_without_a_programmer(
    portal: Running, keeper: Page, said: list[str]
) -> None:
    settings, before = told(portal, OLD)
    assert isinstance(settings, dict)
    assert isinstance(before, dict)
    connected(portal, keeper, "fees-anew", settings["url"])
    looked_at(keeper, said, "source")
    change = keeper.url
    place_chosen(keeper, said)
    fields_chosen(keeper, said)
    for kind, seen in TRIALS:
        tried(keeper, kind, seen)
        said.clear()
    looked_at(keeper, said, "trials")
    (after,) = told(portal, NEW)
    assert isinstance(after, dict)
    assert {name: after[name] for name in ("table", "joins", "key", "columns")} == {
        name: before[name] for name in ("table", "joins", "key", "columns")
    }
    sources = f"{portal.staff_base}/admin/datasources/source/"
    switched(keeper, sources, "early-education", on=False)
    keeper.goto(change)
    keeper.locator("#id_switched_on").check()
    follow(keeper, keeper.locator("input[name=_continue]"))
    expect(keeper.locator("#id_switched_on")).to_be_checked()
    keeper.goto(sources)
    looked_at(keeper, said, "sources")
    keeper.goto(f"{portal.staff_base}/admin/datasources/pull/")
    expect(keeper.locator("#changelist")).to_be_visible()
    looked_at(keeper, said, "pulls")
    keeper.goto(f"{change.replace('/change/', '/mapping/')}")
    follow(keeper, keeper.get_by_role("link", name="Version 2"))
    expect(keeper.locator("#content pre")).to_contain_text("fee_decision")
    looked_at(keeper, said, "version")


def test_failures_are_told_in_the_keepers_own_language(
    portal: Running, chromium: Browser, staff: Callable[[str], BrowserContext], said: list[str]
) -> None:
    context = chromium.new_context(locale="sv", storage_state=staff("keeper-early").storage_state())
    context.clear_cookies(name=re.compile("language"))
    keeper = context.new_page()
    connected(portal, keeper, "fees-nowhere", "postgresql+psycopg://portal@127.0.0.1:1/nowhere")
    follow(keeper, keeper.locator("a[href$='/mapping/']"))
    follow(keeper, keeper.get_by_role("button", name="Se vad systemet innehåller"))
    waited(keeper, "Titta på nytt")
    expect(keeper.locator("#content")).to_contain_text("Databasen svarar inte.")
    looked_at(keeper, said, "swedish")
    context.close()
