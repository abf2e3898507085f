"""I do not recognise this: asked with one press, numbered at once, answered by people, never twice."""

import re
import threading
from collections.abc import Callable
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from portal.ledger.actions import sequence
from portal.ledger.actor import resident
from portal.ledger.models import Entry
from portal.ledger.queries import entries_about
from portal.requests.actions import question_use
from portal.requests.models import Request
from portal.walls import Role, scope
from tests.acting import page_of, register
from tests.pages.conftest import city, resident_in
from tests.pages.family import act_for, child, guardian
from tests.residents import Resident, enter

__all__ = ["child", "city", "register", "resident_in"]
Enter = Callable[[str], Resident]


def first_row(one: Resident) -> Entry:
    with scope(Role.RESIDENT, persons=[one.person]):
        entry = entries_about(one.person).filter(kind="people.arrived").first()
    assert entry is not None
    return entry


def ask(one: Resident, entry: UUID, said: str = "", language: str = "en") -> str:
    answer = one.browser.post(f"/{language}/usage/{entry}/ask/", {"said": said})
    assert answer.status_code == 302
    return str(answer.headers["Location"])


def requests() -> list[Request]:
    with scope(Role.WORKER):
        return list(Request.objects.order_by("number"))


def test_one_press_gives_a_number_and_a_day_at_once(resident_in: Enter) -> None:
    raili = resident_in("raili")
    entry = first_row(raili)
    with time_machine.travel(datetime(2026, 12, 22, 10, 0, tzinfo=UTC), tick=True):
        raili = enter("otso")
        entry = first_row(raili)
        page = raili.browser.get(ask(raili, entry.id)).content.decode().replace("\N{NO-BREAK SPACE}", " ")
        log = page_of(raili, "usage/").replace("\N{NO-BREAK SPACE}", " ")
    [request] = requests()
    assert (request.number, request.due_on, request.sealed_said) == ("26-0001", date(2026, 12, 31), None)
    assert "Your question has the number 26-0001." in page
    assert "by 31 December 2026 at the latest." in page
    assert "This was asked about on 22 December 2026, number 26-0001." in log
    assert "You sent a request to the city." in log
    assert "You wait for an answer" in log


def test_what_was_said_stands_sealed_and_nowhere_else(resident_in: Enter) -> None:
    raili = resident_in("raili")
    ask(raili, first_row(raili).id, said="En ole käynyt siellä. =1+1 <b>")
    with scope(Role.WORKER), connection.cursor() as cursor:
        sequence(at=timezone.now())
        for table in ("requests_request", "ledger_entry", "jobs_job", "notices_notice"):
            cursor.execute(f"SELECT string_agg(t::text, ' ') FROM {table} t")
            dumped = str(cursor.fetchone())
            # Bytes are dumped as hexadecimal.
            assert ("käynyt" in dumped, "käynyt".encode().hex() in dumped) == (False, False), table
    assert requests()[0].sealed_said is not None


def test_asked_again_it_is_the_same_question(resident_in: Enter) -> None:
    raili = resident_in("raili")
    entry = first_row(raili)
    for _ in range(2):
        ask(raili, entry.id, said="again")
    assert len(requests()) == 1
    assert "Send the question" not in page_of(raili, f"usage/{entry.id}/ask/")
    with scope(Role.WORKER):
        sequence(at=timezone.now())
        assert Entry.objects.filter(subject=raili.person, kind="requests.made").count() == 1


def test_a_text_that_is_too_long_is_told_and_kept(resident_in: Enter) -> None:
    raili = resident_in("raili")
    answer = raili.browser.post(f"/en/usage/{first_row(raili).id}/ask/", {"said": "a" * 2001})
    page = answer.content.decode()
    assert (answer.status_code, "Write 2,000 characters at the most." in page, "a" * 2001 in page) == (422, True, True)
    assert requests() == []


def test_a_guardian_asks_for_a_child_and_the_child_sees_it(child: Callable[..., Resident], register: object) -> None:
    one, aino = child(9), guardian("aino")
    entry = first_row(one)
    act_for(aino, one)
    ask(aino, entry.id)
    [request] = requests()
    assert (request.person_id, request.asked_by, request.asked_right) == (one.person, str(aino.person), "guardian")
    assert "A request to the city was sent for you." in page_of(one, "usage/")
    assert "You sent a request to the city." in page_of(aino, "usage/")


def test_the_way_to_a_childs_log_takes_three_presses(child: Callable[..., Resident]) -> None:
    one, aino = child(9), guardian("aino")
    assert 'href="/en/people/?to=usage"' in page_of(aino, "usage/")
    people = page_of(aino, "people/?to=usage")
    assert 'name="to" value="usage"' in people
    answer = aino.browser.post("/en/people/act/", {"person": str(one.person), "to": "usage"})
    assert answer.headers["Location"] == "/en/usage/"
    assert re.search(r'name="to"', page_of(aino, "people/?to=https://elsewhere.example/")) is None


@pytest.mark.usefixtures("loaded_city")
def test_asked_at_once_from_many_windows_it_is_one_question_with_one_number(committed_db: str) -> None:
    raili, otso = enter("raili"), enter("otso")
    rows = {one.person: first_row(one) for one in (raili, otso)}
    numbers: list[str] = []

    def asks(person: UUID) -> None:
        with scope(Role.RESIDENT, persons=[person]):
            made = question_use(
                rows[person], person=person, said="", language="fi", by=resident(person), at=timezone.now()
            )
            numbers.append(made.number)
        connection.close()

    threads = [threading.Thread(target=asks, args=[person]) for person in [raili.person, otso.person] * 5]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(numbers) == 10
    assert len(set(numbers)) == 2 == len(requests())
