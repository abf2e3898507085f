"""Somebody near is opened only when a second staff member agrees; nobody opens themselves, and nobody agrees alone."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from demo.people import staff as workers
from portal.keys.indexes import blind_index
from portal.ledger.actions import sequence
from portal.ledger.actor import Actor, ActorKind, Right
from portal.ledger.models import Entry
from portal.people.models import User
from portal.servicepoint.asked import Asked
from portal.servicepoint.errors import TooNear
from portal.servicepoint.second import ask_second
from portal.walls import Role, scope
from tests.acting import register
from tests.residents import CODES, enter
from tests.servicepoint.test_recording import CLERK, kinds_about, known
from tests.staffing import Hire, hire

__all__ = ["hire", "register"]
OTHER = {worker.slug: worker.identity_code for worker in workers()}["keeper-library"]
FORM = {"reason": "in_person", "case": "D/5/2026"}


@pytest.fixture
def near(hire: Hire) -> Client:
    """A clerk to whom Raili is a colleague."""
    hire("keeper", "sports", code=CODES["raili"])
    return hire("desk", "sports", code=CLERK)


def number_for(clerk: Client, code: str = CODES["raili"]) -> str:
    refused = clerk.post("/admin/desk/", {"identity_code": code, **FORM})
    assert (refused.status_code, "/admin/desk/second/" in refused.content.decode()) == (422, True)
    asked = clerk.post("/admin/desk/second/", {"do": "ask"}).content.decode()
    [number] = re.findall(r'id="number">([\d ]+)<', asked)
    return str(number)


def agrees(clerk: Client, number: str) -> int:
    shown = clerk.post("/admin/desk/agree/", {"number": number})
    if shown.status_code != 200:
        return int(shown.status_code)
    assert "D/5/2026" in shown.content.decode()
    return int(clerk.post("/admin/desk/agree/", {"number": number, "do": "agree"}).status_code)


def opens(clerk: Client) -> str:
    """Where it leads to press on, once and for all."""
    went = clerk.post("/admin/desk/second/", {"do": "go"})
    if went.headers.get("Location") != "/admin/desk/open/":
        return "not yet"
    return str(clerk.post("/admin/desk/open/", {"do": "open"}).headers["Location"])


def entries(kind: str) -> int:
    with scope(Role.WORKER):
        sequence(at=timezone.now())
        return Entry.objects.filter(kind=kind).count()


@pytest.mark.security("V2.3.5")
def test_two_people_open_a_colleague_and_the_log_tells_that_it_was_two(near: Client, hire: Hire) -> None:
    raili, second = enter("raili"), hire("desk", "sports", code=OTHER)
    number = number_for(near)
    assert (opens(near), "desk.opened" in kinds_about(raili.person)) == ("not yet", False)
    assert agrees(second, number) == 200
    assert "Two staff members decided it together." in near.get(_before(near)).content.decode()
    assert near.post("/admin/desk/open/", {"do": "open"}).headers["Location"] == "/admin/desk/person/"
    assert "Two staff members decided it together." in raili.browser.get("/en/usage/").content.decode()
    assert (entries("desk.second_asked"), entries("desk.second_agreed")) == (1, 1)


def _before(near: Client) -> str:
    return str(near.post("/admin/desk/second/", {"do": "go"}).headers["Location"])


@pytest.mark.security("V2.3.5")
def test_an_agreement_holds_for_one_opening(near: Client, hire: Hire) -> None:
    enter("raili")
    agrees(hire("desk", "sports", code=OTHER), number_for(near))
    assert opens(near) == "/admin/desk/person/"
    assert near.post("/admin/desk/", {"identity_code": CODES["raili"], **FORM}).status_code == 422


@pytest.mark.parametrize(
    ("who", "told"),
    [("oneself", 422), ("nobody knows who", 422), ("a keeper", 404), ("too late", 422), ("a wrong number", 422)],
)
def test_nobody_else_agrees(who: str, told: int, near: Client, hire: Hire) -> None:
    enter("raili")
    number = "0000 0000" if who == "a wrong number" else number_for(near)
    second = near
    if who != "oneself":
        group, code = "keeper" if who == "a keeper" else "desk", "" if who == "nobody knows who" else OTHER
        second = hire(group, "sports", code=code)
    with time_machine.travel(timezone.now() + timedelta(minutes=11 if who == "too late" else 9), tick=True):
        assert agrees(second, number) == told
    assert (opens(near), entries("desk.second_agreed")) == ("not yet", 0)


def test_the_person_themselves_does_not_agree(hire: Hire) -> None:
    enter("raili")
    colleague, clerk = hire("desk", "sports", code=CODES["raili"]), hire("desk", "sports", code=CLERK)
    assert agrees(colleague, number_for(clerk)) == 422


def test_nobody_opens_themselves_with_a_second_person_either(hire: Hire) -> None:
    enter("raili")
    own = hire("desk", "sports", code=CODES["raili"])
    refused = own.post("/admin/desk/", {"identity_code": CODES["raili"], **FORM})
    assert "/admin/desk/second/" not in refused.content.decode()
    assert own.post("/admin/desk/second/", {"do": "ask"}).status_code == 302
    assert entries("desk.second_asked") == 0


@pytest.mark.parametrize("whom", ["raili", "veikko"])
def test_where_nobody_may_agree_no_number_is_given(whom: str, hire: Hire) -> None:
    """Of themselves, and of somebody who is not near."""
    hire("desk", "sports", code=CODES["raili"])
    clerk = User.objects.get(own_index=blind_index(CODES["raili"]))
    asked = Asked(CODES[whom], "in_person", "D/5/2026")
    by = Actor(ActorKind.STAFF, str(clerk.pk), Right.OFFICE, unit="sports")
    with pytest.raises(TooNear):
        ask_second(asked, staff=clerk, by=by, at=timezone.now())
    assert entries("desk.second_asked") == 0


def test_numbers_are_not_tried_out(near: Client, hire: Hire) -> None:
    enter("raili")
    number, second = number_for(near), hire("desk", "sports", code=OTHER)
    for guess in range(5):
        assert agrees(second, f"{guess:08d}") == 422
    assert agrees(second, number) == 422


def test_family_is_opened_by_two(hire: Hire, register: object) -> None:
    known()
    clerk, second = hire("desk", "sports", code=CODES["aino"]), hire("desk", "sports", code=OTHER)
    assert agrees(second, number_for(clerk, CODES["mikael"])) == 200
    assert opens(clerk) == "/admin/desk/person/"
