"""The staff's door: the city's provider, then a second step, then the back office."""

import psycopg
import pytest

from demo.browser import Browser
from tests.people.ways_in import code_of, refusals, set_up_second_step, sign_in, staff_sign_in
from tests.portal_server import Running

pytestmark = pytest.mark.usefixtures("no_second_steps")

ENTRANCE = "/admin/login/?next=/admin/"


def test_a_first_sign_in_leads_to_setting_up_the_second_step(portal: Running, rows: psycopg.Connection) -> None:
    page = staff_sign_in(Browser("en"), portal, "keeper-library")
    assert (page.url, page.status) == (f"{portal.staff_base}/second-step/totp/activate/", 200)
    kinds = rows.execute(
        "SELECT kind, is_staff, departments, first_name, email FROM people_user WHERE departments = '{library}'"
    )
    assert kinds.fetchall() == [("staff", True, ["library"], "", "")]


def test_the_key_is_shown_as_a_picture_from_an_address_of_ours(portal: Running) -> None:
    browser = Browser("en")
    staff_sign_in(browser, portal, "dpo")
    picture = browser.client.get(f"{portal.staff_base}/second-step/picture.svg")
    assert (picture.status_code, picture.headers["Content-Type"]) == (200, "image/svg+xml")


def test_the_back_office_opens_after_the_second_step_was_set_up(portal: Running) -> None:
    browser = Browser("en")
    before = browser.open(f"{portal.staff_base}/admin/").url
    set_up_second_step(browser, staff_sign_in(browser, portal, "dpo"))
    after = browser.open(f"{portal.staff_base}/admin/")
    assert (before, after.url, after.status) == (
        f"{portal.staff_base}{ENTRANCE}",
        f"{portal.staff_base}/admin/",
        200,
    )


def test_the_next_sign_in_asks_for_a_code_and_takes_only_the_right_one(portal: Running) -> None:
    first, browser = Browser("en"), Browser("en")
    key, _ = set_up_second_step(first, staff_sign_in(first, portal, "keeper-early"))
    asked = staff_sign_in(browser, portal, "keeper-early")
    assert asked.url == f"{portal.staff_base}/second-step/authenticate/"
    wrong = browser.send(asked, asked.form(posting_to="authenticate/"), code=code_of(key, steps=5))
    assert browser.open(f"{portal.staff_base}/admin/").url == f"{portal.staff_base}{ENTRANCE}"
    right = browser.send(wrong, wrong.form(posting_to="authenticate/"), code=code_of(key))
    assert (right.url, right.status) == (f"{portal.staff_base}/admin/", 200)


def test_a_code_of_a_clock_that_is_half_a_minute_fast_opens(portal: Running) -> None:
    first, browser = Browser("en"), Browser("en")
    key, _ = set_up_second_step(first, staff_sign_in(first, portal, "keeper-library"))
    asked = staff_sign_in(browser, portal, "keeper-library")
    opened = browser.send(asked, asked.form(posting_to="authenticate/"), code=code_of(key, steps=1))
    assert (opened.url, opened.status) == (f"{portal.staff_base}/admin/", 200)


def test_an_older_session_without_the_second_step_stays_outside(portal: Running) -> None:
    older, newer = Browser("en"), Browser("en")
    staff_sign_in(older, portal, "auditor")
    set_up_second_step(newer, staff_sign_in(newer, portal, "auditor"))
    assert older.open(f"{portal.staff_base}/admin/").url == f"{portal.staff_base}{ENTRANCE}"


def test_a_broken_staff_sign_in_is_refused_with_a_page_and_an_entry(portal: Running, rows: psycopg.Connection) -> None:
    browser, before = Browser("en"), refusals(rows)
    page = staff_sign_in(browser, portal, "dpo", broken="nonce")
    assert (page.status, "Signing in did not work" in page.text) == (400, True)
    assert browser.open(f"{portal.staff_base}/admin/").url == f"{portal.staff_base}{ENTRANCE}"
    assert refusals(rows) == [*before, "nonce"]


@pytest.mark.security("V6.8.1")
def test_a_resident_is_nobody_at_the_staffs_door(portal: Running) -> None:
    browser = Browser("en")
    sign_in(browser, portal.base, "otso")
    session = browser.client.cookies.get("espoo-resident", domain="127.0.0.1")
    carried = browser.client.get(
        f"{portal.staff_base}/second-step/totp/activate/", headers={"Cookie": f"espoo-staff={session}"}
    )
    assert str(carried.url) == f"{portal.staff_base}/session-ended/"


@pytest.mark.security("V6.8.1")
def test_a_staff_member_is_nobody_at_the_residents_door(portal: Running) -> None:
    browser = Browser("en")
    set_up_second_step(browser, staff_sign_in(browser, portal, "dpo"))
    session = next(cookie.value for cookie in browser.client.cookies.jar if cookie.name == "espoo-staff")
    carried = Browser("en").client.get(f"{portal.base}/en/home/", headers={"Cookie": f"espoo-resident={session}"})
    assert str(carried.url) == f"{portal.base}/en/session-ended/"


@pytest.mark.parametrize(
    "path", ["/accounts/login/", "/accounts/signup/", "/sign-up/", "/second-step/webauthn/login/", "/en/home/"]
)
def test_the_staffs_door_has_no_other_way_in(path: str, portal: Running) -> None:
    assert Browser("en").open(f"{portal.staff_base}{path}").status == 404


def test_the_admins_own_form_takes_no_password(portal: Running) -> None:
    page = Browser("en").open(f"{portal.staff_base}/admin/login/?next=/admin/")
    assert [sorted(form.values) for form in page.forms] == [["csrfmiddlewaretoken"]]


def test_the_page_for_a_code_without_a_sign_in_leads_to_the_entrance(portal: Running) -> None:
    page = Browser("en").open(f"{portal.staff_base}/second-step/authenticate/")
    assert (page.url, page.status) == (f"{portal.staff_base}/sign-in/", 200)


def test_staff_leave_here_and_at_the_provider(portal: Running) -> None:
    browser, before = Browser("en"), set(portal.identity.staff.open)
    _, inside = set_up_second_step(browser, staff_sign_in(browser, portal, "dpo"))
    left = browser.send(inside, inside.form(posting_to="sign-out/"))
    assert (left.url, portal.identity.staff.open) == (f"{portal.staff_base}/signed-out/", before)


def test_the_log_names_who_came_in_by_a_pseudonym_only(portal: Running, rows: psycopg.Connection) -> None:
    browser = Browser("en")
    staff_sign_in(browser, portal, "keeper-library")
    told = rows.execute(
        "SELECT convert_from(body, 'UTF8')::jsonb -> 'actor' FROM ledger_pending"
        " WHERE convert_from(body, 'UTF8')::jsonb ->> 'kind' = 'people.signed_in' ORDER BY id DESC LIMIT 1"
    ).fetchone()
    who = rows.execute("SELECT username FROM people_user WHERE departments = '{library}'").fetchone()
    assert told is not None
    assert who is not None
    actor = told[0]
    assert (actor["id"], actor["kind"], actor["unit"], actor["role"]) == (who[0], "staff", "library", "keeper")
    assert "Lukija" not in str(actor)
