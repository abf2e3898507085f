"""Two officers tell of a death and of a new identity code; whoever died signs in no more, whoever did not goes on."""

from collections.abc import Callable
from datetime import date

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect

from demo.browser import Browser as Outline
from demo.people.person import identity_code
from portal.people.models import Person, User
from portal.walls import Role, scope
from tests.browsing import does_not_scroll_sideways, follow, is_accessible, listening, resident_enters
from tests.people.ways_in import sign_in
from tests.portal_server import Running
from tests.residents import CODES

pytestmark = pytest.mark.browser
Meanwhile = Callable[[Callable[[], object]], None]
NEW = identity_code(date(1981, 3, 22), 978, sign="Y")


def make_officer() -> None:
    """The auditor works for the data protection officer, too."""
    with scope(Role.STAFF, departments=["*"]):
        newest = User.objects.filter(kind="staff", groups__name="auditor").latest("date_joined")
        newest.groups.set(Group.objects.filter(name="dpo"))


def fine(page: Page) -> None:
    is_accessible(page)
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        does_not_scroll_sideways(page)


def tell(page: Page, portal: Running, case: str, **told: str) -> None:
    page.goto(f"{portal.staff_base}/admin/life/lifechange/add/")
    fine(page)
    page.locator("[name=case]").fill(case)
    page.locator("[name=kind]").select_option("code" if "new_code" in told else "death")
    for name, value in told.items():
        page.locator(f"[name={name}]").fill(value)
    follow(page, page.get_by_role("button", name="Tell the change"))


def confirm(page: Page, portal: Running, case: str, **told: str) -> None:
    page.goto(f"{portal.staff_base}/admin/life/lifechange/?q={case}")
    follow(page, page.locator("#result_list tbody th a").first)
    fine(page)
    for name, value in told.items():
        page.locator(f"[name={name}]").fill(value)
    follow(page, page.get_by_role("button", name="Confirm the change"))
    expect(page.locator(".messagelist .success")).to_be_visible()


def test_a_death_and_a_new_code_by_two_officers(
    portal: Running,
    chromium: Browser,
    staff: Callable[[str], BrowserContext],
    meanwhile: Meanwhile,
    said: list[str],
) -> None:
    one, two = (listening(staff(who), said) for who in ("dpo", "auditor"))
    meanwhile(make_officer)
    tarmo = resident_enters(chromium.new_context(), portal.base, "tarmo")
    sign_in(Outline("en"), portal.base, "otso")
    tell(one, portal, "D-1", identity_code=CODES["tarmo"])
    tell(one, portal, "D-2", identity_code=CODES["otso"], new_code=NEW)
    confirm(two, portal, "D-1", identity_code=CODES["tarmo"])
    confirm(two, portal, "D-2", identity_code=CODES["otso"], new_code=NEW)
    tarmo.reload()
    assert "/en/?next=" in tarmo.url
    refused = sign_in(Outline("en"), portal.base, "tarmo")
    assert (refused.status, "Signing in did not work" in refused.text) == (400, True)
    # By the old code nobody is known: whoever comes with it is somebody new.
    home = sign_in(Outline("en"), portal.base, "otso")
    assert home.url == f"{portal.base}/en/home/"
    assert said == []


def test_who_moved_away_reads_what_happens(
    portal: Running, chromium: Browser, meanwhile: Meanwhile, said: list[str]
) -> None:
    context = chromium.new_context()
    resident_enters(context, portal.base, "eino").close()
    page = listening(context, said)
    page.goto(f"{portal.base}/en/rights/moved-away/")
    expect(page.locator("main")).to_contain_text("has not been told that you moved away")

    def moves() -> None:
        with scope(Role.WORKER):
            Person.objects.filter(last_signed_in_at__isnull=False).update(moved_away_at=timezone.now(), moved_step=1)

    meanwhile(moves)
    page.reload()
    expect(page.locator("main")).to_contain_text("Copies of your data are made here until")
    fine(page)
    follow(page, page.get_by_role("link", name="Take your data along"))
    expect(page.locator("h1")).to_be_visible()
    assert said == []
