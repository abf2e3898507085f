"""Data given for the common good: in parts, under a number of its own, and those who gave hear what came of it."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from django.test import Client as Browser
from django.utils import timezone
from jsonschema import Draft202012Validator

from consents.actions.asking import ask_resident
from consents.disclosing import disclosing
from consents.donations.faults import AlreadyPublished, NotADonation, NotWhole, NotYours, OwnReport
from consents.donations.keeping import draft_outcome, drop_module, publish_outcome, tell_givers
from consents.donations.paper import schema
from consents.errors import NamedByCode, NotForSystems
from consents.models import Consent, Outcome, Purpose
from consents.rules.giving import Module, flaw_of_modules
from portal.jobs.models import Job
from portal.ledger.actor import Actor, ActorKind, Right, system
from portal.notices.models import Notice
from portal.people.subjects import by_code, by_subject, keep_subjects, lookups_of, persons_named
from portal.walls import Role, scope
from tests.consents.leading import ONE, OTHER
from tests.residents import CODES, Resident, enter

HALLS, RESEARCH = "swimming-hall-planning", "youth-exercise-research"
PLACES, TIMES = "sports-courses.place", ["sports-courses.ends_on", "sports-courses.starts_on"]
REPORT = {language: {"title": f"Title {language}", "text": f"Text {language}"} for language in ("fi", "sv", "en")}
PLANNER = Actor(ActorKind.CLIENT, "planner", Right.CLIENT, unit="sports")


@pytest.fixture
def city(loaded_city: None, db: None) -> None:
    """Catalogue and purposes, loaded."""


def question_of(one: Resident, purpose: str = HALLS) -> str:
    """Reached from the public page by one press."""
    answer = one.browser.post(f"/en/donations/{purpose}/ask/")
    assert answer.status_code == 302
    return str(answer.headers["Location"])


def consent_of(one: Resident, purpose: str = HALLS) -> Consent:
    with scope(Role.RESIDENT, persons=[one.person]):
        return Consent.objects.select_related("purpose").get(person_id=one.person, purpose__slug=purpose)


def gives(one: Resident, *parts: str, answer: str = "yes") -> Any:
    where = question_of(one)
    return one.browser.post(where, {"text": str(consent_of(one).text_id), "answer": answer, "optional": parts})


def halls() -> Purpose:
    return Purpose.objects.select_related("department").get(slug=HALLS)


def published(by: Actor = OTHER) -> Outcome:
    with scope(Role.STAFF, departments=["sports"]):
        row = draft_outcome(halls(), parts=REPORT, by=ONE, at=timezone.now())
        return publish_outcome(row.pk, by=by, at=timezone.now())


def tell(pk: UUID, *, batch: int = 1000) -> None:
    after, first = None, True
    while first or after:
        first = False
        with scope(Role.WORKER):
            after = tell_givers(pk, after=after, by=system("tests"), at=timezone.now(), batch=batch)


def test_one_gives_the_parts_one_chooses(city: None) -> None:
    raili = enter("raili")
    page = raili.browser.get(question_of(raili)).content.decode()
    assert page.count('name="optional"') == 3
    assert " checked" not in page
    assert gives(raili, "course-times").status_code == 302
    given = consent_of(raili)
    assert (given.state, given.datasets, given.fields) == ("given", ["sports-courses"], TIMES)


def test_a_yes_to_nothing_is_no_yes(city: None) -> None:
    raili = enter("raili")
    answer = gives(raili)
    assert (answer.status_code, "Choose one part at least" in answer.content.decode()) == (422, True)
    assert consent_of(raili).state == "requested"


def test_a_part_is_added_and_left_out_again(city: None) -> None:
    raili = enter("raili")
    gives(raili, "course-times")
    given = consent_of(raili)
    path = f"/en/permissions/{given.pk}/change/"
    page = raili.browser.get(path).content.decode()
    assert page.count(" checked") == 1
    raili.browser.post(path, {"text": str(given.text_id), "optional": ["course-places", "visits"]})
    assert consent_of(raili).fields == [PLACES, "sports-visits.place", "sports-visits.visited_at"]
    assert raili.browser.post(path, {"text": str(given.text_id)}).status_code == 422


def test_nobody_is_asked_who_does_not_come(city: None) -> None:
    raili = enter("raili")
    with scope(Role.RESIDENT, persons=[raili.person]):
        asked = set(Consent.objects.filter(person_id=raili.person).values_list("purpose__slug", flat=True))
    assert asked.isdisjoint({HALLS, RESEARCH})


def test_the_public_page_says_all_and_names_no_other_organisation(city: None) -> None:
    for language in ("fi", "sv", "en"):
        answer = Browser(HTTP_HOST="127.0.0.1").get(f"/{language}/donations/{RESEARCH}/")
        page = answer.content.decode()
        assert (answer.status_code, "1050/2018" in page, "altruis" in page.lower()) == (200, True, False)
    assert Browser(HTTP_HOST="127.0.0.1").get("/en/donations/swimming-reminders/").status_code == 404


@pytest.mark.parametrize("purpose", [HALLS, RESEARCH])
def test_the_form_is_as_its_published_schema_says(purpose: str, city: None) -> None:
    browser = Browser(HTTP_HOST="127.0.0.1")
    told = browser.get("/schemas/donation-form-1.json").json()
    form = json.loads(browser.get(f"/en/donations/{purpose}/form/").content)
    assert list(Draft202012Validator(told).iter_errors(form)) == []
    assert {each["given"] for each in form["modules"]} == {None}
    assert form["registered_data_altruism_organisation"] is False


def test_the_form_that_somebody_filled_in_tells_each_part(city: None) -> None:
    raili, otso = enter("raili"), enter("otso")
    gives(raili, "visits")
    path = f"/en/permissions/{consent_of(raili).pk}/form/"
    form = json.loads(raili.browser.get(path).content)
    assert list(Draft202012Validator(schema()).iter_errors(form)) == []
    given = {each["module"]: each["given"] for each in form["modules"]}
    assert given == {"course-times": False, "course-places": False, "visits": True}
    assert (form["answer"]["state"], otso.browser.get(path).status_code) == ("given", 404)


def disclosed(who: Any, purpose: str = HALLS) -> Any:
    with scope(Role.API, lookups=lookups_of([who])):
        keep_subjects("sports", [who], persons_named("sports", [who])())
        return disclosing(purpose, ["sports-courses"], who, case="", by=PLANNER, at=timezone.now())()


def test_what_is_given_comes_under_a_number_of_this_purpose_alone(city: None) -> None:
    raili = enter("raili")
    gives(raili, "course-times")
    coded = by_code("sports", CODES["raili"])
    disclosed(coded, "swimming-reminders")
    told = disclosed(by_subject(coded.subject))
    again, stranger = disclosed(by_subject(coded.subject)), disclosed(by_subject("kL3vQ0b8nA1xYc5Rr2eWtg"))
    assert told.subject == again.subject
    assert len({told.subject, coded.subject, stranger.subject, "kL3vQ0b8nA1xYc5Rr2eWtg"}) == 4
    assert (told.parts[0].allowed, sorted(told.parts[0].fields), stranger.parts[0].allowed) == (
        True,
        ["ends_on", "starts_on"],
        False,
    )


@pytest.mark.parametrize("slug", ["raili", "lempi"])
def test_nobody_is_named_by_code_for_what_is_given(slug: str, city: None) -> None:
    enter("raili")
    with pytest.raises(NamedByCode):
        disclosed(by_code("sports", CODES[slug]))


def test_two_people_publish_a_report(city: None) -> None:
    with pytest.raises(OwnReport):
        published(by=ONE)
    row = published()
    with scope(Role.STAFF, departments=["sports"]):
        with pytest.raises(AlreadyPublished):
            publish_outcome(row.pk, by=OTHER, at=timezone.now())
        with pytest.raises(IntegrityError), transaction.atomic():
            Outcome.objects.filter(pk=row.pk).update(drafted_by=OTHER.id)
        with pytest.raises(NotWhole):
            draft_outcome(halls(), parts=REPORT | {"sv": {"title": " ", "text": "x"}}, by=ONE, at=timezone.now())
        other = Purpose.objects.get(slug="swimming-reminders")
        with pytest.raises(NotADonation):
            draft_outcome(other, parts=REPORT, by=ONE, at=timezone.now())
        elsewhere = replace(ONE, unit="library")
        with pytest.raises(NotYours):
            draft_outcome(halls(), parts=REPORT, by=elsewhere, at=timezone.now())
        with pytest.raises(NotYours):
            drop_module(halls(), "visits", by=elsewhere, at=timezone.now())
    with scope(Role.WORKER):
        assert Job.objects.filter(name="consents.tell_givers").count() == 1


def test_those_who_gave_are_told_once_and_see_it(city: None) -> None:
    raili, otso, aino = enter("raili"), enter("otso"), enter("aino")
    gives(raili, "visits")
    gives(otso, answer="no")
    gives(aino, "visits")
    aino.browser.post(f"/en/permissions/{consent_of(aino).pk}/stop/")
    row = published()
    for _ in range(2):
        tell(row.pk, batch=1)
    with scope(Role.WORKER):
        told = list(Notice.objects.filter(kind="given_data_used").values_list("person_id", flat=True))
        assert (told, Outcome.objects.get(pk=row.pk).givers) == ([raili.person], 1)
    page = raili.browser.get(f"/en/permissions/{consent_of(raili).pk}/").content.decode()
    public = Browser(HTTP_HOST="127.0.0.1").get("/sv/donations/").content.decode()
    assert ("Text en" in page, "Text sv" in public, "Fewer than 20" in page) == (True, True, True)


def test_a_draft_is_read_by_nobody_outside(city: None) -> None:
    with scope(Role.STAFF, departments=["sports"]):
        draft_outcome(halls(), parts=REPORT, by=ONE, at=timezone.now())
    assert "Text en" not in Browser(HTTP_HOST="127.0.0.1").get(f"/en/donations/{HALLS}/").content.decode()


MODULES = [Module("a", ["d.x"]), Module("b", ["d.y", "d.z"])]


@pytest.mark.parametrize(
    ("modules", "needed", "donation", "good"),
    [
        (MODULES, False, True, True),
        ([], False, False, True),
        (MODULES, False, False, False),
        (MODULES, True, True, False),
        (MODULES[:1], False, True, False),
        ([], False, True, False),
        ([*MODULES, Module("c", ["d.x"])], False, True, False),
        ([*MODULES, Module("c", ["d.other"])], False, True, False),
    ],
)
def test_parts_stand_for_all_that_is_given(modules: list[Module], needed: bool, donation: bool, good: bool) -> None:
    flaw = flaw_of_modules(modules, ["d.x", "d.y", "d.z"], needed=needed, donation=donation)
    assert (flaw is None) == good


@pytest.mark.parametrize(
    "facts",
    [
        {"donation": "research"},
        {"donation": "planning", "basis": "c", "nature": "law"},
        {"donation": "planning", "ask_on_arrival": True},
    ],
)
def test_the_database_holds_what_a_donation_is(facts: dict[str, Any], city: None) -> None:
    with scope(Role.STAFF, departments=["*"]), pytest.raises(IntegrityError), transaction.atomic():
        Purpose.objects.filter(slug="swimming-reminders").update(**facts)


@pytest.mark.parametrize("count", [1, 3])
def test_the_public_list_asks_the_database_as_much_for_one_report_as_for_three(
    count: int, city: None, django_assert_num_queries: Callable[[int], Any]
) -> None:
    for _ in range(count):
        published()
    browser = Browser(HTTP_HOST="127.0.0.1")
    browser.get("/en/donations/")
    with django_assert_num_queries(2):
        browser.get("/en/donations/")


def test_no_system_asks_anybody_to_give(city: None) -> None:
    who = by_code("sports", CODES["raili"])
    with pytest.raises(NotForSystems), scope(Role.API, lookups=[who.lookup]):
        ask_resident(HALLS, who, by=PLANNER, at=timezone.now())
