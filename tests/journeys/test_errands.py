"""From a department's own service to one question and back, one for each core process; and data that is given."""

import json
import re
from collections.abc import Callable, Iterator
from functools import partial
from threading import Thread

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect

from consents.donations.keeping import draft_outcome
from consents.models import Purpose
from consents.texts import LANGUAGES
from demo.departments.leading import SERVICES, Services
from demo.people import everyone
from portal.walls import Role, scope
from tests.browsing import does_not_scroll_sideways, follow, is_accessible, resident_enters, waits_until
from tests.consents.leading import ONE
from tests.portal_server import Running

pytestmark = pytest.mark.browser

NAMES = {person.slug: person.family_name for person in everyone()}


@pytest.fixture(scope="package")
def services(
    portal: Running,
    let_in: Callable[..., None],
    meanwhile: Callable[[Callable[[], object]], None],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Services]:
    """The three services, each with its department's key and an address that two people looked at."""
    folder = tmp_path_factory.mktemp("services")
    keys = {each.department: folder / f"{each.department}.json" for each in SERVICES.values()}
    scopes = ("--scopes", "consents:check", "consents:request", "data:read")
    for department, key in keys.items():
        let_in(department, key, "--name", f"The {department} service", *scopes)
    server = Services(0, portal.base, keys)
    for each in SERVICES.values():
        client = json.loads(keys[each.department].read_text())["client_id"]
        address = f"{server.url}/{each.slug}/back/"
        two = ("--proposed-by", "one", "--confirmed-by", "other")
        meanwhile(partial(call_command, "make_return_address", client, address, *two, verbosity=0))
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def look(page: Page, *, script: bool) -> None:
    if script:
        is_accessible(page)
        does_not_scroll_sideways(page)


def signs_in_on_the_way(page: Page, who: str) -> None:
    """At the portal's door, where the link has led: then on to the question."""
    follow(page, page.get_by_role("button", name="Sign in with Suomi.fi"))
    page.locator("input[name=q]").fill(NAMES[who])
    follow(page, page.locator("form[method=get] button"))
    follow(page, page.locator(f"button[value={who}]"))
    expect(page).to_have_url(re.compile("/requests/"))


WALKS = [
    ("swimming", "p0102", "yes", 360, True, "You get a reminder before the course starts."),
    ("daycare", "p0104", "no", 1280, False, "There is no news."),
    ("library", "p0108", "later", 360, True, "There are no tips."),
]


@pytest.mark.parametrize(("slug", "who", "answer", "width", "script", "told"), WALKS)
def test_a_service_leads_to_its_question_and_back(
    slug: str, who: str, answer: str, width: int, script: bool, told: str, services: Services, chromium: Browser
) -> None:
    service = SERVICES[slug]
    context = chromium.new_context(locale="en", viewport={"width": width, "height": 900}, java_script_enabled=script)
    page, said = context.new_page(), list[str]()
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.goto(f"{services.url}/{slug}/?person={who}")
    follow(page, page.locator("#ask"))
    signs_in_on_the_way(page, who)
    banner = page.locator("#errand")
    expect(banner).to_contain_text(f"You came from this service: The {service.department} service.")
    look(page, script=script)
    if answer == "later":
        follow(page, page.get_by_role("link", name="I will answer later"))
    else:
        page.locator(f"input[name=answer][value={answer}]").check()
        follow(page, page.get_by_role("button", name="Save answer"))
        expect(page).to_have_url(re.compile("/saved/$"))
        look(page, script=script)
        follow(page, page.get_by_role("link", name=re.compile("^Go back: ")))
    expect(page).to_have_url(re.compile(rf"^{re.escape(services.url)}/{slug}/back/\?"))
    expect(page.locator("main")).to_contain_text("Welcome back")
    expect(page.locator("main")).to_contain_text(told)
    # The word of a visit is worth nothing a second time.
    page.reload()
    expect(page.locator("main")).to_contain_text("Begin again")
    # Going back is a link, not a form: no browser holds it back.
    assert [each for each in said if "form-action" in each] == []
    context.close()


def test_somebody_else_than_the_visitor_is_told_so(services: Services, portal: Running, chromium: Browser) -> None:
    page = resident_enters(chromium.new_context(locale="en"), portal.base, "p0112")
    page.goto(f"{services.url}/swimming/?person=p0114")
    follow(page, page.locator("#ask"))
    expect(page.locator("main")).to_contain_text("somebody else than you")
    look(page, script=True)
    follow(page, page.get_by_role("link", name=re.compile("^Go back: ")))
    expect(page.locator("main")).to_contain_text("You answer another time.")


def test_an_address_is_proposed_by_one_and_confirmed_by_another(
    services: Services, portal: Running, keeper: Page, staff: Callable[[str], BrowserContext]
) -> None:
    """The library's keeper, then the officer."""
    keeper.goto(f"{portal.staff_base}/admin/consents/returnaddress/add/")
    is_accessible(keeper)
    keeper.locator("#id_client").select_option(label="The library service (library)")
    keeper.locator("#id_address").fill("https://library.example/?next=elsewhere")
    follow(keeper, keeper.locator("input[name=_save]"))
    expect(keeper.locator(".errorlist")).to_contain_text("begins with https://")
    keeper.locator("#id_address").fill("https://library.example/room/")
    follow(keeper, keeper.locator("input[name=_save]"))
    follow(keeper, keeper.get_by_role("link", name="https://library.example/room/"))
    is_accessible(keeper)
    expect(keeper.locator("#content")).to_contain_text("Another person confirms it.")
    officer = staff("dpo").new_page()
    officer.goto(keeper.url)
    is_accessible(officer)
    follow(officer, officer.get_by_role("button", name="Confirm the address"))
    expect(officer.locator(".messagelist .success")).to_be_visible()
    officer.close()


def draft_report() -> None:
    """What a keeper of sports writes: the demo has none to send to a browser."""
    with scope(Role.STAFF, departments=["sports"]):
        purpose = Purpose.objects.select_related("department").get(slug="swimming-hall-planning")
        told = {"title": "Open until ten", "text": "The halls are open until ten in the evening."}
        draft_outcome(purpose, parts=dict.fromkeys(LANGUAGES, told), by=ONE, at=timezone.now())


def test_data_is_given_in_parts_and_what_came_of_it_is_seen(
    portal: Running,
    chromium: Browser,
    staff: Callable[[str], BrowserContext],
    meanwhile: Callable[[Callable[[], object]], None],
) -> None:
    context = chromium.new_context(locale="en", viewport={"width": 360, "height": 900})
    page = resident_enters(context, portal.base, "p0118")
    page.goto(f"{portal.base}/en/donations/")
    look(page, script=True)
    follow(page, page.get_by_role("link", name="Planning of swimming halls"))
    look(page, script=True)
    follow(page, page.get_by_role("button", name="Read the question and choose"))
    look(page, script=True)
    page.get_by_label("Yes, I allow this").check()
    follow(page, page.get_by_role("button", name="Save answer"))
    expect(page.get_by_role("alert")).to_contain_text("Choose one part at least")
    page.get_by_label("Your visits to the halls").check()
    page.get_by_label("Yes, I allow this").check()
    follow(page, page.get_by_role("button", name="Save answer"))
    page.goto(page.url.removesuffix("saved/"))
    look(page, script=True)
    expect(page.locator("main")).to_contain_text("Nothing yet.")
    meanwhile(draft_report)
    officer = staff("dpo").new_page()
    officer.goto(f"{portal.staff_base}/admin/consents/outcome/")
    follow(officer, officer.get_by_role("link", name="Open until ten"))
    is_accessible(officer)
    follow(officer, officer.get_by_role("button", name="Publish, and tell those who gave"))
    expect(officer.locator(".messagelist .success")).to_be_visible()
    officer.close()
    waits_until(page, lambda served: "Fewer than 20 people" in served)
    expect(page.locator("main")).to_contain_text("The halls are open until ten in the evening.")
    look(page, script=True)
    page.goto(f"{portal.base}/en/settings/letters/")
    expect(page.locator("main")).to_contain_text("Something came of data that you gave")
    context.close()
