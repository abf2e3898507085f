"""The queue: taken, handed over with a note, put off with a reason, read under another law; each with its clock."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.ledger.actor import resident
from portal.notices.models import Notice
from portal.requests.actions import Asked, make_request
from portal.requests.enums import Longer, RequestKind, RequestState
from portal.requests.errors import NotPutOff
from portal.requests.models import DecisionTemplate, Request
from portal.requests.queueing import extend_request
from portal.requests.rules import weeks_after
from portal.requests.workdays import is_free
from portal.walls import Role, scope
from tests.acting import page_of
from tests.pages.conftest import city, resident_in
from tests.requests.queue import OWN, QUEUE, Enter, asks, kinds, now, page, press
from tests.requests.test_deciding import keeper
from tests.residents import Resident
from tests.staffing import Hire, hire

__all__ = ["city", "hire", "resident_in"]


@pytest.fixture
def asked(resident_in: Enter) -> tuple[Resident, Request]:
    raili = resident_in("raili")
    return raili, asks(raili)


@pytest.fixture
def clerk(hire: Hire) -> Client:
    return hire("keeper", "sports", code=OWN["keeper-library"])


@pytest.mark.parametrize(
    ("received", "due"),
    [
        (date(2026, 6, 3), date(2026, 6, 17)),
        # It would end on Independence Day's Monday, on Christmas Day.
        (date(2027, 11, 22), date(2027, 12, 7)),
        (date(2026, 12, 11), date(2026, 12, 28)),
    ],
)
def test_two_weeks_end_on_a_working_day(received: date, due: date) -> None:
    assert weeks_after(received, is_free, weeks=2) == due


def test_the_front_page_begins_with_what_waits(asked: tuple[Resident, Request], clerk: Client, hire: Hire) -> None:
    raili, request = asked
    front = clerk.get("/admin/").content.decode()
    assert (request.number in front, "My queue" in front, "nobody yet" in front) == (True, True, True)
    assert (str(raili.person) in front, "varaukseni" in front) == (False, False)
    other = hire("keeper", "library", code=OWN["keeper-early"]).get("/admin/").content.decode()
    assert request.number not in other


def test_whoever_takes_it_has_it_until_it_is_handed_over(asked: tuple[Resident, Request], clerk: Client) -> None:
    raili, request = asked
    press(clerk, request, "take")
    assert "Who has it: you." in page(clerk, request)
    assert (request.number in clerk.get(f"{QUEUE}?whose=mine").content.decode()) is True
    assert (request.number in clerk.get(f"{QUEUE}?whose=nobody").content.decode()) is False
    assert "A person began to look at it." in page_of(raili, f"rights/{request.pk}/")
    assert press(clerk, request, "hand_over", department="library", note="Kuuluu kirjastolle.") == 302
    row = now(request)
    assert (row.department, row.assignee, row.taken_at is not None) == ("library", "", True)
    assert b"Kuuluu" not in bytes(row.sealed_note or b"")
    assert clerk.get(f"{QUEUE}{request.pk}/change/").status_code == 404
    assert kinds(raili.person) == ["made", "taken", "handed_over"]


def test_the_note_is_read_by_those_who_open_it_and_never_by_the_person(
    asked: tuple[Resident, Request], clerk: Client, hire: Hire
) -> None:
    raili, request = asked
    press(clerk, request, "hand_over", department="library", note="Kuuluu kirjastolle.")
    library = hire("keeper", "library", code=OWN["keeper-early"])
    assert "Kuuluu kirjastolle." not in page(library, request)
    press(library, request, "open")
    assert "Kuuluu kirjastolle." in page(library, request)
    assert "Kuuluu kirjastolle." not in page_of(raili, f"rights/{request.pk}/")


def test_it_is_put_off_once_with_its_reason_and_the_person_is_told(
    asked: tuple[Resident, Request], clerk: Client
) -> None:
    raili, request = asked
    press(clerk, request, "open")
    assert press(clerk, request, "longer") == 422
    press(clerk, request, "longer", longer="complex")
    row = now(request)
    assert (row.longer, row.due_on > request.due_on) == ("complex", True)
    told = page_of(raili, f"rights/{request.pk}/")
    assert "The matter has many sides" in told
    with scope(Role.WORKER):
        assert Notice.objects.filter(person_id=raili.person, kind="request_later", at_desk=False).count() == 1
    assert 'value="longer"' not in page(clerk, request)
    with pytest.raises(NotPutOff):
        extend_request(request.pk, Longer.MANY, staff=["sports"], by=keeper("a"), at=timezone.now())


def test_nothing_is_put_off_after_its_first_month(resident_in: Enter) -> None:
    with time_machine.travel(datetime(2026, 6, 3, 10, 0, tzinfo=UTC), tick=True):
        request = asks(resident_in("raili"))
    assert request.due_on == date(2026, 7, 3)
    late = datetime(2026, 7, 4, 10, 0, tzinfo=UTC)
    with pytest.raises(NotPutOff):
        extend_request(request.pk, Longer.COMPLEX, staff=["sports"], by=keeper("a"), at=late)
    last = datetime(2026, 7, 3, 10, 0, tzinfo=UTC)
    extend_request(request.pk, Longer.COMPLEX, staff=["sports"], by=keeper("a"), at=last)
    assert now(request).due_on == date(2026, 9, 3)


@pytest.mark.parametrize(("told", "due"), [({}, date(2026, 6, 17)), ({"many": "on"}, date(2026, 7, 3))])
def test_a_request_for_a_document_has_the_clock_and_the_appeal_of_its_own_law(
    told: dict[str, str], due: date, resident_in: Enter, hire: Hire
) -> None:
    with time_machine.travel(datetime(2026, 6, 3, 10, 0, tzinfo=UTC), tick=True):
        raili = resident_in("raili")
        request = asks(raili)
        clerk, second = (hire("keeper", "sports", code=OWN[f"keeper-{each}"]) for each in ("library", "early"))
        for browser in (clerk, second):
            press(browser, request, "open")
        press(clerk, request, "openness", **told)
        assert (now(request).law, now(request).due_on) == ("openness", due)
        press(clerk, request, "answer", outcome="refused", ground="secret", answer="Salassa pidettävä.")
        press(second, request, "confirm")
        page = page_of(raili, f"rights/{request.pk}/")
    assert ("administrative court" in page, "Ombudsman" in page) == (True, False)


def test_an_answer_begins_with_a_template_in_the_persons_language(
    asked: tuple[Resident, Request], clerk: Client
) -> None:
    _, request = asked
    press(clerk, request, "open")
    with scope(Role.STAFF):
        template = DecisionTemplate.objects.get(slug="passed-on")
    begun = clerk.get(f"{QUEUE}{request.pk}/change/?template={template.pk}").content.decode()
    assert "Siirsimme pyyntösi sinne" in begun


@pytest.mark.parametrize(("group", "department", "status"), [("dpo", "*", 302), ("keeper", "sports", 403)])
def test_the_officer_keeps_the_templates(group: str, department: str, status: int, hire: Hire, city: None) -> None:
    texts = {f"text_{language}": "Hei." for language in ("fi", "sv", "en")}
    browser = hire(group, department, code=OWN["dpo"])
    told = {"slug": "new", "kind": "", "outcome": "done", **texts}
    assert browser.post("/admin/requests/decisiontemplate/add/", told).status_code == status
    with scope(Role.STAFF):
        assert DecisionTemplate.objects.filter(slug="new").exists() == (status == 302)


def test_what_the_portal_does_itself_is_nobodys_task_before_it_is_late(resident_in: Enter, clerk: Client) -> None:
    raili = resident_in("raili")
    with scope(Role.RESIDENT, persons=[raili.person]):
        asked = Asked(RequestKind.ERASE, department="sports")
        by, at = resident(raili.person), timezone.now()
        request, _ = make_request(asked, person=raili.person, language="fi", by=by, at=at, state=RequestState.WORKING)
    assert request.number not in clerk.get("/admin/").content.decode()
    with scope(Role.STAFF, departments=["sports"]):
        Request.objects.update(due_on=timezone.localdate() - timedelta(days=3))
    assert request.number in clerk.get("/admin/").content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_front_page_takes_as_many_statements_for_three_as_for_one(
    rows: int, resident_in: Enter, clerk: Client
) -> None:
    raili = resident_in("raili")
    for number in range(rows):
        asks(raili, f"Kysymys {number}")
    clerk.get("/admin/")
    with CaptureQueriesContext(connection) as taken:
        assert clerk.get("/admin/").content.decode().count("/change/") >= rows
    # The queue, its parts by hand, and what is near.
    assert sum("requests_" in query["sql"] for query in taken) == 3


def test_what_was_taken_back_is_shown_as_that_and_answered_no_more(
    asked: tuple[Resident, Request], clerk: Client
) -> None:
    raili, request = asked
    press(clerk, request, "open")
    raili.browser.post(f"/fi/rights/{request.pk}/take-back/")
    seen = page(clerk, request)
    assert ("Taken back" in seen, 'value="answer"' in seen, 'value="take"' in seen) == (True, False, False)
    press(clerk, request, "answer", outcome="done", answer="Näin on.")
    assert now(request).state == "withdrawn"
