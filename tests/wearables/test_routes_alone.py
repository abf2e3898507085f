"""Routes are the person's alone: no other resident, staff, department or purpose has them; their own copy does."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import ProgrammingError, transaction
from msgspec import json

from consents.models import Purpose
from consents.queries.reading import asked_datasets
from datasources.models import Dataset
from datasources.queries.brought import brought_alone
from datasources.wearables.models import KeptRoute
from datasources.wearables.sharing import DATASETS
from demo.population.server import Population
from demo.watches import EXPORTS, days
from portal.cities import city as city_facts
from portal.pages.package.own import own_files
from portal.walls import Role, scope
from tests.acting import act, register
from tests.house.sources import ROOT
from tests.pages.conftest import city, resident_in
from tests.requests.accounts import Two, joined, two
from tests.residents import Resident
from tests.wearables.bringing import allow, days_ago, routes_kept
from tests.wearables.routing import keeps, page, runs

__all__ = ["city", "register", "resident_in", "two"]
Enter = Callable[[str], Resident]
PAGES = ("devices/routes/", "devices/routes/remove/")
ONE = ("", "gpx/", "remove/")


def test_two_accounts_of_one_person_hold_each_route_once(two: Two) -> None:
    stays, goes = two
    for one, ago in ((stays, 9), (goes, 9), (goes, 5)):
        allow(one)
        keeps(one, EXPORTS["gpx"](days(days_ago(ago), 1)))
    joined(two)
    began = [each.told.begun_at for each in routes_kept(stays) if each.told]
    assert [each.date() for each in began if each] == [days_ago(5), days_ago(9)]
    assert page(stays, f"devices/routes/{routes_kept(stays)[0].id}/").count("<svg") == 1
    # The digest is theirs anew: the same file once more is still the same route.
    assert keeps(stays, EXPORTS["gpx"](days(days_ago(5), 1))).merged == 1


def test_the_persons_own_copy_holds_each_route_as_gpx(raili: Resident) -> None:
    keeps(raili, runs(2))
    with scope(Role.RESIDENT, persons=[raili.person]):
        files = {name: b"".join(parts) for name, parts in own_files(raili.person, (), {"city": city_facts()})}
    tables = {each["table"]: each["rows"] for each in json.decode(files["portal/rows.json"])["tables"]}
    rows = tables["wearables.KeptRoute"]
    assert {row["places"] for row in rows} == {name for name in files if name.startswith("routes/")}
    assert {row["told"]["source"] for row in rows} == {"Ainon Apple Watch"}
    assert [files[row["places"]].count(b"<gpx") for row in rows] == [1, 1]
    assert all("digest" not in row for row in rows)


def test_nobody_else_gets_a_route_by_any_address(raili: Resident, resident_in: Enter, register: Population) -> None:
    keeps(raili, runs(1))
    [one] = routes_kept(raili)
    otso = resident_in("otso")
    theirs = [f"devices/routes/{one.id}/{act}" for act in ONE]
    assert {otso.browser.get(f"/fi/{each}").status_code for each in theirs} == {404}
    assert otso.browser.post(f"/fi/devices/routes/{one.id}/remove/").status_code == 404
    # Nor while somebody acts for her.
    assert act(otso, "raili").status_code == 302
    assert {otso.browser.get(f"/fi/{each}").status_code for each in (*PAGES, *theirs)} == {404}
    assert {otso.browser.post(f"/fi/{each}").status_code for each in (PAGES[1], theirs[2])} == {404}
    assert len(routes_kept(raili)) == 1


def test_no_other_role_of_the_database_reads_a_route(raili: Resident) -> None:
    keeps(raili, runs(1))
    for role in (Role.STAFF, Role.API, Role.LOGIN):
        told: dict[str, Any] = {"departments": ["*"]} if role is Role.STAFF else {}
        with (
            transaction.atomic(),
            pytest.raises(ProgrammingError, match="permission denied"),
            scope(role, persons=[raili.person], **told),
        ):
            KeptRoute.objects.count()


def test_no_purpose_dataset_or_field_can_name_a_route(city: None) -> None:
    with scope(Role.WORKER):
        asked = [row for each in Purpose.objects.all() for row in asked_datasets(each)]
        named = {name for row in asked for name in (row.dataset.slug, *row.needed, *row.optional)}
        fields = {field.slug for each in Dataset.objects.all() for field in each.fields.all()}
    # What is handed over of a watch is made of daily figures, and of nothing that knows where anybody was.
    columns = {name for make in DATASETS.values() for name in make({}, since=days_ago(9), until=days_ago(1))}
    assert set(DATASETS) == brought_alone()
    assert {each for each in named | fields | columns if re.search("route|latitude|longitude|gpx", each)} == set()


def test_only_the_persons_own_pages_and_their_own_copy_know_of_routes() -> None:
    told = r"^from datasources\.wearables\.(\w+\.)?routes\b|^from .*models import .*\bKeptRoute\b"
    files = [path for room in ("portal", "consents", "datasources") for path in (ROOT / room).rglob("*.py")]
    knows = {str(path.relative_to(ROOT)) for path in files if re.search(told, path.read_text(), re.MULTILINE)}
    outside = {path for path in knows if not path.startswith("datasources/wearables/")}
    pages = {"views/routes", "views/devices", "route_words", "route_pictures", "package/contents"}
    assert outside == {f"portal/pages/{each}.py" for each in pages} | {
        *("portal/requests/package/opened.py", "portal/requests/life/things.py")
    }
    within = {path.removeprefix("datasources/wearables/").split("/")[0] for path in knows - outside}
    assert within <= {"actions", "queries", "routes", "formats", "collecting.py"}
