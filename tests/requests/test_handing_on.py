"""What was accepted from another city is taken along again: to the byte as it came, with that city named."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from datasources.transfers.package.tables import json_of
from portal.walls import Role, scope
from tests.arriving.bringing_packages import YEARS, brought, made, say, school, taken_in
from tests.pages.conftest import city, resident_in
from tests.requests.test_leaving import file_of, verified
from tests.residents import Resident
from tests.sheets import put_sheet
from tests.transfers.made import CITY, ORIGIN, item

__all__ = ["city", "resident_in"]
Enter = Callable[[str], Resident]


def test_it_goes_on_as_it_came_and_says_whose_it_is(resident_in: Enter, tmp_path: Path) -> None:
    raili = resident_in("raili")
    kept = taken_in(raili, "raili", tmp_path)
    page = raili.browser.get("/en/move/leave/").content.decode()
    assert f'value="accepted:{kept.pk}"' in page
    assert "It goes on just as it came, with that city named." in page
    package = verified(file_of(raili, f"accepted:{kept.pk}"))
    [only] = package.manifest.items
    assert (only.id, only.dataset, package.read(only.json)) == ("school-enrolment", "school-enrolment", json_of(YEARS))
    assert only.origin is not None
    assert (only.origin.city, only.origin.issued, only.title) == (CITY, kept.issued_at, school().title)


def test_the_city_that_issued_it_first_stays_named(resident_in: Enter, tmp_path: Path, settings: LazySettings) -> None:
    raili = resident_in("raili")
    taken_in(raili, "raili", tmp_path)
    settings.TRUSTED_CITIES_FILE = next(tmp_path.glob("trusted-*.toml"))
    settings.WATCH_SPOOL = tmp_path / "spool"
    shelf = next(row for row in brought(raili, made(item("shelf", origin=ORIGIN))) if row.dataset == "shelf")
    say(raili, shelf.pk, "accept")
    [only] = verified(file_of(raili, f"accepted:{shelf.pk}", receiver="oneself")).manifest.items
    assert only.origin == ORIGIN


def test_beside_ones_own_of_the_same_name_both_are_there(
    resident_in: Enter, tmp_path: Path, settings: LazySettings
) -> None:
    raili = resident_in("raili")
    taken_in(raili, "raili", tmp_path)
    settings.TRUSTED_CITIES_FILE = next(tmp_path.glob("trusted-*.toml"))
    settings.WATCH_SPOOL = tmp_path / "spool"
    theirs = item("library-loans", [{"day": "2026-01-01"}])
    loans = next(row for row in brought(raili, made(theirs)) if row.dataset == "library-loans")
    say(raili, loans.pk, "accept")
    put_sheet(raili.person, "library-loans", [{"title": "Kalevala"}])
    package = verified(file_of(raili, "library-loans", f"accepted:{loans.pk}", receiver="oneself"))
    rows = {each.id: package.rows(each) for each in package.manifest.items}
    assert rows["library-loans-turku"] == [{"day": "2026-01-01"}]
    assert rows["library-loans"][0]["title"] == "Kalevala"


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_as_much_for_three_as_for_one(
    count: int, resident_in: Enter, tmp_path: Path, settings: LazySettings
) -> None:
    raili = resident_in("raili")
    taken_in(raili, "raili", tmp_path)
    settings.TRUSTED_CITIES_FILE = next(tmp_path.glob("trusted-*.toml"))
    settings.WATCH_SPOOL = tmp_path / "spool"
    for row in brought(raili, made(*[item(f"shelf-{number}") for number in range(count)])):
        if row.dataset.startswith("shelf"):
            say(raili, row.pk, "accept")
    raili.browser.get("/en/move/leave/")
    with CaptureQueriesContext(connection) as said:
        assert raili.browser.get("/en/move/leave/").content.decode().count("accepted:") == count + 1
    read = [query["sql"] for query in said if " FROM " in query["sql"] and "current_setting" not in query["sql"]]
    assert len(read) == 9


def test_nobody_else_can_take_it(resident_in: Enter, tmp_path: Path) -> None:
    raili, otso = resident_in("raili"), resident_in("otso")
    kept = taken_in(raili, "raili", tmp_path)
    assert otso.browser.post("/en/move/leave/", {"items": [f"accepted:{kept.pk}"]}).status_code == 422
    with scope(Role.RESIDENT, persons=[otso.person]):
        assert not type(kept).objects.exists()
