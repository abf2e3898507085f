"""Everything of somebody else's: as far as the right reaches, as long as it stands, for whoever asked alone."""

import re
from collections.abc import Callable

import pytest
from django.utils import timezone

from demo.population.server import Population
from portal.people.behalf.refreshing import refresh_rights
from portal.requests.models import Package
from portal.walls import Role, scope
from tests.acting import act, changed, register
from tests.pages.conftest import city, resident_in
from tests.pages.family import act_for, child, guardian
from tests.requests.taking import asks, is_made, kept, row_of, taken
from tests.requests.test_correcting import CARD
from tests.residents import Resident
from tests.sheets import put_sheet

__all__ = ["child", "city", "register", "resident_in"]
Enter = Callable[[str], Resident]
Child = Callable[[int], Resident]


def test_a_guardian_takes_a_childs_without_the_childs_own_account(child: Child) -> None:
    one, aino = child(9), guardian("aino")
    put_sheet(one.person, "library-card", [CARD])
    act_for(aino, one)
    request = asks(aino)
    is_made(request)
    package = taken(aino, request)
    assert ("log/log.json" in package.namelist(), "portal/rows.json" in package.namelist()) == (True, False)
    told = package.read("index.html").decode() + package.read("log/log.html").decode()
    assert "<dd>Testi Nuori</dd>" in told
    # So does each page of a table, alone.
    pages = [name for name in package.namelist() if name.endswith(".html")]
    assert [name for name in pages if "<dd>Testi Nuori</dd>" not in package.read(name).decode()] == []
    assert any(name.startswith("copies/") for name in pages)
    # It is not the reader's: it says whose it is.
    assert ["<h1>A copy of data about Testi Nuori</h1>" in told, "<h1>The log of Testi Nuori</h1>" in told] == [
        True
    ] * 2
    assert re.findall(r"(?i)\byour (?:data|log|answers)|about you\b", told) == []


def test_a_guardian_of_a_nearly_grown_child_takes_nothing(child: Child) -> None:
    one, aino = child(16), guardian("aino")
    act_for(aino, one)
    answers = [aino.browser.get("/en/rights/everything/"), aino.browser.post("/en/rights/everything/")]
    assert [answer.status_code for answer in answers] == [404, 404]
    own = asks(one)
    is_made(own)
    assert aino.browser.post(f"/en/rights/{own}/package/").status_code == 404


def test_a_mandate_reaches_its_topics_only(resident_in: Enter, register: Population) -> None:
    otso = resident_in("otso")
    resident_in("raili")
    act(otso, "raili")
    request = asks(otso)
    is_made(request)
    with scope(Role.WORKER):
        departments = set(row_of(request).parts.values_list("department", flat=True))
    assert departments == {"library"}
    assert "log/log.json" in taken(otso, request).namelist()
    assert otso.browser.get("/en/rights/").content.decode().count(f"/en/rights/{request}/") == 1


@pytest.mark.security("B4")
def test_custody_that_ended_meanwhile_ends_it(child: Child, register: Population) -> None:
    one, aino = child(9), guardian("aino")
    act_for(aino, one)
    request = asks(aino)
    is_made(request)
    changed(register, "child", {"rights": []})
    assert aino.browser.post(f"/en/rights/{request}/package/").status_code == 404


@pytest.mark.security("B4")
def test_custody_that_ends_before_it_is_made_leaves_nothing(child: Child, register: Population) -> None:
    one, aino = child(9), guardian("aino")
    act_for(aino, one)
    request = asks(aino)
    changed(register, "child", {"rights": []})
    refresh_rights(aino.person, at=timezone.now())
    is_made(request)
    assert (kept(), row_of(request).outcome) == ((0, 0), "refused")


def test_each_guardian_and_the_child_have_a_request_of_their_own(child: Child) -> None:
    one, aino, mikael = child(14), guardian("aino"), guardian("mikael")
    act_for(aino, one)
    act_for(mikael, one)
    requests = [asks(each) for each in (one, aino, mikael)]
    assert len(set(requests)) == 3
    for request in requests:
        is_made(request)
    assert mikael.browser.post(f"/en/rights/{requests[1]}/package/").status_code == 404
    assert aino.browser.post(f"/en/rights/{requests[0]}/package/").status_code == 404


def test_the_child_sees_what_was_asked_for_them(child: Child) -> None:
    one, aino = child(14), guardian("aino")
    act_for(aino, one)
    request = asks(aino)
    is_made(request)
    assert f"/en/rights/{request}/" in one.browser.get("/en/rights/").content.decode()
    with scope(Role.WORKER):
        assert Package.objects.get().person_id == one.person
