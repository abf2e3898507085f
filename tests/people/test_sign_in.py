"""Signing in against a real identity service that can be told to lie."""

import psycopg
import pytest

from demo.browser import Browser, Page
from demo.identity.breakage import TOLD, Break
from demo.people import everyone, staff
from tests.portal_server import Running

PEOPLE = {person.slug: person for person in everyone()}


def sign_in(browser: Browser, base: str, slug: str, *, broken: str = "", wanted: str = "") -> Page:
    start = browser.open(f"{base}/en/?next={wanted}" if wanted else f"{base}/en/")
    pick = browser.send(start, start.form(posting_to="suomifi/"))
    return browser.send(pick, pick.form(with_choice="person"), person=slug, **{"break": broken})


def refusals(rows: psycopg.Connection) -> int:
    found = rows.execute("SELECT count(*) FROM ledger_log WHERE kind = 'people.sign_in_refused'").fetchone()
    return int(found[0]) if found else 0


def test_a_resident_signs_in_and_is_home(portal: Running) -> None:
    home = sign_in(Browser("en"), portal.base, "raili")
    assert (home.status, home.url) == (200, f"{portal.base}/en/home/")


@pytest.mark.parametrize("broken", [fault for fault in TOLD if fault is not Break.NONE])
def test_every_broken_sign_in_is_refused_with_a_page_and_an_entry(
    broken: Break, portal: Running, rows: psycopg.Connection
) -> None:
    before, browser = refusals(rows), Browser("en")
    page = sign_in(browser, portal.base, "otso", broken=broken.value)
    assert (page.status, "Signing in did not work" in page.text) == (400, True)
    assert browser.open(f"{portal.base}/en/home/").url.startswith(f"{portal.base}/en/?next=")
    assert refusals(rows) == before + 1


def test_a_second_sign_in_finds_the_same_person(portal: Running, rows: psycopg.Connection) -> None:
    for _ in range(2):
        sign_in(Browser("en"), portal.base, "bjorn")
    before = rows.execute("SELECT count(*) FROM people_person").fetchone()
    sign_in(Browser("en"), portal.base, "bjorn")
    assert rows.execute("SELECT count(*) FROM people_person").fetchone() == before


def test_the_session_id_changes_at_sign_in_and_a_preset_one_is_not_taken(portal: Running) -> None:
    browser = Browser("en")
    browser.client.cookies.set("espoo-resident", "presetpresetpresetpresetpreset12", domain="127.0.0.1")
    sign_in(browser, portal.base, "amira")
    kept = {cookie.value for cookie in browser.client.cookies.jar if cookie.name == "espoo-resident"}
    assert "presetpresetpresetpresetpreset12" not in kept


def test_signing_out_ends_the_session(portal: Running) -> None:
    browser = Browser("en")
    home = sign_in(browser, portal.base, "otso")
    browser.send(home, home.form(posting_to="sign-out/"))
    assert browser.open(f"{portal.base}/en/home/").url.startswith(f"{portal.base}/en/?next=")


@pytest.mark.parametrize(
    "wanted", ["//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)", "%2F%2Fevil.example"]
)
def test_a_foreign_next_leads_home(wanted: str, portal: Running) -> None:
    assert sign_in(Browser("en"), portal.base, "otso", wanted=wanted).url.startswith(portal.base)


@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/signup/", "/admin/", "/en/admin/"])
def test_the_residents_door_has_no_other_way_in(path: str, portal: Running) -> None:
    assert Browser("en").open(f"{portal.base}{path}").status == 404


def test_a_resident_session_does_not_open_the_staffs_door(portal: Running) -> None:
    browser = Browser("en")
    sign_in(browser, portal.base, "otso")
    assert "/admin/" not in browser.open(f"{portal.staff_base}/sign-in/").url


def test_staff_sign_in_and_must_set_up_a_second_step(portal: Running, rows: psycopg.Connection) -> None:
    browser = Browser("en")
    door = browser.open(f"{portal.staff_base}/sign-in/")
    pick = browser.send(door, door.form(posting_to="city/"))
    browser.send(pick, pick.form(with_choice="person"), person="dpo")
    assert browser.open(f"{portal.staff_base}/admin/").url.startswith(f"{portal.staff_base}/second-step/totp/")
    kinds = rows.execute(
        "SELECT kind, is_staff, departments, first_name, email FROM people_user WHERE is_staff"
    ).fetchall()
    assert kinds == [("staff", True, ["*"], "", "")]


def test_no_table_and_no_log_line_tells_who_signed_in(portal: Running, rows: psycopg.Connection) -> None:
    sign_in(Browser("en"), portal.base, "raili")
    everything = portal.log.read_text()
    for schema, table in rows.execute(
        "SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('public', 'keys')"
    ):
        everything += "\n".join(str(row[0]) for row in rows.execute(f'SELECT t::text FROM "{schema}"."{table}" t'))
    people = [PEOPLE[slug] for slug in ("raili", "otso", "bjorn", "amira")]
    secrets = [secret for who in people for secret in (who.identity_code, who.family_name, who.email, who.street)]
    secrets += [who.identity_code for who in staff()] + [who.name for who in staff()]
    assert [secret for secret in secrets if secret and secret in everything] == []
