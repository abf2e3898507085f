"""The population register tells of a new identity code: nothing changes by it, and two officers look into it."""

import html
from collections.abc import Callable

import pytest
from django.utils import timezone

from demo.population.server import Population
from portal.ledger.actor import system
from portal.ledger.models import Entry
from portal.people.behalf.refreshing import refresh_rights
from portal.people.behalf.register import RegisterSilent
from portal.people.queries import found_by
from portal.requests.life.hearing import hear_codes
from portal.requests.life.models import LifeChange
from portal.walls import Role, scope
from tests.acting import person_of, register
from tests.pages.conftest import city, resident_in
from tests.requests.lives import row_of
from tests.requests.queue import OWN
from tests.requests.test_new_code import NEW
from tests.residents import CODES, Resident
from tests.staffing import Hire, hire

__all__ = ["city", "hire", "register", "resident_in"]
BY = system("tests")
LIST = "/admin/life/lifechange/"


@pytest.fixture
def amira(city: None, resident_in: Callable[[str], Resident], register: Population) -> Resident:
    one = resident_in("amira")
    register.new_codes["amira"] = NEW
    return one


def heard(one: Resident) -> int:
    refresh_rights(one.person, at=timezone.now())
    return hear_codes(by=BY, at=timezone.now())


def kinds(one: Resident) -> list[str]:
    with scope(Role.WORKER):
        rows = Entry.objects.filter(subject=one.person, kind__startswith="life.").order_by("id")
        return list(rows.values_list("kind", flat=True))


def test_it_is_told_once_and_changes_nothing(amira: Resident) -> None:
    assert [heard(amira), heard(amira)] == [1, 0]
    assert (found_by(CODES["amira"]), found_by(NEW), kinds(amira)) == (amira.person, None, ["life.heard"])
    with scope(Role.WORKER):
        row = LifeChange.objects.get()
    assert (row.told_by, row.case, NEW in str(vars(row))) == ("", "", False)


def test_the_code_that_they_have_and_what_is_no_code_tell_nothing(amira: Resident, register: Population) -> None:
    register.new_codes["amira"] = CODES["amira"]
    assert heard(amira) == 0
    register.new_codes["amira"] = "131052-308X"
    with pytest.raises(RegisterSilent):
        heard(amira)


def test_one_officer_takes_it_up_and_another_confirms_it(amira: Resident, hire: Hire) -> None:
    heard(amira)
    one, other = (hire("dpo", "*", code=OWN[slug]) for slug in ("dpo", "keeper-library"))
    with scope(Role.WORKER):
        path = f"{LIST}{LifeChange.objects.get().pk}/change/"
    codes = {"identity_code": CODES["amira"], "new_code": NEW}
    # Nobody confirms what nobody took up, and codes are shown to whoever did.
    assert "no officer has taken it up" in html.unescape(other.post(path, codes | {"do": "confirm"}).content.decode())
    assert NEW not in one.post(path, {"do": "show"}).content.decode()
    assert "number of the case" in one.post(path, {"do": "take", "case": ""}).content.decode()
    assert one.post(path, {"do": "take", "case": "77/2026"}).status_code == 302
    assert NEW not in one.get(path).content.decode()
    shown = one.post(path, {"do": "show"}).content.decode()
    assert (NEW in shown, CODES["amira"] in shown) == (True, True)
    assert NEW not in other.post(path, {"do": "show"}).content.decode()
    assert "let a colleague confirm" in html.unescape(one.post(path, codes | {"do": "confirm"}).content.decode())
    assert (found_by(NEW), other.post(path, codes | {"do": "confirm"}).status_code) == (None, 302)
    assert found_by(NEW) == amira.person
    assert (row_of(amira.person).sealed_new_code, heard(amira)) == (None, 0)
    assert kinds(amira) == [f"life.{each}" for each in ("heard", "told", "codes_shown", "confirmed", "code_changed")]


def test_dropped_it_is_not_told_again(amira: Resident, hire: Hire) -> None:
    heard(amira)
    officer = hire("dpo", "*", code=OWN["dpo"])
    with scope(Role.WORKER):
        path = f"{LIST}{LifeChange.objects.get().pk}/change/"
    assert officer.post(path, {"do": "drop"}).status_code == 302
    assert (heard(amira), found_by(CODES["amira"])) == (0, amira.person)


def test_of_a_child_it_is_heard_when_the_guardian_is_asked_about(amira: Resident, register: Population) -> None:
    register.new_codes.clear()
    register.told["sami"]["new_code"] = NEW
    assert [heard(amira), heard(amira)] == [1, 0]
    with scope(Role.WORKER):
        assert LifeChange.objects.get().person_id == person_of("sami")
