"""Somebody else's data fetched straight from another city: by who may act for them, for them, as long as they may."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.utils import timezone

from datasources.transfers.models import Arrival
from datasources.transfers.package.shape import PersonDigest
from demo.population.server import Population
from portal.people.behalf.refreshing import refresh_rights
from portal.walls import Role, scope
from tests.acting import changed, register
from tests.arriving.bringing_packages import brought, check_all, items, made, page, say, told
from tests.arriving.old_city import OldCity, back, begin, fetch, old_city
from tests.pages.family import act_for, child, code_of, guardian
from tests.residents import Resident
from tests.transfers.made import CITY

__all__ = ["child", "register"]
Child = Callable[[int], Resident]


@pytest.fixture
def there(settings: LazySettings, tmp_path: Path) -> Iterator[type[OldCity]]:
    """Turku, with a package of the child's."""
    with old_city(settings, tmp_path) as handler:
        handler.package = made(audience="espoo", person=PersonDigest.of(code_of(9)))
        yield handler


@pytest.fixture
def aino(there: type[OldCity], child: Child) -> tuple[Resident, Resident]:
    """(A guardian who acts for her child of nine, the child)."""
    one, of_age = guardian("aino"), child(9)
    act_for(one, of_age)
    return one, of_age


def arrivals() -> list[tuple[object, str]]:
    with scope(Role.WORKER):
        return list(Arrival.objects.order_by("id").values_list("person_id", "state"))


def test_a_guardian_fetches_a_younger_childs_data_for_the_child(aino: tuple[Resident, Resident]) -> None:
    one, of_age = aino
    back(one, begin(one))
    assert fetch(of_age).state == "waiting"
    assert arrivals() == [(of_age.person, "waiting")]
    assert check_all(of_age.person).state == "ready"
    first, _ = items(of_age.person)
    assert "outcome=done" in say(one, first.pk, "accept").headers["Location"]
    # The child has it, and reads in their log who did it; the guardian has none of it.
    assert "Kärsämäen koulu" in page(of_age, f"kept/{first.pk}/")
    assert "by whoever acts for you" in of_age.browser.get("/en/usage/").content.decode()
    assert (items(one.person), told(one.person)) == ([], [])


def test_the_guardians_own_package_is_not_taken_for_the_childs(
    aino: tuple[Resident, Resident], there: type[OldCity]
) -> None:
    one, of_age = aino
    there.package = made(audience="espoo", slug="aino")
    back(one, begin(one))
    fetch(of_age)
    row = check_all(of_age.person)
    assert (row.state, row.fault, items(of_age.person)) == ("failed", "another_person", [])


def test_of_a_child_of_fifteen_only_the_child_fetches(there: type[OldCity], child: Child) -> None:
    one, of_age = guardian("aino"), child(16)
    act_for(one, of_age)
    assert one.browser.post(f"/en/move/arrive/from/{CITY}/").status_code == 404
    begin(of_age)
    assert arrivals() == [(of_age.person, "asked")]


def test_custody_that_ends_on_the_way_brings_nothing(
    aino: tuple[Resident, Resident], there: type[OldCity], register: Population
) -> None:
    one, of_age = aino
    asked = begin(one)
    changed(register, "child", {"rights": []})
    refresh_rights(one.person, at=timezone.now())
    assert back(one, asked).status_code == 404
    assert (arrivals(), there.asked) == ([(of_age.person, "asked")], [])


def test_who_acts_for_nobody_any_more_when_they_come_back_brings_nothing(
    aino: tuple[Resident, Resident], there: type[OldCity]
) -> None:
    one, of_age = aino
    asked = begin(one)
    one.browser.post("/en/people/own/")
    assert back(one, asked).status_code == 400
    assert arrivals() == [(of_age.person, "asked")]


def test_what_a_child_of_fifteen_brought_is_not_ended_by_a_guardian(there: type[OldCity], child: Child) -> None:
    one, of_age = guardian("aino"), child(16)
    brought(of_age, made(person=PersonDigest.of(code_of(16))))
    act_for(one, of_age)
    with scope(Role.WORKER):
        row = Arrival.objects.get(person_id=of_age.person)
    assert one.browser.post(f"/en/move/arrive/{row.pk}/rest/").status_code == 404
    assert len(items(of_age.person)) == 2
