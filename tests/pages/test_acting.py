"""Acting for somebody else: begun, seen on every page, bounded, asked again, and refused in one way only."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from consents.models import ConsentEvent
from demo.population.server import Population
from portal.keys.indexes import blind_index
from portal.ledger.actions import sequence
from portal.ledger.models import Entry
from portal.people.models import ActingRight
from portal.people.queries import active_people, people_by_index
from portal.walls import Role, scope
from tests.acting import REASONS, act, answer, changed, page_of, person_of, question_of, register
from tests.residents import CODES, Resident

__all__ = ["register"]

Enter = Callable[[str], Resident]


def test_the_list_names_children_and_givers_of_mandates(resident_in: Enter, register: Population) -> None:
    page = page_of(resident_in("aino"), "people/")
    assert [name in page for name in ("Eino Antero Mallila", "Helmi Sofia Mallila", "Sami")] == [True, True, False]
    assert "Raili Inkeri Uimonen" in page_of(resident_in("otso"), "people/")


def test_nobody_to_act_for_is_told_with_the_way_on(resident_in: Enter, register: Population) -> None:
    page = page_of(resident_in("veikko"), "people/")
    assert ("There is nobody for whom you can act here." in page, "Is someone missing?" in page) == (True, True)


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_whose_matters_they_are_stands_on_every_page(language: str, resident_in: Enter, register: Population) -> None:
    aino = resident_in("aino")
    assert act(aino, "eino").status_code == 302
    paths = ["", "home/", "data/", "usage/", "permissions/", "settings/", "people/", "help/", "registers/", "no-such/"]
    for path in paths:
        assert "<strong>Eino Antero Mallila</strong>" in aino.browser.get(f"/{language}/{path}").content.decode(), path


@pytest.mark.security("V8.3.3")
def test_the_pages_are_about_the_child_and_the_child_sees_who_was_there(
    resident_in: Enter, register: Population
) -> None:
    aino = resident_in("aino")
    act(aino, "eino")
    child = person_of("eino")
    with scope(Role.WORKER):
        sequence(at=timezone.now())
    assert question_of(child).state == "requested"
    page = page_of(aino, "usage/")
    assert ("You began to act for this person." in page, "for you" in page) == (True, False)
    own = question_of(aino.person)
    assert aino.browser.get(f"/en/requests/{own.pk}/").status_code == 404
    aino.browser.post("/en/people/own/")
    assert aino.browser.get(f"/en/requests/{own.pk}/").status_code == 200
    assert "Eino" not in page_of(aino, "home/")


def test_signing_out_ends_it(resident_in: Enter, register: Population) -> None:
    aino = resident_in("aino")
    act(aino, "eino")
    with translation.override("en"):
        aino.browser.post(reverse("sign_out"))
    assert ("Eino" in page_of(aino, ""), aino.browser.get("/en/home/").status_code) == (False, 302)


def test_two_guardians_decide_together(resident_in: Enter, register: Population) -> None:
    aino, mikael = resident_in("aino"), resident_in("mikael")
    act(aino, "eino")
    question = question_of(person_of("eino"))
    assert answer(aino, question, "yes").status_code == 302
    assert question_of(person_of("eino")).state == "pending"
    saved = page_of(aino, f"permissions/{question.pk}/saved/")
    assert ("You have said yes." in saved, "You answered no" in saved) == (True, False)
    assert "Waits for the other guardian until" in page_of(aino, f"permissions/{question.pk}/")
    assert "Waiting for another guardian" in page_of(aino, "permissions/")
    act(mikael, "eino")
    assert "Questions for you" in page_of(mikael, "permissions/")
    assert answer(mikael, question, "yes").status_code == 302
    assert question_of(person_of("eino")).state == "given"
    with scope(Role.RESIDENT, persons=[person_of("eino")]):
        events = list(ConsentEvent.objects.filter(consent=question.pk).order_by("number"))
    assert [event.actor_id for event in events[1:]] == [str(aino.person), str(mikael.person)]
    aino.browser.post(f"/en/permissions/{question.pk}/stop/")
    assert question_of(person_of("eino")).state == "withdrawn"


def test_one_guardian_answers_alone(resident_in: Enter, register: Population) -> None:
    amira = resident_in("amira")
    act(amira, "sami")
    question = question_of(person_of("sami"))
    answer(amira, question, "yes")
    assert question_of(person_of("sami")).state == "given"


@pytest.mark.parametrize("why", REASONS)
def test_what_ends_in_mid_session_ends_at_the_next_change(why: str, resident_in: Enter, register: Population) -> None:
    amira = resident_in("amira")
    act(amira, "sami")
    question = question_of(person_of("sami"))
    changed(register, "sami", REASONS[why])
    refused = answer(amira, question, "yes")
    assert (refused.status_code, "Not available here" in refused.content.decode()) == (404, True)
    assert question_of(person_of("sami")).state == "requested"
    assert "Sami" not in page_of(amira, "home/")


def test_pages_ask_the_register_again_after_fifteen_minutes(resident_in: Enter, register: Population) -> None:
    amira = resident_in("amira")
    act(amira, "sami")
    changed(register, "sami", {"protected": True})
    assert "Sami" in page_of(amira, "home/")
    with time_machine.travel(timezone.now() + timedelta(minutes=15, seconds=1), tick=False):
        refused = amira.browser.get("/en/home/")
    assert (refused.status_code, "Not available here" in refused.content.decode()) == (404, True)


def test_a_silent_register_lets_nobody_act(resident_in: Enter, register: Population) -> None:
    amira = resident_in("amira")
    act(amira, "sami")
    question = question_of(person_of("sami"))
    register.silent = True
    assert answer(amira, question, "yes").status_code == 503
    assert question_of(person_of("sami")).state == "requested"
    assert amira.browser.post("/en/people/act/", {"person": str(person_of("sami"))}).status_code == 503
    assert "We cannot check just now for whom you may act." in page_of(amira, "people/")
    register.silent = False
    assert answer(amira, question, "yes").status_code == 302


def test_a_mandate_shows_its_topics_and_nothing_else(resident_in: Enter, register: Population) -> None:
    otso, raili = resident_in("otso"), resident_in("raili")
    act(otso, "raili")
    page = page_of(otso, "data/")
    assert ('id="data-library"' in page, 'id="data-sports"' in page) == (True, False)
    sports = question_of(raili.person)
    assert otso.browser.get(f"/en/requests/{sports.pk}/").status_code == 404
    assert "swimming" not in page_of(otso, "permissions/").lower()
    assert "You signed in" not in page_of(otso, "usage/")


def test_the_protected_guardian_is_asked_nothing_that_both_decide(resident_in: Enter, register: Population) -> None:
    rights = register.told["eino"]["rights"]
    aino = CODES["aino"]
    marked = [right | {"bounds": {"protected": right["identity_code"] == aino}} for right in rights]
    changed(register, "eino", {"rights": marked})
    one, other = resident_in("aino"), resident_in("mikael")
    assert "Eino" not in page_of(other, "people/")
    act(one, "eino")
    question = question_of(person_of("eino"))
    assert one.browser.get(f"/en/requests/{question.pk}/").status_code == 404


def test_a_child_whose_guardian_is_active_is_kept_fresh(resident_in: Enter, register: Population) -> None:
    aino = resident_in("aino")
    child_index = blind_index(CODES["eino"])
    now = timezone.now()
    with scope(Role.WORKER):
        assert child_index not in people_by_index(active_at=now)
    act(aino, "eino")
    with scope(Role.WORKER):
        assert child_index in people_by_index(active_at=now)
        assert active_people(at=now).filter(blind_index=child_index).exists()
        assert not active_people(at=now + timedelta(days=800)).filter(blind_index=child_index).exists()


def test_what_the_register_no_longer_tells_is_gone(resident_in: Enter, register: Population) -> None:
    amira = resident_in("amira")
    act(amira, "sami")
    changed(register, "sami", {"rights": []})
    page_of(amira, "people/")
    with scope(Role.WORKER):
        assert ActingRight.objects.filter(actor_id=amira.person).count() == 0


@pytest.mark.parametrize(
    "answer",
    [
        {"acts_for": [{"identity_code": "not a code", "given_names": "A", "family_name": "B", "rights": []}]},
        {"acts_for": "nobody"},
        {},
        [],
        {"acts_for": [{"identity_code": CODES["sami"], "given_names": "A", "family_name": "B", "rights": "all"}]},
    ],
)
def test_an_answer_of_another_form_is_none(
    answer: Any, resident_in: Enter, register: Population, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    amira = resident_in("amira")
    act(amira, "sami")
    told = answer["acts_for"] if isinstance(answer, dict) and "acts_for" in answer else None
    monkeypatch.setattr(register, "acts_for", lambda _: told)
    refused = amira.browser.post("/en/people/act/", {"person": str(person_of("sami"))})
    assert refused.status_code == 503
    assert CODES["sami"] not in caplog.text


def test_without_an_address_of_a_register_everyone_acts_for_themselves(resident_in: Enter, settings: Any) -> None:
    settings.POPULATION_URL = ""
    assert "There is nobody for whom you can act here." in page_of(resident_in("aino"), "people/")


def test_no_name_and_no_code_stands_in_the_log(resident_in: Enter, register: Population) -> None:
    act(resident_in("aino"), "eino")
    with scope(Role.WORKER):
        sequence(at=timezone.now())
        bodies = b" ".join(bytes(entry.body) for entry in Entry.objects.all())
    assert [word in bodies for word in (CODES["eino"].encode(), b"Eino", b"Mallila")] == [False] * 3


def test_a_page_of_another_takes_three_statements_more(resident_in: Enter, register: Population) -> None:
    takes = {}
    for slug, whom in (("aino", "eino"), ("amira", "")):
        one = resident_in(slug)
        if whom:
            act(one, whom)
        one.browser.get("/en/permissions/")
        with CaptureQueriesContext(connection) as asked:
            one.browser.get("/en/permissions/")
        takes[slug] = len([query for query in asked if "SAVEPOINT" not in query["sql"]])
    assert takes["aino"] - takes["amira"] == 3
