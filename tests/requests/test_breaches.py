"""A breach: counted from the log, confirmed by a second person, told to those whom it touches and to nobody else."""

import html
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from consents.kinds import ConsentEntry
from datasources.kinds import SourcesEntry
from datasources.models import Source
from demo.people import staff as workers
from portal.ledger.actions import record, sequence
from portal.ledger.actor import Actor, ActorKind, Right, resident, system
from portal.ledger.models import Entry
from portal.notices.models import Notice
from portal.people.actions import Arrival, Names, find_or_make
from portal.requests.breach_models import Breach, BreachTold
from portal.requests.breaches import entries_of, tell_of_breach, touched_by
from portal.walls import Role, scope
from tests.pages.conftest import city, resident_in
from tests.residents import CODES, Resident
from tests.staffing import Hire, hire

__all__ = ["city", "hire", "resident_in"]
Enter = Callable[[str], Resident]
OWN = {worker.slug: worker.identity_code for worker in workers()}
ADD, LIST = "/admin/requests/breach/add/", "/admin/requests/breach/"
SYSTEM = Actor(ActorKind.CLIENT, "system-1", Right.CLIENT, unit="sports")
OTHER = Actor(ActorKind.CLIENT, "system-2", Right.CLIENT, unit="library")
TEXTS = {"told_fi": "Tietojasi katsottiin.", "told_sv": "Någon såg dina uppgifter.", "told_en": "Somebody looked."}


def disclosed(one: Resident, by: Actor, dataset: str, *, at: datetime) -> None:
    with scope(Role.WORKER):
        told = {"department": by.unit, "datasets": [dataset]}
        record(ConsentEntry.DISCLOSED, by=by, about=one.person, at=at, **told)  # type: ignore[arg-type]


@pytest.fixture
def people(resident_in: Enter) -> dict[str, Resident]:
    """Raili twice and Otso once by the system of sports, Lempi by that of the library."""
    now, them = timezone.now(), {slug: resident_in(slug) for slug in ("raili", "otso", "lempi")}
    disclosed(them["raili"], SYSTEM, "sports-courses", at=now)
    disclosed(them["raili"], SYSTEM, "sports-visits", at=now)
    disclosed(them["otso"], SYSTEM, "sports-visits", at=now)
    disclosed(them["lempi"], OTHER, "library-card", at=now)
    with scope(Role.RESIDENT, persons=[them["lempi"].person]):
        record(ConsentEntry.GIVEN, by=resident(them["lempi"].person), about=them["lempi"].person, at=now)
    with scope(Role.WORKER):
        sequence(at=now)
    return them


def told(**more: Any) -> dict[str, Any]:
    # As a form is filled in: by the clock on the wall.
    now = timezone.localtime()
    times = {"from_at": now - timedelta(hours=1), "until_at": now + timedelta(hours=1), "known_at": now}
    words = {"nature": "A key was lost.", "consequences": "Misuse.", "measures": "The key was ended."}
    return {name: f"{at:%Y-%m-%d %H:%M:%S}" for name, at in times.items()} | words | TEXTS | more


@pytest.mark.parametrize(
    ("narrowed", "counts"),
    [
        ({}, (3, 4)),
        ({"department": "sports"}, (2, 3)),
        ({"actor": "system-1", "dataset": "sports-visits"}, (2, 2)),
        ({"dataset": "library-card"}, (1, 1)),
        ({"actor": "nobody"}, (0, 0)),
    ],
)
def test_who_was_touched_is_counted_from_the_log(
    narrowed: dict[str, str], counts: tuple[int, int], people: dict[str, Resident]
) -> None:
    now = timezone.now()
    breach = Breach(from_at=now - timedelta(hours=1), until_at=now + timedelta(hours=1), **narrowed)
    with scope(Role.STAFF, departments=["*"]):
        # Beside the four uses the log tells that each arrived, signed in and was asked.
        found = touched_by(breach)
    assert (found.people, found.entries) == counts


def test_of_a_source_all_are_touched_whose_data_was_here_in_that_time(people: dict[str, Resident]) -> None:
    now, hour = timezone.now(), timedelta(hours=1)
    with scope(Role.WORKER):
        source = Source.objects.filter(department__slug="library", mapping__has_key="library-card").get()
    # Raili's came before and is here; Otso's went before the time, Lempi's within it; another came after it.
    for slug, *happened in (
        ("raili", ("ARRIVED", -9)),
        ("otso", ("ARRIVED", -9), ("REMOVED", -5)),
        ("lempi", ("CHANGED", -9), ("REMOVED", -1)),
        ("amira", ("ARRIVED", 2)),
    ):
        for kind, hours in happened:
            told = {"department": "library", "datasets": ["library-card"], "at": now + hours * hour}
            with scope(Role.WORKER):
                about = (
                    people[slug].person
                    if slug in people
                    else find_or_make(Arrival(CODES[slug], Names("", "")), at=now).pk
                )
                record(SourcesEntry[f"SHEET_{kind}"], by=system("tests"), about=about, **told)  # type: ignore[arg-type]
    breach = Breach(from_at=now - 2 * hour, until_at=now + hour, source=source.slug)
    with scope(Role.STAFF, departments=["*"]):
        found = touched_by(breach)
        subjects = set(entries_of(breach).values_list("subject", flat=True))
    assert (found.people, found.datasets) == (2, ("library-card",))
    assert subjects == {people["raili"].person, people["lempi"].person}


def drafted(hire: Hire, **more: Any) -> Breach:
    officer = hire("dpo", "*", code=OWN["desk"])
    answer = officer.post(ADD, told(**more))
    assert answer.status_code == 302, answer.content.decode()
    with scope(Role.WORKER):
        return Breach.objects.get()


def test_a_second_person_confirms_and_only_those_touched_are_told(people: dict[str, Resident], hire: Hire) -> None:
    breach = drafted(hire, department="sports", actor="system-1")
    with scope(Role.WORKER):
        assert tell_of_breach(breach.pk, by=system("tests"), at=timezone.now()) == 0
        assert not Notice.objects.filter(kind="breach").exists()
    second = hire("dpo", "*", code=OWN["keeper-library"])
    shown = html.unescape(second.get(f"{LIST}{breach.pk}/change/").content.decode())
    assert ('<dd id="people">2</dd>' in shown, "Confirm, and tell 2 people" in shown) == (True, True)
    assert not any(str(one.person) in shown for one in people.values())
    assert second.post(f"{LIST}{breach.pk}/change/").status_code == 302
    with scope(Role.WORKER):
        many = [tell_of_breach(breach.pk, by=system("tests"), at=timezone.now(), batch=1) for _ in range(4)]
        assert many == [1, 1, 0, 0]
        notices = set(Notice.objects.filter(kind="breach").values_list("person_id", flat=True))
        assert notices == {people["raili"].person, people["otso"].person}
        assert Breach.objects.get().all_told_at is not None
        sequence(at=timezone.now())
        assert Entry.objects.filter(kind="requests.breach_told").count() == 2
    pages = {slug: one.browser.get("/fi/rights/breaches/").content.decode() for slug, one in people.items()}
    assert {slug: "Tietojasi katsottiin." in page for slug, page in pages.items()} == {
        "raili": True,
        "otso": True,
        "lempi": False,
    }


def test_who_drafted_it_does_not_confirm_it(people: dict[str, Resident], hire: Hire) -> None:
    officer = hire("dpo", "*", code=OWN["desk"])
    officer.post(ADD, told())
    with scope(Role.WORKER):
        breach = Breach.objects.get()
    shown = officer.get(f"{LIST}{breach.pk}/change/").content.decode()
    assert "Another person confirms it" in shown
    officer.post(f"{LIST}{breach.pk}/change/")
    with scope(Role.WORKER):
        assert Breach.objects.get().confirmed_at is None
    with scope(Role.WORKER), pytest.raises(IntegrityError), transaction.atomic():
        Breach.objects.update(confirmed_by=breach.drafted_by, confirmed_at=timezone.now())


def test_the_form_tells_what_is_known_and_no_person(people: dict[str, Resident], hire: Hire) -> None:
    breach = drafted(hire, department="sports")
    officer = hire("dpo", "*", code=OWN["keeper-library"])
    answer = officer.get(f"{LIST}{breach.pk}/form.json")
    form = json.loads(answer.content)
    assert datetime.fromisoformat(form["notify_by"]) - datetime.fromisoformat(form["known_at"]) == timedelta(hours=72)
    assert (form["people"], form["records_of_use"]) == (2, 3)
    assert form["datasets"] == ["sports-courses", "sports-visits"]
    assert not any(str(one.person) in answer.content.decode() for one in people.values())


@pytest.mark.parametrize(
    ("group", "departments", "statuses"),
    [("keeper", ["sports"], (404, 404)), ("auditor", ["*"], (404, 200)), ("desk", ["sports"], (404, 404))],
)
def test_others_draft_none(
    group: str, departments: list[str], statuses: tuple[int, int], people: dict[str, Resident], hire: Hire
) -> None:
    breach = drafted(hire)
    other = hire(group, *departments, code=OWN["keeper-library"])
    seen = other.get(ADD).status_code, other.get(f"{LIST}{breach.pk}/change/").status_code
    assert seen == statuses
    other.post(f"{LIST}{breach.pk}/change/")
    with scope(Role.WORKER):
        assert Breach.objects.get().confirmed_at is None


@pytest.mark.parametrize(
    "odd",
    [
        {"until_at": "2020-01-01 00:00:00"},
        {"known_at": "2090-01-01 00:00:00"},
        {"told_sv": ""},
        {"told_fi": f"Hän on {OWN['desk']}"},
    ],
)
def test_what_is_missing_or_odd_is_told(odd: dict[str, str], city: None, hire: Hire) -> None:
    officer = hire("dpo", "*", code=OWN["desk"])
    assert officer.post(ADD, told(**odd)).status_code == 422
    with scope(Role.WORKER):
        assert Breach.objects.count() == 0


def test_a_resident_reads_no_breach_that_was_not_told_to_them(people: dict[str, Resident], hire: Hire) -> None:
    breach = drafted(hire)
    with scope(Role.WORKER):
        BreachTold.objects.create(breach=breach, person_id=people["raili"].person, told_at=timezone.now())

    def reads(person: UUID) -> int:
        with scope(Role.RESIDENT, persons=[person]):
            return Breach.objects.count()

    assert (reads(people["raili"].person), reads(people["lempi"].person)) == (1, 0)
