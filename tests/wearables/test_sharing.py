"""What is handed over is what the person saw, and only while they allow it; nobody acts for them, no staff opens it."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import ProgrammingError
from django.utils import timezone

from consents.actions.answering import withdraw
from consents.actions.traces import Shown
from consents.api.disclosures import body_of_parts
from consents.disclosing import Part, disclosing, previewed
from consents.errors import NoSuchPurpose
from consents.models import Purpose
from consents.queries.reading import consents_of
from datasources.queries.holdings import departments_of
from datasources.wearables.days import whole_weeks
from datasources.wearables.enums import COUNTING, KEEPING
from datasources.wearables.models import Choice, DayBooks, Figures, Import
from demo.population.server import Population
from demo.watches import EXPORTS, days
from portal.ledger.actor import Actor, ActorKind, Right, resident
from portal.notices.models import Notice
from portal.people.subjects import by_code, lookups_of
from portal.walls import Role, scope
from tests.acting import act, page_of, register
from tests.pages.conftest import city, resident_in
from tests.residents import CODES, Resident
from tests.wearables.bringing import allow, bring, days_ago, read_all

__all__ = ["city", "register", "resident_in"]
Enter = Callable[[str], Resident]
WEEKS, DAILY = "wellbeing-weekly", "wellbeing-daily"
COUNSELLING, GROUP = "exercise-counselling", "senior-exercise-group"
SPORTS = Actor(ActorKind.CLIENT, "client-1", Right.CLIENT, unit="sports")


@pytest.fixture
def raili(resident_in: Enter) -> Resident:
    """She brought fifty days."""
    one = resident_in("raili")
    allow(one)
    bring(one, EXPORTS["apple"](days(days_ago(50), 50)))
    assert read_all(one).state == "done"
    return one


def disclosed(purpose: str, dataset: str, slug: str = "raili") -> Part:
    """What the sports department's system gets, as the API gives it."""
    who = by_code("sports", CODES[slug])
    with scope(Role.API, lookups=lookups_of([who])):
        given = disclosing(purpose, [dataset], who, case="", by=SPORTS, at=timezone.now())()
    return given.parts[0]


def weeks() -> list[date]:
    """Those that lie wholly within the last thirty days."""
    today = timezone.localdate()
    return whole_weeks(today - timedelta(days=30), today - timedelta(days=1))


def preview(one: Resident, purpose: str, *fields: str) -> str:
    chosen = "&".join(f"optional={field}" for field in fields)
    page = one.browser.get(f"/en/devices/share/{purpose}/?chosen=1&{chosen}")
    return str(page.context["body"])


@pytest.mark.parametrize("purpose", ["no-such-purpose", "swimming-reminders", KEEPING, COUNTING])
def test_what_asks_for_none_of_it_is_neither_asked_nor_shown(purpose: str, raili: Resident) -> None:
    assert raili.browser.get(f"/en/devices/share/{purpose}/").status_code == 404
    if purpose not in {KEEPING, COUNTING}:
        assert raili.browser.post(f"/en/devices/ask/{purpose}/").status_code == 404


def test_where_the_city_keeps_none_of_it_there_is_no_page(raili: Resident) -> None:
    with scope(Role.STAFF, departments=["*"]):
        Purpose.objects.filter(slug=KEEPING).update(closed_at=timezone.now())
    assert raili.browser.get("/en/devices/").status_code == 404


def test_nothing_is_shown_of_a_purpose_that_there_is_not(raili: Resident) -> None:
    with scope(Role.RESIDENT, persons=[raili.person]), pytest.raises(NoSuchPurpose):
        previewed("no-such-purpose", [], at=timezone.now())


def test_nothing_is_given_without_a_yes_and_keeping_is_no_sharing(raili: Resident) -> None:
    part = disclosed(COUNSELLING, WEEKS)
    assert (part.allowed, part.reason, part.as_of, list(part.records)) == (False, "no_consent", None, [])


def test_what_is_given_is_to_the_byte_what_was_shown(raili: Resident) -> None:
    fields = (f"{WEEKS}.steps", f"{WEEKS}.sleep")
    shown = preview(raili, COUNSELLING, *fields)
    allow(raili, COUNSELLING, optional=fields)
    part = disclosed(COUNSELLING, WEEKS)
    assert body_of_parts([part]).decode() == shown
    assert [set(record) for record in part.records] == [{"week", "days", "steps", "sleep"}] * len(part.records)
    assert len(part.records) == len(weeks())
    assert set(part.withheld) == {"distance", "active", "workout", "heart_rate", "resting_heart_rate"}
    # What is on is shown as it is on.
    assert raili.browser.get(f"/en/devices/share/{COUNSELLING}/").context["body"] == shown


def test_the_question_shows_the_same_values(raili: Resident) -> None:
    part = json.loads(preview(raili, GROUP))[0]
    assert raili.browser.post(f"/en/devices/ask/{GROUP}/").status_code == 302
    with scope(Role.RESIDENT, persons=[raili.person]):
        question = consents_of(raili.person).get(purpose__slug=GROUP)
    with scope(Role.WORKER):
        # Whoever came for the question themselves gets no letter about it.
        assert not Notice.objects.filter(person_id=raili.person, at=question.requested_at).exists()
    page = raili.browser.get(f"/en/requests/{question.pk}/")
    [own] = page.context["values"]
    assert [{value.slug for value in record.values} for record in own.records] == [{"week", "reaches"}] * len(weeks())
    assert [record["reaches"] for record in part["records"]] == [
        next(value.value for value in record.values if value.slug == "reaches") for record in own.records
    ]


def test_yes_or_no_tells_no_figure(raili: Resident) -> None:
    allow(raili, GROUP)
    part = disclosed(GROUP, "wellbeing-recommendation")
    assert {type(record["reaches"]) for record in part.records} <= {bool, type(None)}
    assert disclosed(GROUP, WEEKS).allowed is False


def test_the_days_that_are_given_are_those_chosen(raili: Resident) -> None:
    allow(raili, COUNSELLING)
    assert len(disclosed(COUNSELLING, WEEKS).records) == len(weeks())
    raili.browser.post("/en/devices/choices/", {"days": "90"})
    assert len(disclosed(COUNSELLING, WEEKS).records) > 5


def test_a_yes_taken_back_stops_it_at_once(raili: Resident) -> None:
    consent = allow(raili, COUNSELLING)
    assert disclosed(COUNSELLING, WEEKS).allowed is True
    now, by = timezone.now(), resident(raili.person)
    with scope(Role.RESIDENT, persons=[raili.person]):
        withdraw(consent.pk, shown=Shown(consent.text_id, "fi"), by=by, at=now)
    assert (disclosed(COUNSELLING, WEEKS).allowed, list(disclosed(COUNSELLING, WEEKS).records)) == (False, [])


@pytest.mark.parametrize("what", ["all", "period"])
def test_what_was_removed_is_given_no_more(what: str, raili: Resident) -> None:
    allow(raili, COUNSELLING)
    assert disclosed(COUNSELLING, WEEKS).records
    told = {"what": what, "since": str(days_ago(60)), "until": str(days_ago(0))}
    assert raili.browser.post("/en/devices/remove/", told).status_code == 302
    part = disclosed(COUNSELLING, WEEKS)
    assert (part.allowed, list(part.records)) == (True, [])


def test_no_purpose_by_law_reaches_what_was_brought(raili: Resident) -> None:
    with scope(Role.STAFF, departments=["*"]):
        Purpose.objects.filter(slug=COUNSELLING).update(basis="e", nature="law")
    part = disclosed(COUNSELLING, WEEKS)
    assert (part.allowed, part.reason, list(part.records)) == (False, "not_in_scope", [])


@pytest.mark.parametrize("purpose", [KEEPING, COUNTING])
def test_what_the_portal_uses_itself_it_gives_to_nobody(purpose: str, raili: Resident) -> None:
    allow(raili, purpose)
    who = by_code("mydata", CODES["raili"])
    by = Actor(ActorKind.CLIENT, "client-2", Right.CLIENT, unit="mydata")
    with pytest.raises(NoSuchPurpose), scope(Role.API, lookups=lookups_of([who])):
        disclosing(purpose, [WEEKS], who, case="", by=by, at=timezone.now())()


def test_nobody_gets_what_another_brought(raili: Resident, resident_in: Enter) -> None:
    otso = resident_in("otso")
    allow(otso, COUNSELLING)
    part = disclosed(COUNSELLING, WEEKS, "otso")
    assert (part.allowed, part.as_of, list(part.records)) == (True, None, [])


@pytest.mark.parametrize("model", [Import, Figures, DayBooks, Choice])
def test_staff_reach_no_row_whomever_they_open(model: Any, raili: Resident) -> None:
    raili.browser.post("/en/devices/choices/", {"days": "90"})
    with scope(Role.WORKER):
        assert model.objects.filter(person_id=raili.person).exists()
    staff = scope(Role.STAFF, persons=[raili.person], departments=["*"])
    with pytest.raises(ProgrammingError, match="permission denied"), staff:
        model.objects.count()


@pytest.mark.parametrize("path", ["devices/", "devices/figures/steps/", "devices/remove/", f"devices/share/{GROUP}/"])
def test_whoever_acts_for_another_finds_nothing_of_it(
    path: str, raili: Resident, resident_in: Enter, register: Population
) -> None:
    consent = allow(raili, COUNSELLING)
    otso = resident_in("otso")
    assert act(otso, "raili").status_code == 302
    assert otso.browser.get(f"/en/{path}").status_code == 404
    assert bring(otso, b"x").status_code == 404
    assert otso.browser.get(f"/en/permissions/{consent.pk}/").status_code == 404
    said = [page_of(otso, each) for each in ("home/", "data/", "permissions/", "usage/")]
    assert [word for page in said for word in ("watch", "counselling") if word in page.lower()] == []


def test_what_was_brought_is_no_record_of_a_department(raili: Resident) -> None:
    with scope(Role.RESIDENT, persons=[raili.person]):
        held = {card.slug for each in departments_of(raili.person) for card in each.held}
        named = {register.register.slug for each in departments_of(raili.person) for register in each.registers}
    assert (held, "brought-by-residents" in named) == (set(), False)
    assert isinstance(raili.person, UUID)
