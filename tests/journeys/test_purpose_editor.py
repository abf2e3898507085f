"""From idea to published text in a browser: a keeper writes, the officer approves, the keeper publishes."""

import tomllib
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browsing import does_not_scroll_sideways, follow, is_accessible, listening
from tests.portal_server import ROOT, Running
from tests.servers import server

pytestmark = pytest.mark.browser
LANGUAGES = ("fi", "sv", "en")
PURPOSES = ROOT / "consents" / "catalogue" / "espoo" / "purposes.toml"


def reading_tips() -> dict[str, dict[str, str]]:
    found = next(row for row in tomllib.loads(Path(PURPOSES).read_text())["purpose"] if row["slug"] == "reading-tips")
    return {language: found[language] for language in LANGUAGES}


def looked_at(page: Page, said: list[str]) -> None:
    """The page broke nothing; then axe looks, which styles what it measures in forms, and so breaks the policy."""
    assert said == []
    is_accessible(page)
    said.clear()


def begun(page: Page, portal: Running, said: list[str]) -> None:
    """The facts of a purpose."""
    page.goto(f"{portal.staff_base}/admin/consents/purpose/add/")
    looked_at(page, said)
    page.locator("#id_slug").fill("reading-anew")
    page.locator("#id_department").select_option(label="Espoo City Library")
    page.locator("#id_basis").select_option("a")
    page.locator("#id_nature").select_option("consent")
    page.locator("#id_core_process").select_option("producing_services")
    page.locator("#id_valid_days").fill("365")
    page.locator("#id_free_because").fill("Lending is the same with and without tips.")
    follow(page, page.locator("input[name=_save]"))


def written(page: Page) -> None:
    for language, parts in reading_tips().items():
        for part, words in parts.items():
            page.locator(f"#id_{language}_{part}").fill(words)
    page.locator("summary", has_text="Loans").first.click()
    for field in ("title", "kind"):
        page.locator(f"input[name=needed][value='library-loans.{field}']").check()
    page.locator("input[name=optional][value='library-loans.lent_on']").check()


def checked_while_typing(keeper: Page, said: list[str]) -> None:
    """What is missing is told, then nothing, then one hard word."""
    expect(keeper.locator("#lint")).to_contain_text("things to mend")
    written(keeper)
    expect(keeper.locator("#lint")).to_contain_text("Nothing stops this text.")
    keeper.locator("#id_sv_risk").fill("Den kan erhålla meddelandet.")
    expect(keeper.locator("#lint")).to_contain_text("This word is hard: erhålla.")
    looked_at(keeper, said)


def refused_with_a_hard_word(keeper: Page) -> None:
    """A draft may hold it; what is sent for approval may not."""
    follow(keeper, keeper.get_by_role("button", name="Save the draft"))
    follow(keeper, keeper.get_by_role("button", name="Send for approval"))
    expect(keeper.locator(".messagelist")).to_contain_text("does not pass its checks")


def saved_by_two(keeper: Page, late: Page, text: str, said: list[str]) -> None:
    """Who saves second is told so, and what they wrote is still before them."""
    late.goto(text)
    keeper.locator("#id_sv_risk").fill(reading_tips()["sv"]["risk"])
    follow(keeper, keeper.get_by_role("button", name="Save the draft"))
    late.locator("#id_en_risk").fill("Something else.")
    follow(late, late.get_by_role("button", name="Save the draft"))
    expect(late.locator(".messagelist")).to_contain_text("Someone saved this text after you opened it.")
    expect(late.locator("#id_en_risk")).to_have_value("Something else.")
    # The answer was 409, which the console tells.
    assert [line for line in said if "409" not in line] == []
    said.clear()


def published(keeper: Page, said: list[str]) -> None:
    """Nothing is done to it any more, and its history is there."""
    keeper.reload()
    follow(keeper, keeper.get_by_role("button", name="Publish"))
    expect(keeper.locator("#content")).to_contain_text("Nothing is done to this text any more.")
    looked_at(keeper, said)
    follow(keeper, keeper.get_by_role("link", name="History"))
    expect(keeper.locator("#content ins").first).to_be_visible()
    looked_at(keeper, said)


def test_from_an_idea_to_a_published_text(
    portal: Running, staff: Callable[[str], BrowserContext], said: list[str]
) -> None:
    keeper, officer = (listening(staff(who), said) for who in ("keeper-library", "dpo"))
    begun(keeper, portal, said)
    text = keeper.url
    checked_while_typing(keeper, said)
    refused_with_a_hard_word(keeper)
    saved_by_two(keeper, listening(staff("keeper-library"), said), text, said)
    previewed(keeper, said)
    keeper.goto(text)
    follow(keeper, keeper.get_by_role("button", name="Send for approval"))
    expect(keeper.locator("#content")).to_contain_text("The text waits for a data protection officer.")
    approved(officer, text, said)
    published(keeper, said)
    assert kept(portal) == ("published", reading_tips()["sv"]["risk"], True, ["kind", "title"], ["lent_on"])


def kept(portal: Running) -> tuple[object, ...] | None:
    """State, words, whether two people made it, and the fields, as they stand in the database."""
    with psycopg.connect(server().url(portal.database), autocommit=True) as superuser:
        return superuser.execute(
            """SELECT t.state, t.parts #>> '{sv,risk}', t.drafted_by <> t.approved_by, d.needed, d.optional
               FROM consents_purposetext t JOIN consents_purpose p ON p.id = t.purpose_id
               JOIN consents_purposedataset d ON d.purpose_id = p.id WHERE p.slug = 'reading-anew'"""
        ).fetchone()


def previewed(keeper: Page, said: list[str]) -> None:
    """The resident's own page, 360 px wide in a wide window."""
    follow(keeper, keeper.get_by_role("link", name="På svenska"))
    expect(keeper.locator("h1")).to_have_text(f"Samtycker du? {reading_tips()['sv']['name']}")
    assert keeper.evaluate("document.body.getBoundingClientRect().width") == 360
    does_not_scroll_sideways(keeper)
    looked_at(keeper, said)


def approved(officer: Page, text: str, said: list[str]) -> None:
    """Read, sent back without a reason in vain, and approved."""
    officer.goto(text)
    expect(officer.locator("textarea[name=fi_why]")).to_have_count(0)
    looked_at(officer, said)
    follow(officer, officer.get_by_role("button", name="Send back"))
    expect(officer.locator(".messagelist")).to_contain_text("Write what is to be mended.")
    follow(officer, officer.get_by_role("button", name="Approve"))
    expect(officer.locator(".messagelist")).to_contain_text("Approved.")
    expect(officer.get_by_role("button", name="Publish")).to_have_count(0)


def test_a_new_version_and_the_end_of_a_purpose(
    portal: Running, staff: Callable[[str], BrowserContext], said: list[str]
) -> None:
    keeper = listening(staff("keeper-library"), said)
    keeper.goto(f"{portal.staff_base}/admin/consents/purpose/")
    follow(keeper, keeper.locator("#result_list tbody th a", has_text="reading-tips"))
    expect(keeper.locator("input[name=_save]")).to_have_count(0)
    looked_at(keeper, said)
    purpose = keeper.url
    follow(keeper, keeper.get_by_role("link", name="New version"))
    follow(keeper, keeper.get_by_role("button", name="Begin the new version"))
    expect(keeper.locator("#kind-error")).to_have_text("Choose what the new version is.")
    looked_at(keeper, said)
    keeper.get_by_label("A clarification").check()
    follow(keeper, keeper.get_by_role("button", name="Begin the new version"))
    expect(keeper.locator("#id_fi_name")).to_have_value(reading_tips()["fi"]["name"])
    keeper.goto(purpose)
    follow(keeper, keeper.get_by_role("link", name="Close the purpose"))
    looked_at(keeper, said)
    follow(keeper, keeper.get_by_role("button", name="Close the purpose"))
    expect(keeper.locator(".messagelist")).to_contain_text("The purpose is closed.")
    expect(keeper.get_by_role("link", name="New version")).to_have_count(0)
