"""A service point: who may open whom, what is written down, and what the person sees of it."""

import json
import logging
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from consents.models import Consent, ConsentEvent, Purpose, PurposeText
from consents.queries.reading import consents_of
from consents.receipts.reading import opened, receipts_of
from consents.receipts.verifying import verify
from demo.people import staff as workers
from demo.population.server import Population
from portal.keys.indexes import blind_index
from portal.ledger.actions import sequence
from portal.ledger.models import Entry
from portal.notices.models import Notice
from portal.people.behalf.refreshing import refresh_rights
from portal.people.models import Person
from portal.walls import Role, scope
from tests.acting import register
from tests.residents import CODES, Resident, enter
from tests.staffing import Hire, hire

__all__ = ["hire", "register"]
CLERK = {worker.slug: worker.identity_code for worker in workers()}["desk"]
# A made-up person whom no register of the demo holds.
STRANGER = "010150-999K"
NAMES = {"given_names": "Testi", "family_name": "Tiskillä"}
SLUG = "swimming-reminders"
SAID = {"answer": "yes", "channel": "desk", "write_home": "no", "language": "sv"}


@pytest.fixture
def clerk(hire: Hire) -> Client:
    return hire("desk", "sports", code=CLERK)


def pressed(clerk: Client, told: dict[str, str]) -> Any:
    """Asked for, and opened once what the person will read was shown; what was refused at once is the answer."""
    asked = clerk.post("/admin/desk/", {"reason": "no_sign_in", "case": "D/1/2026", **told})
    return clerk.post("/admin/desk/open/", {"do": "open"}) if asked.status_code == 302 else asked


def open_one(clerk: Client, code: str, **more: str) -> Any:
    return pressed(clerk, {"identity_code": code, **more})


def purpose() -> Purpose:
    with scope(Role.STAFF, departments=["*"]):
        return Purpose.objects.get(slug=SLUG)


def text() -> PurposeText:
    with scope(Role.STAFF, departments=["*"]):
        return PurposeText.objects.get(purpose__slug=SLUG, state="published")


def record(clerk: Client, page: str = "answer", **more: Any) -> Any:
    """Filled in, looked at once more, and confirmed."""
    address = f"/admin/desk/purposes/{purpose().pk}/{page}/"
    said = {**SAID, "text": str(text().pk), **more}
    looked = clerk.post(address, said)
    if looked.status_code != 200:
        return looked
    return clerk.post(address, {**said, "confirmed": "yes"})


def person_of(code: str) -> UUID:
    with scope(Role.WORKER):
        return Person.objects.get(blind_index=blind_index(code)).pk


def consent_of(person: UUID) -> Consent:
    with scope(Role.RESIDENT, persons=[person]):
        return consents_of(person).get(purpose__slug=SLUG)


def events(person: UUID) -> list[ConsentEvent]:
    with scope(Role.WORKER):
        return list(ConsentEvent.objects.filter(person_id=person).order_by("id"))


def kinds_about(person: UUID) -> list[str]:
    with scope(Role.WORKER):
        sequence(at=timezone.now())
        return [entry.kind for entry in Entry.objects.filter(subject=person).order_by("index")]


def test_who_was_never_here_is_entered_answered_and_handed_a_receipt(clerk: Client) -> None:
    assert "Write both names" in open_one(clerk, STRANGER).content.decode()
    assert open_one(clerk, STRANGER, **NAMES).headers["Location"] == "/admin/desk/person/"
    assert "Testi Tiskillä" in clerk.get("/admin/desk/person/").content.decode()
    done = record(clerk, optional=["sports-courses.place"])
    person = person_of(STRANGER)
    event = events(person)[-1]
    assert (consent_of(person).state, event.channel, event.desk_reason, event.language) == (
        *("given", "desk", "no_sign_in", "sv"),
    )
    assert (event.actor_kind, event.actor_right) == ("staff", "office")
    assert "sports-courses.place" in consent_of(person).fields
    page = clerk.get(done.headers["Location"]).content.decode()
    assert "This permission was given at a service point." in page
    pdf = clerk.get(f"{done.headers['Location']}pdf/?language=fi")
    assert (pdf.headers["Content-Type"], pdf.content[:5], b"/Lang(fi)" in pdf.content) == (
        *("application/pdf", b"%PDF-", True),
    )
    with scope(Role.RESIDENT, persons=[person]):
        [receipt] = receipts_of(person)
        assert verify(opened(receipt).file).receipt["consent_record"]["events"][-1]["channel"] == "desk"
    assert kinds_about(person) == ["people.met_at_desk", "desk.opened", "consents.requested", "consents.given"]


@pytest.mark.security("V16.3.2")
def test_the_person_sees_who_opened_them_why_and_that_it_was_at_a_desk(clerk: Client) -> None:
    raili = enter("raili")
    open_one(clerk, CODES["raili"])
    record(clerk)
    with scope(Role.WORKER):
        sequence(at=timezone.now())
    log = raili.browser.get("/en/usage/").content.decode()
    assert "Staff opened your permissions at a service point." in log
    assert "You have no means of strong identification." in log
    assert "Your yes was recorded at a service point." in log
    consent = consent_of(raili.person)
    page = raili.browser.get(f"/en/permissions/{consent.pk}/").content.decode()
    assert "At a service point" in page
    assert "You gave a permission." not in page


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_what_is_confirmed_is_the_very_text_that_is_stored(clerk: Client, language: str) -> None:
    open_one(clerk, STRANGER, **NAMES)
    address = f"/admin/desk/purposes/{purpose().pk}/answer/"
    page = clerk.post(address, {**SAID, "text": str(text().pk), "language": language}).content.decode()
    parts = text().parts[language]
    assert all(
        parts[part] in page for part in ("who", "what", "why", "if_no", "how_long", "how_to_stop", "more", "risk")
    )
    assert "This is written down" in page
    # Nothing was written before it was confirmed.
    assert events(person_of(STRANGER)) == []
    record(clerk, language=language)
    event = events(person_of(STRANGER))[-1]
    assert (event.text_sha256, event.language) == (text().sha256, language)


def test_nothing_is_chosen_beforehand(clerk: Client) -> None:
    open_one(clerk, STRANGER, **NAMES)
    page = clerk.get(f"/admin/desk/purposes/{purpose().pk}/answer/").content.decode()
    assert (page.count('type="radio"'), page.count("checked")) == (6, 0)


@pytest.mark.parametrize("missing", ["answer", "channel", "write_home"])
def test_an_answer_that_is_not_whole_is_not_written_down(clerk: Client, missing: str) -> None:
    open_one(clerk, STRANGER, **NAMES)
    assert record(clerk, **{missing: ""}).status_code == 422
    assert events(person_of(STRANGER)) == []


def test_a_paper_has_its_number(clerk: Client) -> None:
    open_one(clerk, STRANGER, **NAMES)
    assert record(clerk, channel="paper").status_code == 422
    assert record(clerk, channel="paper", paper=f"scan {CLERK}").status_code == 422
    assert record(clerk, channel="paper", paper="2026/118-3", answer="no").status_code == 302
    event = events(person_of(STRANGER))[-1]
    assert (event.state, event.channel, event.paper) == ("refused", "paper", "2026/118-3")


def test_a_text_that_changed_meanwhile_is_read_again(clerk: Client) -> None:
    open_one(clerk, STRANGER, **NAMES)
    refused = record(clerk, text=str(purpose().pk))
    assert (refused.status_code, "The text changed" in refused.content.decode()) == (409, True)


def test_taking_back_at_a_desk(clerk: Client) -> None:
    raili = enter("raili")
    open_one(clerk, CODES["raili"])
    record(clerk)
    page = clerk.get("/admin/desk/person/").content.decode()
    assert f"/admin/desk/purposes/{purpose().pk}/stop/" in page
    assert record(clerk, page="stop", channel="desk").status_code == 302
    assert consent_of(raili.person).state == "withdrawn"
    assert record(clerk, page="stop").status_code == 404


@pytest.mark.parametrize(("write_home", "notices"), [("no", []), ("yes", [("recorded", False)])])
def test_no_letter_goes_home_unless_it_is_asked_for(clerk: Client, write_home: str, notices: list[Any]) -> None:
    open_one(clerk, STRANGER, **NAMES)
    record(clerk, write_home=write_home)
    with scope(Role.WORKER):
        found = Notice.objects.filter(person_id=person_of(STRANGER)).values_list("kind", "at_desk")
        assert list(found) == notices


def test_a_child_s_guardians_answer_and_the_desk_says_so(clerk: Client) -> None:
    open_one(clerk, CODES["eino"], **NAMES)
    page = clerk.get("/admin/desk/person/").content.decode()
    assert ("Guardians answer this for the person." in page, "/answer/" in page) == (True, False)
    assert record(clerk).status_code == 404


@pytest.mark.security("V8.4.1", "B6")
def test_another_departments_question_is_not_there(hire: Hire) -> None:
    clerk = hire("desk", "library", code=CLERK)
    open_one(clerk, STRANGER, **NAMES)
    assert str(purpose().pk) not in clerk.get("/admin/desk/person/").content.decode()
    assert record(clerk).status_code == 404


NEAR = ("own", "family", "their guardian", "other parent", "colleague", "nobody knows who they are")


@pytest.mark.security("B5")
@pytest.mark.parametrize("why", NEAR)
def test_who_is_near_is_opened_by_somebody_else(why: str, hire: Hire, register: Population) -> None:
    codes = {"own": CODES["aino"], "family": CODES["eino"], "other parent": CODES["mikael"]}
    known()
    staff_code = {"their guardian": CODES["eino"], "nobody knows who they are": ""}.get(why, CODES["aino"])
    wanted = codes.get(why, CODES["aino"] if why == "their guardian" else CODES["raili"])
    if why == "colleague":
        hire("keeper", "sports", code=wanted)
    clerk = hire("desk", "sports", code=staff_code)
    refused = open_one(clerk, wanted, **NAMES)
    assert (refused.status_code, "You cannot open this person." in refused.content.decode()) == (422, True)
    assert clerk.get("/admin/desk/person/").headers["Location"] == "/admin/desk/"
    with scope(Role.WORKER):
        sequence(at=timezone.now())
        [entry] = Entry.objects.filter(kind="desk.refused")
    assert entry.subject is None


def known() -> None:
    """Aino and Mikael were here, and the register told of their children."""
    for slug in ("aino", "mikael"):
        refresh_rights(enter(slug).person, at=timezone.now())


def test_a_colleague_of_another_department_may_be_opened(hire: Hire) -> None:
    hire("keeper", "library", code=CODES["raili"])
    assert open_one(hire("desk", "sports", code=CLERK), CODES["raili"], **NAMES).status_code == 302


@pytest.mark.parametrize("group", ["keeper", "dpo", "auditor"])
def test_the_desk_is_for_its_own_staff(group: str, hire: Hire) -> None:
    other = hire(group, "*", code=CLERK)
    pages = ["", "person/", f"purposes/{purpose().pk}/answer/", f"purposes/{purpose().pk}/stop/"]
    assert {other.get(f"/admin/desk/{page}").status_code for page in pages} == {404}
    assert open_one(other, CODES["raili"], **NAMES).status_code == 404
    assert "/admin/desk/" not in other.get("/admin/").content.decode()


def test_the_entrance_is_on_the_first_page_of_the_back_office(clerk: Client) -> None:
    assert 'href="/admin/desk/"' in clerk.get("/admin/").content.decode()


def test_a_person_stays_open_for_a_quarter_of_an_hour(clerk: Client) -> None:
    open_one(clerk, STRANGER, **NAMES)
    with time_machine.travel(timezone.now() + timedelta(minutes=9), tick=False):
        assert clerk.get("/admin/desk/person/").status_code == 200
    with time_machine.travel(timezone.now() + timedelta(minutes=15, seconds=1), tick=False):
        assert clerk.get("/admin/desk/person/").status_code == 302


def test_closing_ends_it(clerk: Client) -> None:
    open_one(clerk, STRANGER, **NAMES)
    clerk.post("/admin/desk/close/")
    assert record(clerk).headers["Location"] == "/admin/desk/"


def test_the_receipt_of_another_person_is_not_there(clerk: Client) -> None:
    raili: Resident = enter("raili")
    open_one(clerk, CODES["raili"])
    receipt = record(clerk).headers["Location"]
    open_one(clerk, STRANGER, **NAMES)
    assert (clerk.get(receipt).status_code, clerk.get(f"{receipt}pdf/").status_code) == (404, 404)
    assert consent_of(raili.person).state == "given"


@pytest.mark.security("V14.2.1")
def test_the_code_is_in_no_page_no_address_no_log_and_no_entry(clerk: Client, caplog: Any) -> None:
    caplog.set_level(logging.DEBUG)
    bad = open_one(clerk, "010150-999X")
    never = open_one(clerk, STRANGER)
    assert (bad.status_code, never.status_code) == (422, 422)
    opened_one = open_one(clerk, STRANGER, **NAMES)
    record(clerk)
    with scope(Role.WORKER):
        sequence(at=timezone.now())
        bodies = json.dumps([bytes(entry.body).decode() for entry in Entry.objects.all()])
    told = [bad.content.decode(), never.content.decode(), opened_one.headers["Location"], bodies, caplog.text]
    assert [code for code in ("010150-999X", STRANGER) if any(code in each for each in told)] == []
