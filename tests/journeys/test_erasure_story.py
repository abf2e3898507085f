"""Data is erased: first it is seen what would go, then one press, and a receipt that names who refused and why."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from datasources.enums import Basis, Connection, ConnectorKind, CoreProcess, Sensitivity
from datasources.models import Dataset, Department, Register, Source
from portal.walls import Role, scope
from tests.browsing import does_not_scroll_sideways, follow, is_accessible, resident_enters, waits_until
from tests.datasources.misbehaving import served
from tests.portal_server import Running
from tests.requests.erasures import PART, UNPAID
from tests.requests.erasures import Department as Desk

pytestmark = pytest.mark.browser

MUSEUM = {"cards": "Museokortit", "loans": "Museon lainat"}
Meanwhile = Callable[[Callable[[], object]], None]


def _in_three(**texts: str) -> dict[str, str]:
    return {f"{name}_{language}": text for name, text in texts.items() for language in ("fi", "sv", "en")}


def _opens(desks: dict[str, Desk]) -> None:
    """A museum with two registers that rest on permissions, each in a system of its own."""
    with scope(Role.STAFF, departments=["*"]):
        museum, _ = Department.objects.get_or_create(
            slug="museum",
            defaults={"position": 99, **_in_three(name="Museo", everyday_name="Museo", description="Näyttelyt.")},
        )
        for slug, name in MUSEUM.items():
            facts = _in_three(
                name=name, controllers="Kaupunki", purpose="Palvelu.", law="Laki.", retention="Vuosi.", origin="Sinä",
                recipients="Ei", route="",
            )  # fmt: skip
            register = Register.objects.create(
                slug=f"museum-{slug}", department=museum, basis=Basis.CONSENT, connection=Connection.CONNECTED,
                core_process=CoreProcess.CUSTOMER_RELATIONS, position=99, **facts,
            )  # fmt: skip
            told = _in_three(name=name, why="Palvelu.", record_name="tieto")
            Dataset.objects.create(slug=f"museum-{slug}", register=register, sensitivity=Sensitivity.ORDINARY, **told)
            Source.objects.create(
                slug=f"museum-{slug}", department=museum, kind=ConnectorKind.REST, switched_on=True,
                settings=_reach(desks[slug]), mapping={f"museum-{slug}": PART},
            )  # fmt: skip


def _reach(desk: Desk) -> dict[str, Any]:
    url = f"http://127.0.0.1:{desk.port}"
    return {"url": url, "auth": "none", "erase_path": "erasure", "rehearse_path": "rehearsal"}


def _closes() -> None:
    with scope(Role.STAFF, departments=["*"]):
        Source.objects.filter(department__slug="museum").update(switched_on=False)
        Register.objects.filter(department__slug="museum").update(retired_at=timezone.now())


@pytest.fixture
def museum(meanwhile: Meanwhile) -> Iterator[dict[str, Desk]]:
    with served(Desk()) as cards, served(Desk()) as loans:
        desks = {"cards": cards, "loans": loans}
        loans.refuses = True
        meanwhile(lambda: _opens(desks))
        yield desks
        meanwhile(_closes)


def _looks(page: Page) -> None:
    is_accessible(page)
    does_not_scroll_sideways(page)


def test_from_the_dry_run_to_the_receipt_with_one_that_refuses(
    chromium: Browser, portal: Running, museum: dict[str, Desk]
) -> None:
    context = chromium.new_context(locale="fi", viewport={"width": 360, "height": 900})
    page = resident_enters(context, portal.base, "tuuli", language="fi")
    page.goto(f"{portal.base}/fi/rights/")
    follow(page, page.locator("main a[href$='/rights/erase/']").first)
    expect(page.locator("h1")).to_have_text("Poista tietoja")
    _looks(page)
    for name in MUSEUM.values():
        page.get_by_label(name).check()
    follow(page, page.get_by_role("button", name="Katso, mitä tapahtuisi"))

    waits_until(page, lambda html: UNPAID["fi"] in html)
    _looks(page)
    rows = page.locator("main ul.rows > li")
    expect(rows).to_have_count(2)
    expect(rows.filter(has_text="Museokortit")).to_contain_text("Museo poistaa tietosi omasta järjestelmästään.")
    expect(rows.filter(has_text="Museon lainat")).to_contain_text(UNPAID["fi"])
    assert [desk.effects for desk in museum.values()] == [0, 0]

    follow(page, page.get_by_role("button", name="Poista", exact=True))
    waits_until(page, lambda html: "/receipt/" in html)
    _looks(page)
    follow(page, page.get_by_role("link", name="Kuitti tietojen poistamisesta"))
    _looks(page)
    expect(rows.filter(has_text="Museokortit")).to_contain_text("Museo on poistanut tietosi omasta järjestelmästään.")
    expect(rows.filter(has_text="Museon lainat")).to_contain_text(UNPAID["fi"])
    with page.expect_download() as download:
        page.get_by_role("link", name="Allekirjoitettu tiedosto (JSON)").click()
    assert download.value.suggested_filename.startswith("erasure-")
    assert [desk.effects for desk in museum.values()] == [1, 0]
    context.close()
