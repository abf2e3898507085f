"""Signing in against a real identity service that can be told to lie."""

import psycopg
import pytest

from demo.browser import Browser, Form
from demo.identity.breakage import TOLD, Break
from tests.people.ways_in import refusals, sign_in
from tests.portal_server import Running

REASONS = {
    Break.NONCE: "nonce",
    Break.ISSUER: "issuer",
    Break.AUDIENCE: "audience",
    Break.KEY: "unknown-key",
    Break.ACR: "assurance",
    Break.PLAIN: "plain-token",
    Break.EXPIRED: "expired",
    Break.STATE: "state",
    Break.CODE: "code-refused",
}


def test_every_fault_of_the_panel_has_its_reason() -> None:
    assert set(REASONS) == set(TOLD)


def test_a_resident_signs_in_and_is_home(portal: Running) -> None:
    home = sign_in(Browser("en"), portal.base, "raili")
    assert (home.status, home.url) == (200, f"{portal.base}/en/home/")


@pytest.mark.security("V10.1.2", "B8")
@pytest.mark.parametrize("broken", list(REASONS))
def test_every_broken_sign_in_is_refused_with_a_page_and_an_entry(
    broken: Break, portal: Running, rows: psycopg.Connection
) -> None:
    before, browser = refusals(rows), Browser("en")
    page = sign_in(browser, portal.base, "otso", broken=broken.value)
    assert (page.status, "Signing in did not work" in page.text) == (400, True)
    assert browser.open(f"{portal.base}/en/home/").url.startswith(f"{portal.base}/en/?next=")
    assert refusals(rows) == [*before, REASONS[broken]]


def test_a_second_sign_in_finds_the_same_person(portal: Running, rows: psycopg.Connection) -> None:
    for _ in range(2):
        sign_in(Browser("en"), portal.base, "bjorn")
    before = rows.execute("SELECT count(*) FROM people_person").fetchone()
    sign_in(Browser("en"), portal.base, "bjorn")
    assert rows.execute("SELECT count(*) FROM people_person").fetchone() == before


@pytest.mark.security("V7.2.4", "B7")
def test_the_session_id_changes_at_sign_in_and_a_preset_one_is_not_taken(portal: Running) -> None:
    browser = Browser("en")
    browser.client.cookies.set("espoo-resident", "presetpresetpresetpresetpreset12", domain="127.0.0.1")
    sign_in(browser, portal.base, "amira")
    kept = {cookie.value for cookie in browser.client.cookies.jar if cookie.name == "espoo-resident"}
    assert "presetpresetpresetpresetpreset12" not in kept


@pytest.mark.security("B7")
def test_signing_out_ends_the_session_here_and_at_the_identity_service(portal: Running) -> None:
    browser, before = Browser("en"), set(portal.identity.residents.open)
    home = sign_in(browser, portal.base, "otso")
    session = browser.client.cookies.get("espoo-resident", domain="127.0.0.1")
    assert len(portal.identity.residents.open - before) == 1
    out = browser.send(home, home.form(posting_to="sign-out/"))
    browser.client.cookies.set("espoo-resident", str(session), domain="127.0.0.1")
    assert (out.url, out.status) == (f"{portal.base}/fi/signed-out/", 200)
    assert browser.open(f"{portal.base}/en/home/").url.startswith(f"{portal.base}/en/?next=")
    assert portal.identity.residents.open == before


@pytest.mark.security("V10.5.1")
def test_a_callback_used_twice_signs_nobody_in(portal: Running, rows: psycopg.Connection) -> None:
    browser, before = Browser("en"), refusals(rows)
    home = sign_in(browser, portal.base, "otso")
    callback = next(url for url in browser.visited if "/callback/" in url)
    browser.send(home, home.form(posting_to="sign-out/"))
    assert browser.open(callback).status == 400
    assert browser.open(f"{portal.base}/en/home/").url.startswith(f"{portal.base}/en/?next=")
    assert refusals(rows) == [*before, "state"]


def test_a_made_up_callback_does_not_sign_anybody_out(portal: Running) -> None:
    browser = Browser("en")
    sign_in(browser, portal.base, "otso")
    refused = browser.open(f"{portal.base}/sign-in/suomifi/callback/?code=x&state=y")
    assert (refused.status, browser.open(f"{portal.base}/en/home/").url) == (400, f"{portal.base}/en/home/")


def test_signing_in_as_someone_else_never_joins_the_two(portal: Running, rows: psycopg.Connection) -> None:
    browser = Browser("en")
    home = sign_in(browser, portal.base, "amira")
    form = Form("/sign-in/suomifi/", "post", {**home.form(posting_to="sign-out/").values, "process": "connect"})
    pick = browser.send(home, form)
    browser.send(pick, pick.form(with_choice="person"), person="raili")
    joined = "SELECT count(*) FROM socialaccount_socialaccount GROUP BY user_id HAVING count(*) > 1"
    assert (rows.execute(joined).fetchall(), sign_in(Browser("en"), portal.base, "raili").status) == ([], 200)


def test_a_link_does_not_start_a_sign_in(portal: Running) -> None:
    assert Browser("fi").open(f"{portal.base}/sign-in/suomifi/").url == f"{portal.base}/fi/"


@pytest.mark.security("V3.7.2", "B11")
@pytest.mark.parametrize(
    "wanted",
    [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "%2F%2Fevil.example",
        "/%2Fevil.example",
        "/%252Fevil.example",
        "/en/data/\r\nSet-Cookie: a=b",
    ],
)
def test_a_foreign_next_leads_home(wanted: str, portal: Running) -> None:
    assert sign_in(Browser("en"), portal.base, "otso", wanted=wanted).url == f"{portal.base}/en/home/"


def test_a_page_of_ours_is_gone_back_to(portal: Running) -> None:
    assert (
        sign_in(Browser("en"), portal.base, "otso", wanted="/en/permissions/").url == f"{portal.base}/en/permissions/"
    )


@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/signup/", "/admin/", "/en/admin/"])
def test_the_residents_door_has_no_other_way_in(path: str, portal: Running) -> None:
    assert Browser("en").open(f"{portal.base}{path}").status == 404
