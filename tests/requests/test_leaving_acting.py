"""Somebody else's data taken along: as the package of everything is, by who may, as long as they may."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from demo.population.server import Population
from portal.people.behalf.refreshing import refresh_rights
from portal.requests.models import Leaving, Package
from portal.walls import Role, scope
from tests.acting import act, changed, register
from tests.pages.conftest import city, resident_in
from tests.pages.family import act_for, child, guardian
from tests.requests.another_city import City, is_made, newest_request, turku
from tests.residents import Resident
from tests.sheets import put_sheet

__all__ = ["child", "city", "register", "resident_in", "turku"]
Enter = Callable[[str], Resident]
Child = Callable[[int], Resident]


def asks(by: Resident, *items: str) -> int:
    return by.browser.post("/en/move/leave/", {"items": items or ["library-loans"], "receiver": "oneself"}).status_code


def with_loans(one: Resident) -> Resident:
    put_sheet(one.person, "library-loans", [{"title": "Muumit"}])
    return one


def test_a_guardian_takes_a_younger_childs_data_but_nothing_that_is_the_childs_alone(child: Child) -> None:
    one, aino = with_loans(child(9)), guardian("aino")
    act_for(aino, one)
    page = aino.browser.get("/en/move/leave/").content.decode()
    assert ('value="library-loans"' in page, "watch-and-phone" in page, "accepted:" in page) == (True, False, False)
    assert asks(aino) == 302
    is_made(one)
    with scope(Role.WORKER):
        assert Package.objects.get().person_id == one.person
    assert aino.browser.post(f"/en/rights/{newest_request(one).pk}/package/").status_code == 302


def test_a_guardian_of_a_nearly_grown_child_takes_nothing(child: Child, turku: City) -> None:
    one, aino = with_loans(child(16)), guardian("aino")
    act_for(aino, one)
    told = {"items": ["library-loans"], "yes": "yes"}
    answers = [aino.browser.get("/en/move/leave/").status_code, asks(aino)]
    assert answers == [404, 404]
    assert aino.browser.post(turku.page(aino), told).status_code == 404
    with scope(Role.WORKER):
        assert Leaving.objects.count() == 0


def test_a_mandate_reaches_its_topics_only(resident_in: Enter, register: Population) -> None:
    otso, raili = resident_in("otso"), with_loans(resident_in("raili"))
    put_sheet(raili.person, "boat-places", [{"berth": "A 1"}])
    act(otso, "raili")
    page = otso.browser.get("/en/move/leave/").content.decode()
    assert ('value="library-loans"' in page, 'value="boat-places"' in page) == (True, False)
    assert asks(otso, "boat-places") == 422


@pytest.mark.security("B4")
def test_custody_that_ends_before_it_is_made_leaves_nothing(child: Child, register: Population) -> None:
    one, aino = with_loans(child(9)), guardian("aino")
    act_for(aino, one)
    asks(aino)
    changed(register, "child", {"rights": []})
    refresh_rights(aino.person, at=timezone.now())
    is_made(one)
    with scope(Role.WORKER):
        assert (Package.objects.count(), newest_request(one).outcome) == (0, "refused")


def test_what_a_guardian_asked_for_is_not_taken_by_the_other(child: Child) -> None:
    one, aino, mikael = with_loans(child(14)), guardian("aino"), guardian("mikael")
    act_for(aino, one)
    act_for(mikael, one)
    asks(aino)
    is_made(one)
    assert mikael.browser.post(f"/en/rights/{newest_request(one).pk}/package/").status_code == 404


def test_a_guardian_hands_a_childs_data_to_another_city_and_the_child_reads_it(child: Child, turku: City) -> None:
    one, aino = with_loans(child(9)), guardian("aino")
    act_for(aino, one)
    page = turku.page(aino)
    assert "this person’s data" in aino.browser.get(page).content.decode()
    assert aino.browser.post(page, {"items": ["library-loans"], "yes": "yes"}).status_code == 302
    log = one.browser.get("/en/usage/").content.decode()
    assert "Your data was handed over to another city by whoever acts for you: Turku." in log
