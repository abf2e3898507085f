"""The queue in the back office: who sees what waits, what is shown before it is opened, and the answer."""

import html
import re
from collections.abc import Callable
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone

from demo.people import staff as workers
from portal.ledger.actions import record, sequence
from portal.ledger.actor import Actor, ActorKind, Right
from portal.ledger.models import Entry
from portal.notices.models import Notice
from portal.people.models import PersonOpened
from portal.people.opened import MOST_IN_AN_HOUR
from portal.requests.models import Request
from portal.servicepoint.kinds import DeskEntry
from portal.walls import Role, scope
from tests.acting import page_of
from tests.pages.conftest import city, resident_in
from tests.requests.test_questions import ask
from tests.residents import CODES, Resident
from tests.staffing import Hire, hire

__all__ = ["city", "hire", "resident_in"]
Enter = Callable[[str], Resident]
OWN = {worker.slug: worker.identity_code for worker in workers()}
QUEUE = "/admin/requests/request/"
ANSWERED = {"do": "answer", "outcome": "wrong", "answer": "Katsomiselle ei ollut syytä."}
CLERK = Actor(ActorKind.STAFF, "staff-1", Right.OFFICE, unit="sports", role="desk")


@pytest.fixture
def asked(resident_in: Enter) -> tuple[Resident, Request]:
    """Raili asks about being opened by staff of sports."""
    raili = resident_in("raili")
    with scope(Role.WORKER):
        entry = record(DeskEntry.OPENED, by=CLERK, about=raili.person, at=timezone.now(), department="sports")
    ask(raili, entry, said="En käynyt siellä.", language="fi")
    with scope(Role.WORKER):
        return raili, Request.objects.get()


@pytest.fixture
def keeper(hire: Hire) -> Client:
    return hire("keeper", "sports", code=OWN["keeper-library"])


def page(browser: Client, request: Request) -> str:
    return html.unescape(browser.get(f"{QUEUE}{request.pk}/change/").content.decode())


def kinds(person: UUID) -> list[str]:
    with scope(Role.WORKER):
        sequence(at=timezone.now())
        return [
            entry.kind for entry in Entry.objects.filter(subject=person, kind__startswith="requests.").order_by("index")
        ]


def test_the_sentence_that_is_shown_first_is_the_one_that_the_person_reads(
    asked: tuple[Resident, Request], keeper: Client
) -> None:
    raili, request = asked
    before = page(keeper, request)
    assert ("En käynyt siellä." in before, kinds(raili.person)) == (False, ["requests.made"])
    [foretold] = re.findall(r'id="foretold">([^<]+)<', before)
    assert keeper.post(f"{QUEUE}{request.pk}/change/", {"do": "open"}).status_code == 302
    assert "En käynyt siellä." in page(keeper, request)
    with scope(Role.WORKER):
        sequence(at=timezone.now())
    log = html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", raili.browser.get("/fi/usage/").content.decode())))
    for part in re.split(r"(?<=\.) ", foretold):
        assert part.rstrip(".") in log, part


def test_an_answer_reaches_the_person_once_and_stands_sealed(asked: tuple[Resident, Request], keeper: Client) -> None:
    raili, request = asked
    address = f"{QUEUE}{request.pk}/change/"
    keeper.post(address, {"do": "open"})
    assert keeper.post(address, ANSWERED).status_code == 302
    keeper.post(address, {"do": "open"})
    keeper.post(address, {**ANSWERED, "answer": "Toinen"})
    one_use = page_of(raili, f"usage/{request.entry_id}/")
    assert ("Katsomiselle ei ollut syytä." in one_use, "The use was not right." in one_use, "Toinen" in one_use) == (
        *(True, True, False),
    )
    assert "The answer is here." in page_of(raili, "usage/")
    assert kinds(raili.person) == [f"requests.{fact}" for fact in ("made", "opened", "answered", "opened")]
    with scope(Role.WORKER):
        assert "syyt" not in repr(bytes(Request.objects.get().sealed_answer or b""))
        assert Notice.objects.filter(person_id=raili.person, kind="request_answered", at_desk=False).count() == 1


def test_nothing_is_answered_that_was_not_opened(asked: tuple[Resident, Request], keeper: Client) -> None:
    _, request = asked
    keeper.post(f"{QUEUE}{request.pk}/change/", ANSWERED)
    with scope(Role.WORKER):
        assert Request.objects.get().state == "received"


def test_an_answer_without_its_parts_is_told(asked: tuple[Resident, Request], keeper: Client) -> None:
    _, request = asked
    address = f"{QUEUE}{request.pk}/change/"
    keeper.post(address, {"do": "open"})
    for told in ({"do": "answer"}, {**ANSWERED, "answer": f"Hän on {CODES['raili']}"}):
        assert keeper.post(address, told).status_code == 422


def test_the_list_tells_how_long_there_is_and_no_person(asked: tuple[Resident, Request], keeper: Client) -> None:
    raili, request = asked
    listed = keeper.get(QUEUE).content.decode()
    assert request.number in listed
    assert "5 working days left" in listed
    assert (str(raili.person) in listed, "käynyt" in listed) == (False, False)
    assert request.number in keeper.get(f"{QUEUE}?q={request.number}").content.decode()
    assert "has to be answered today." not in keeper.get("/admin/").content.decode()
    with scope(Role.STAFF, departments=["sports"]):
        Request.objects.update(due_on=timezone.localdate())
    assert "1 request has to be answered today." in keeper.get("/admin/").content.decode()


@pytest.mark.parametrize(
    ("group", "department", "seen"),
    [
        ("keeper", "sports", True),
        ("dpo", "*", True),
        ("auditor", "*", True),
        ("keeper", "library", False),
        ("desk", "sports", False),
    ],
)
def test_each_sees_the_queue_of_their_own_departments(
    group: str, department: str, seen: bool, asked: tuple[Resident, Request], hire: Hire
) -> None:
    _, request = asked
    browser = hire(group, department, code=OWN["keeper-library"])
    assert (request.number in browser.get(QUEUE).content.decode()) == seen
    assert (browser.get(f"{QUEUE}{request.pk}/change/").status_code == 200) == seen


def test_an_auditor_sees_that_it_waits_and_opens_nothing(asked: tuple[Resident, Request], hire: Hire) -> None:
    raili, request = asked
    auditor = hire("auditor", "*", code=OWN["keeper-library"])
    auditor.post(f"{QUEUE}{request.pk}/change/", {"do": "open"})
    assert ("not open it" in page(auditor, request), kinds(raili.person)) == (True, ["requests.made"])


@pytest.mark.parametrize("code", ["", CODES["raili"]])
def test_ones_own_request_is_for_a_colleague(code: str, asked: tuple[Resident, Request], hire: Hire) -> None:
    raili, request = asked
    near = hire("keeper", "sports", code=code)
    near.post(f"{QUEUE}{request.pk}/change/", {"do": "open"})
    assert "En käynyt siellä." not in page(near, request)
    assert kinds(raili.person) == ["requests.made"]
    with scope(Role.WORKER):
        sequence(at=timezone.now())
        assert Entry.objects.filter(kind="requests.refused").count() == 1


def test_a_keeper_of_another_department_answers_nothing(asked: tuple[Resident, Request], hire: Hire) -> None:
    _, request = asked
    other = hire("keeper", "library", code=OWN["keeper-library"])
    assert other.post(f"{QUEUE}{request.pk}/change/", {"do": "open"}).status_code == 404


@pytest.mark.security("B5")
def test_the_one_who_is_too_many_raises_one_alarm(asked: tuple[Resident, Request], keeper: Client, hire: Hire) -> None:
    _, request = asked
    keeper.post(f"{QUEUE}{request.pk}/change/", {"do": "open"})
    with scope(Role.STAFF):
        staff = PersonOpened.objects.get().staff
        for number in range(MOST_IN_AN_HOUR):
            PersonOpened.objects.create(staff=staff, mark=bytes([number]) * 16, at=timezone.now())
    for _ in range(2):
        keeper.post(f"{QUEUE}{request.pk}/change/", {"do": "open"})
    with scope(Role.WORKER):
        sequence(at=timezone.now())
        assert Entry.objects.filter(kind="people.many_opened").count() == 1
    officer = hire("dpo", "*", code=OWN["desk"])
    assert "somebody opened more than 20 people" in officer.get("/admin/").content.decode()
    assert "somebody opened more" not in keeper.get("/admin/").content.decode()
