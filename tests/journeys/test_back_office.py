"""The back office walked by a keeper in a browser: the second step, every list and row, one change and its entry."""

import json

import psycopg
import pytest
from playwright.sync_api import Page, expect

from tests.browsing import follow, is_accessible, waits_until
from tests.portal_server import Running
from tests.servers import server

pytestmark = pytest.mark.browser
LISTS = {
    "datasources": ("department", "register", "dataset", "field", "source", "pull"),
    "consents": ("purpose", "purposetext"),
    "ledger": ("entry", "checkpoint", "copying"),
}
ENTRIES = "SELECT convert_from(body, 'UTF8') FROM ledger_log WHERE kind = 'datasources.catalogue_changed'"


@pytest.mark.proof
def test_every_list_and_row_opens(portal: Running, keeper: Page, said: list[str]) -> None:
    opened = {}
    for app, names in LISTS.items():
        for name in names:
            keeper.goto(f"{portal.staff_base}/admin/{app}/{name}/")
            expect(keeper.locator("#changelist")).to_be_visible()
            first = keeper.locator("#result_list tbody th a").first
            if first.count():
                follow(keeper, first)
                expect(keeper.locator("#content form, #content .module").first).to_be_visible()
            opened[name] = keeper.locator("input[name=_save]").count()
    # What was pulled, published or logged is looked at only, and so is what is another department's.
    assert {name: opened[name] for name in ("pull", "purpose", "purposetext", "entry")} == {
        "pull": 0,
        "purpose": 0,
        "purposetext": 0,
        "entry": 0,
    }
    keeper.goto(f"{portal.staff_base}/admin/datasources/dataset/?q=sports-courses")
    follow(keeper, keeper.locator("#result_list tbody th a").first)
    assert keeper.locator("input[name=_save]").count() == 0
    assert said == []


def test_a_change_leaves_an_entry(portal: Running, keeper: Page, said: list[str]) -> None:
    with psycopg.connect(server().url(portal.database), autocommit=True) as superuser:
        before = len(superuser.execute(ENTRIES).fetchall())
        keeper.goto(f"{portal.staff_base}/admin/datasources/dataset/?q=library-loans")
        follow(keeper, keeper.locator("#result_list tbody th a").first)
        keeper.locator("#id_why_en").fill("We know what you have on loan.")
        follow(keeper, keeper.locator("input[name=_save]"))
        entries = [json.loads(body) for (body,) in superuser.execute(ENTRIES).fetchall()]
    changed = max(entries, key=lambda entry: str(entry["at"]))
    assert (len(entries) - before, changed["department"]) == (1, "library")
    assert (changed["reference"], changed["counts"]) == ("dataset library-loans", {"fields": ["why_en"]})
    assert (changed["actor"]["kind"], "Lasse" in json.dumps(changed)) == ("staff", False)
    assert said == []


def tried(keeper: Page, kind: str, seen: str) -> None:
    """Press, wait for the worker, and see what it found."""
    follow(keeper, keeper.get_by_role("button", name=kind))
    waits_until(keeper, lambda served: ">Look again</a>" not in served)
    expect(keeper.locator("#content .trial").first).to_contain_text(seen)
    is_accessible(keeper)


TRIALS = (
    ("Test the connection", "data comes"),
    ("Preview five people", "People: 5"),
    ("Dry run", "People passed over"),
)


def looked_at(keeper: Page, said: list[str]) -> None:
    """The page broke nothing; then axe looks, which styles what it measures in forms, and so breaks the policy."""
    assert said == []
    is_accessible(keeper)
    said.clear()


def unmasked(portal: Running, keeper: Page, change: str) -> None:
    """A reason, the values, and then they are gone."""
    keeper.goto(change.replace("/change/", "/trials/"))
    keeper.locator("summary", has_text="unmasked").click()
    follow(keeper, keeper.get_by_role("button", name="Preview five people unmasked"))
    expect(keeper.locator(".errorlist")).to_have_text("Write the reason.")
    keeper.locator("#id_reason").fill("Two columns of dates look alike when masked.")
    tried(keeper, "Preview five people unmasked", "People: 5")
    follow(keeper, keeper.get_by_role("button", name="Show the values once"))
    expect(keeper.locator("#content table").first).to_be_visible()
    is_accessible(keeper)
    with psycopg.connect(server().url(portal.database), autocommit=True) as superuser:
        told = superuser.execute("SELECT count(*) FROM ledger_log WHERE kind = 'datasources.values_shown'").fetchone()
        kept = superuser.execute("SELECT count(*) FROM datasources_trial WHERE sealed_values IS NOT NULL").fetchone()
    assert told is not None
    assert told[0] >= 1
    assert kept == (0,)
    keeper.goto(change.replace("/change/", "/trials/"))
    expect(keeper.get_by_role("button", name="Show the values once")).to_have_count(0)


def switched(keeper: Page, sources: str, slug: str, *, on: bool) -> None:
    """A source is switched on or off in its form."""
    keeper.goto(sources)
    follow(keeper, keeper.locator("#result_list tbody th a").get_by_text(slug, exact=True))
    keeper.locator("#id_switched_on").set_checked(on)
    follow(keeper, keeper.locator("input[name=_continue]"))
    expect(keeper.locator(".errorlist")).to_have_count(0)


def takes_its_place(portal: Running, keeper: Page, said: list[str], change: str) -> None:
    """The new way is let in when the old one was let go of, and then it is all as it was before."""
    sources = f"{portal.staff_base}/admin/datasources/source/"
    # The old way is let go of before the new one is let in: both would bring the same records.
    keeper.goto(change)
    keeper.locator("#id_switched_on").check()
    follow(keeper, keeper.locator("input[name=_continue]"))
    expect(keeper.locator(".field-switched_on .errorlist")).to_contain_text("library reads this already")
    switched(keeper, sources, "library", on=False)
    keeper.goto(change)
    keeper.locator("#id_switched_on").check()
    follow(keeper, keeper.locator("input[name=_continue]"))
    expect(keeper.locator(".errorlist")).to_have_count(0)
    expect(keeper.locator("#id_switched_on")).to_be_checked()
    looked_at(keeper, said)
    # And back again, as it was before; other journeys need the library.
    keeper.locator("#id_switched_on").uncheck()
    follow(keeper, keeper.locator("input[name=_continue]"))
    keeper.goto(sources)
    follow(keeper, keeper.locator("#result_list tbody th a").get_by_text("library", exact=True))
    follow(keeper, keeper.get_by_role("link", name="Try the source"))
    tried(keeper, *TRIALS[-1])
    switched(keeper, sources, "library", on=True)
    said.clear()  # axe looked meanwhile


def library_of(portal: Running) -> tuple[dict[str, str], object]:
    """(settings, mapping) of the library as it is connected already."""
    with psycopg.connect(server().url(portal.database), autocommit=True) as superuser:
        told = superuser.execute("SELECT settings, mapping FROM datasources_source WHERE slug = 'library'").fetchone()
    assert told is not None
    return told[0], told[1]


def begun(portal: Running, keeper: Page, said: list[str]) -> None:
    """Whose system it is and how it is reached; a keeper begins one of their own department only."""
    keeper.goto(f"{portal.staff_base}/admin/datasources/source/add/")
    assert keeper.locator("#id_department option").all_inner_texts() == ["---------", "Espoo City Library"]
    looked_at(keeper, said)
    keeper.locator("#id_department").select_option(label="Espoo City Library")
    keeper.locator("#id_slug").fill("library-anew")
    keeper.locator("#id_kind").select_option("rest")
    follow(keeper, keeper.locator("input[name=_save]"))
    looked_at(keeper, said)


def told_what_is_missing(keeper: Page, url: str) -> None:
    """Nothing is filled in: each place says so, and nothing is saved."""
    follow(keeper, keeper.locator("input[name=_continue]"))
    expect(keeper.locator(".field-setting_url .errorlist")).to_have_text("Fill this in.")
    keeper.locator("#id_setting_url").fill(url)
    follow(keeper, keeper.locator("input[name=_continue]"))
    expect(keeper.locator(".field-setting_token_url .errorlist")).to_have_text("Fill this in.")
    expect(keeper.locator(".field-setting_client_secret .errorlist")).to_have_text("Fill this in.")


def filled_in(portal: Running, keeper: Page, settings: dict[str, str], mapping: object) -> None:
    """Switched on only after a dry run; the secret never comes back to the page."""
    secret = portal.log.with_name("library.secret").read_text().strip()
    for name in ("url", "token_url", "client_id"):
        keeper.locator(f"#id_setting_{name}").fill(settings[name])
    keeper.locator("#id_setting_client_secret").fill(secret)
    keeper.locator("#id_mapping").fill(json.dumps(mapping))
    keeper.locator("#id_switched_on").check()
    follow(keeper, keeper.locator("input[name=_continue]"))
    expect(keeper.locator(".field-switched_on .errorlist")).to_contain_text("Make a dry run")
    assert secret not in keeper.content()
    keeper.locator("#id_setting_client_secret").fill(secret)
    keeper.locator("#id_switched_on").uncheck()
    follow(keeper, keeper.locator("input[name=_continue]"))
    expect(keeper.locator(".errorlist")).to_have_count(0)
    assert secret not in keeper.content()


def test_a_keeper_connects_a_system_without_a_programmer(portal: Running, keeper: Page, said: list[str]) -> None:
    settings, mapping = library_of(portal)
    begun(portal, keeper, said)
    told_what_is_missing(keeper, settings["url"])
    filled_in(portal, keeper, settings, mapping)
    change = keeper.url
    follow(keeper, keeper.get_by_role("link", name="Try the source"))
    for kind, seen in TRIALS:
        tried(keeper, kind, seen)
    unmasked(portal, keeper, change)
    takes_its_place(portal, keeper, said, change)
    assert said == []


def test_another_departments_source_is_not_tried(portal: Running, keeper: Page, said: list[str]) -> None:
    keeper.goto(f"{portal.staff_base}/admin/datasources/source/")
    follow(keeper, keeper.locator("#result_list tbody th a").get_by_text("sports", exact=True))
    assert keeper.get_by_role("link", name="Try the source").count() == 0
    assert said == []
    refused = keeper.goto(keeper.url.replace("/change/", "/trials/"))
    assert refused is not None
    assert refused.status == 404
