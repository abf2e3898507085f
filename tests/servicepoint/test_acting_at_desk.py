"""A service point where somebody acts for another: the rules of the web, and what is kept of who said it."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from consents.receipts.reading import opened, receipts_of
from consents.receipts.verifying import verify
from demo.people.person import identity_code
from demo.population.server import Population
from portal.ledger.actions import sequence
from portal.ledger.models import Entry
from portal.notices.models import Notice
from portal.people.models import ActingRight
from portal.walls import Role, scope
from tests.acting import REASONS, act, answer, changed, page_of, person_of, question_of, register
from tests.residents import CODES, Resident, enter
from tests.servicepoint.test_recording import CLERK, STRANGER, consent_of, events, pressed, record
from tests.staffing import Hire, hire

__all__ = ["hire", "register"]
SLUG_NAME = "A reminder before a course starts"
NAMES = {"given_names": "Testi", "family_name": "Tiskillä"}


@pytest.fixture
def clerk(hire: Hire, register: Population) -> Client:
    return hire("desk", "sports", code=CLERK)


def open_for(clerk: Client, subject: str, actor: str, **more: str) -> Any:
    """`subject` and `actor` are slugs of the demo's people, or codes."""
    codes = {"identity_code": CODES.get(subject, subject), "acting_code": CODES.get(actor, actor)}
    return pressed(clerk, {**codes, **NAMES, **more})


def kinds_about(person: UUID) -> list[tuple[str, str]]:
    with scope(Role.WORKER):
        sequence(at=timezone.now())
        rows = Entry.objects.filter(subject=person).order_by("index")
        return [(entry.kind, entry.actor_right) for entry in rows]


def refused(answered: Any) -> tuple[int, bool, bool]:
    page = answered.content.decode()
    return answered.status_code, "These matters cannot be taken care of here." in page, "Eino" in page


def test_one_guardian_at_the_desk_is_half_and_the_other_on_the_web_completes_it(clerk: Client) -> None:
    assert open_for(clerk, "eino", "aino").headers["Location"] == "/admin/desk/person/"
    page = clerk.get("/admin/desk/person/").content.decode()
    assert "Testi Tiskillä acts for Eino Antero Mallila as guardian." in page
    record(clerk)
    child, guardian = person_of("eino"), person_of("aino")
    half = events(child)[-1]
    assert (half.state, half.actor_kind, half.actor_right, half.channel) == ("pending", "staff", "office", "desk")
    assert (half.said_by, half.said_right) == (str(guardian), "guardian")
    assert "They have said yes." in clerk.get("/admin/desk/person/").content.decode()
    mikael = enter("mikael")
    act(mikael, "eino")
    answer(mikael, question_of(child), "yes")
    assert consent_of(child).state == "given"


def test_one_guardian_on_the_web_and_the_other_at_the_desk_complete_it_together(clerk: Client) -> None:
    aino = enter("aino")
    act(aino, "eino")
    child = person_of("eino")
    answer(aino, question_of(child), "yes")
    open_for(clerk, "eino", "mikael")
    record(clerk)
    assert consent_of(child).state == "given"
    log = page_of(aino, "usage/")
    assert "A yes was recorded at a service point." in log
    assert "At a service point" in page_of(aino, f"permissions/{consent_of(child).pk}/")


def test_the_receipt_tells_who_spoke_by_right_and_never_by_name(clerk: Client) -> None:
    open_for(clerk, "eino", "aino")
    done = record(clerk, channel="paper", paper="2026/118-3")
    child = person_of("eino")
    with scope(Role.RESIDENT, persons=[child]):
        [receipt] = receipts_of(child)
        event = verify(opened(receipt).file).receipt["consent_record"]["events"][-1]
    assert (event["entity_right"], event["spoken_by_right"], event["paper_reference"]) == (
        *("office", "guardian", "2026/118-3"),
    )
    page = clerk.get(done.headers["Location"]).content.decode()
    assert "One guardian said yes on paper." in page
    assert ("Number of the scanned paper" in page, "2026/118-3" in page) == (True, True)
    assert clerk.get(f"{done.headers['Location']}pdf/?language=sv").content[:5] == b"%PDF-"


def test_the_child_and_the_guardian_each_find_it_in_their_own_log(clerk: Client) -> None:
    open_for(clerk, "eino", "aino")
    record(clerk)
    assert kinds_about(person_of("eino")) == [
        ("people.became_known", "system"),
        ("desk.opened", "office"),
        ("people.acted_for", "guardian"),
        ("consents.requested", "office"),
        ("consents.half_given", "office"),
    ]
    assert kinds_about(person_of("aino")) == [("people.met_at_desk", "office"), ("desk.asked_register", "office")]
    own = page_of(enter("eino"), "usage/")
    assert "A guardian&#x27;s yes was recorded at a service point." in own
    assert "Somebody began to act for you here." in own


@pytest.mark.parametrize("reason", [*REASONS, "another's child", "never heard of"])
def test_whatever_the_reason_it_is_the_same_page_and_the_askers_own_log(
    reason: str, clerk: Client, register: Population
) -> None:
    subject = {"another's child": "sami", "never heard of": STRANGER}.get(reason, "eino")
    if reason in REASONS:
        changed(register, "eino", REASONS[reason])
    assert refused(open_for(clerk, subject, "aino")) == (404, True, False)
    assert clerk.get("/admin/desk/person/").headers["Location"] == "/admin/desk/"
    assert kinds_about(person_of("aino"))[-1] == ("people.not_available", "office")
    with scope(Role.WORKER):
        assert not Entry.objects.filter(kind__in=["desk.opened", "people.acted_for"]).exists()


@pytest.mark.parametrize("reason", REASONS)
def test_what_ends_meanwhile_ends_at_the_next_press(reason: str, clerk: Client, register: Population) -> None:
    open_for(clerk, "eino", "aino")
    changed(register, "eino", REASONS[reason])
    assert refused(record(clerk)) == (404, True, False)
    assert events(person_of("eino")) == []


def test_when_the_register_is_silent_nobody_is_opened_and_nothing_is_written(clerk: Client, settings: Any) -> None:
    open_for(clerk, "eino", "aino")
    settings.POPULATION_URL = "http://127.0.0.1:9"
    assert record(clerk).status_code == 503
    assert open_for(clerk, "eino", "aino").status_code == 503
    assert events(person_of("eino")) == []


def test_a_guardian_takes_back_at_the_desk_what_both_gave(clerk: Client) -> None:
    both_said_yes(aino := enter("aino"), enter("mikael"))
    open_for(clerk, "eino", "mikael")
    assert record(clerk, page="stop").status_code == 302
    child = person_of("eino")
    assert consent_of(child).state == "withdrawn"
    assert (events(child)[-1].said_by, events(child)[-1].channel) == (str(person_of("mikael")), "desk")
    assert "it was recorded that a permission was taken back" in page_of(aino, "usage/")


def both_said_yes(*guardians: Resident) -> None:
    for one in guardians:
        act(one, "eino")
        answer(one, question_of(person_of("eino")), "yes")


@pytest.mark.parametrize(("write_home", "wanted"), [("yes", [("aino", "recorded")]), ("no", [])])
def test_a_letter_goes_to_whoever_was_at_the_desk_and_only_if_they_asked(
    write_home: str, wanted: list[tuple[str, str]], clerk: Client
) -> None:
    open_for(clerk, "eino", "aino")
    record(clerk, write_home=write_home)
    with scope(Role.WORKER):
        told = list(Notice.objects.values_list("person_id", "kind"))
    assert told == [(person_of(slug), kind) for slug, kind in wanted]


@pytest.mark.parametrize(("age", "page", "answers"), [(12, 200, 302), (14, 200, 404), (16, 404, 404)])
def test_a_guardian_answers_and_knows_as_at_home_by_the_childs_age(
    age: int, page: int, answers: int, clerk: Client, register: Population
) -> None:
    code = identity_code(date(timezone.localdate().year - age, 1, 1), 988, sign="A")
    names = {"given_names": "Testi", "family_name": "Nuori"}
    rights = [{"identity_code": CODES["aino"], "kind": "custody"}]
    register.told["child"] = {"identity_code": code, "rights": rights, **names}
    open_for(clerk, code, "aino")
    assert (SLUG_NAME in clerk.get("/admin/desk/person/").content.decode()) is (page == 200)
    assert record(clerk).status_code == answers


def test_a_mandate_answers_in_its_departments_only(clerk: Client, register: Population) -> None:
    giver, holder = "raili", "otso"
    right = {"identity_code": CODES[holder], "kind": "mandate"}
    told = {"identity_code": CODES[giver], "given_names": "Raili", "family_name": "Uimonen"}
    register.told[giver] = {**told, "rights": [right | {"bounds": {"topics": ["library"]}}]}
    open_for(clerk, giver, holder)
    assert record(clerk).status_code == 404
    register.told[giver] = {**told, "rights": [right | {"bounds": {"topics": ["sports"]}}]}
    open_for(clerk, giver, holder)
    assert record(clerk).status_code == 302
    said = events(person_of(giver))[-1]
    assert (said.state, said.said_right, said.said_by) == ("given", "mandate", str(person_of(holder)))


def test_a_receipt_is_handed_to_whom_its_matter_concerns_only(clerk: Client, register: Population, hire: Hire) -> None:
    giver, holder = "raili", "otso"
    right = {"identity_code": CODES[holder], "kind": "mandate"}
    told = {"identity_code": CODES[giver], "given_names": "Raili", "family_name": "Uimonen"}
    register.told[giver] = {**told, "rights": [right | {"bounds": {"topics": ["sports"]}}]}
    open_for(clerk, giver, holder)
    receipt = record(clerk).headers["Location"]
    assert (clerk.get(receipt).status_code, clerk.get(f"{receipt}pdf/").status_code) == (200, 200)
    register.told[giver] = {**told, "rights": [right | {"bounds": {"topics": ["library"]}}]}
    open_for(clerk, giver, holder)
    assert (clerk.get(receipt).status_code, clerk.get(f"{receipt}pdf/").status_code) == (404, 404)
    other = hire("desk", "library", code=STRANGER)
    open_for(other, giver, "")
    assert other.get(receipt).status_code == 404


def test_the_same_statements_are_made_whatever_the_reason(clerk: Client, register: Population) -> None:
    open_for(clerk, "eino", "aino")
    before = dict(register.told["eino"])
    counted = {}
    for reason in [*REASONS, "another's child", "never heard of"]:
        register.told["eino"] = before | REASONS.get(reason, {})
        subject = {"another's child": "sami", "never heard of": STRANGER}.get(reason, "eino")
        with CaptureQueriesContext(connection) as seen:
            open_for(clerk, subject, "aino")
        counted[reason] = len(seen)
    assert len(set(counted.values())) == 1, counted


def test_whoever_acts_is_not_the_person_themselves(clerk: Client) -> None:
    assert "This is the same person." in open_for(clerk, "aino", "aino").content.decode()


@pytest.mark.parametrize("who", ["identity_code", "acting_code"])
def test_staff_open_neither_their_own_child_nor_help_a_colleague_act(
    who: str, hire: Hire, register: Population
) -> None:
    hire("keeper", "sports", code=CODES["aino"])
    clerk = hire("desk", "sports", code=CODES["eino"] if who == "identity_code" else CLERK)
    assert open_for(clerk, "eino", "aino").status_code == 422
    assert kinds_of_everyone() == ["desk.refused"]


def kinds_of_everyone() -> list[str]:
    with scope(Role.WORKER):
        sequence(at=timezone.now())
        return list(Entry.objects.filter(kind__startswith="desk.").values_list("kind", flat=True))


def test_staff_read_the_rights_over_whom_they_have_open_and_nobody_elses(clerk: Client) -> None:
    open_for(clerk, "eino", "aino")
    child = person_of("eino")
    for persons, seen in (([child], {child}), ([person_of("aino")], set()), ([], set())):
        with scope(Role.STAFF, persons=persons, departments=["*"]):
            assert set(ActingRight.objects.values_list("person_id", flat=True)) == seen
