"""A department sends its records itself: whole people, all of a delivery or nothing, once however often it is sent."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from datasources.actions.asking import ask_for
from datasources.actions.receiving import receive
from datasources.actions.rounds import ask_for_every_pull
from datasources.actions.trials import ask_for_trial, run_trial
from datasources.connectors.push.deliveries import Sent
from datasources.enums import ConnectorKind
from datasources.errors import Garbled, Refused
from datasources.models import Asking, Pull, PullKind, Sheet, Source, TrialKind, TrialState
from datasources.queries.sheets import sheet_of
from portal.jobs.models import Job
from portal.ledger.actor import Actor, ActorKind, Right, resident
from portal.ledger.models import Entry
from portal.walls import Role, scope
from tests.datasources.conftest import BY, CODES, NIGHT, arrive, source

DATASET = "library-loans"
LOAN = {"title": "Kirja", "branch": "Tapiola", "lent_on": "2026-11-01"}
MAPPING = {
    DATASET: {
        "columns": {"title": "title", "branch": "branch", "lent_on": "lent_on", "due_on": "due_on"},
        "optional": ["due_on"],
    }
}
LIBRARY = Actor(kind=ActorKind.CLIENT, id="library", right=Right.CLIENT, unit="library")


@pytest.fixture(autouse=True)
def library_sends(catalogue: None) -> None:
    """The library, which sends its loans itself."""
    with scope(Role.STAFF, departments=["*"]):
        Source.objects.filter(slug="library").update(
            kind=ConnectorKind.PUSH, settings={"most_people": 3, "most_records": 5}, mapping=MAPPING, live=False
        )


def send(*people: tuple[str, list[dict[str, Any]]], delivery: UUID | None = None, days: int = 0, **told: Any) -> Pull:
    sent = [Sent(CODES.get(who, who), records) for who, records in people]
    at = NIGHT + timedelta(days=days)
    return receive(
        "library", told.pop("dataset", DATASET), sent, delivery=delivery or uuid4(), by=LIBRARY, at=at, **told
    )


def held() -> dict[UUID, int]:
    with scope(Role.WORKER):
        return dict(Sheet.objects.values_list("person_id", "row_count"))


def kinds() -> list[str]:
    with scope(Role.WORKER):
        told = Entry.objects.filter(kind__startswith="datasources.").exclude(kind="datasources.catalogue_changed")
        return sorted(told.values_list("kind", flat=True))


def test_a_delivery_fills_sheets_and_is_told_in_the_log() -> None:
    mikael = arrive("mikael")
    done = send(("mikael", [LOAN, LOAN | {"due_on": "2026-12-01"}]), ("raili", [LOAN]))
    assert (done.kind, done.rows_read, done.changed, done.people_passed_over) == (PullKind.SENT, 3, 1, 1)
    assert held() == {mikael: 2}
    assert kinds() == ["datasources.pulled", "datasources.sheet_arrived"]
    with scope(Role.RESIDENT, persons=[mikael]):
        sheet = sheet_of(mikael, DATASET)
    assert sheet is not None
    assert {value.text for record in sheet.records for value in record.values} >= {"Kirja", "Tapiola"}


def test_what_is_sent_takes_the_place_of_what_was_held() -> None:
    mikael = arrive("mikael")
    send(("mikael", [LOAN, LOAN]))
    assert send(("mikael", [LOAN]), days=1).changed == 1
    assert held() == {mikael: 1}
    assert send(("mikael", [LOAN]), days=2).unchanged == 1


def test_no_records_mean_that_nothing_is_held_any_more() -> None:
    arrive("mikael"), arrive("raili")
    send(("mikael", [LOAN]), ("raili", [LOAN]))
    assert send(("mikael", []), days=1).removed == 1
    assert len(held()) == 1


def test_whoever_is_not_in_a_delivery_stays_unless_it_is_whole() -> None:
    arrive("mikael"), arrive("raili")
    send(("mikael", [LOAN]), ("raili", [LOAN]))
    assert send(("raili", [LOAN]), days=1).removed == 0
    assert send(("raili", [LOAN]), days=2, whole=True).removed == 1
    assert len(held()) == 1


def test_the_same_delivery_again_changes_nothing() -> None:
    arrive("mikael")
    delivery = uuid4()
    first = send(("mikael", [LOAN]), delivery=delivery)
    send(("mikael", [LOAN, LOAN]), days=1)
    again = send(("mikael", [LOAN]), delivery=delivery, days=2)
    assert (again.pk, again.started_at) == (first.pk, first.started_at)
    assert list(held().values()) == [2]


@pytest.mark.parametrize(
    ("people", "sentence"),
    [
        ([("mikael", [LOAN | {"shoe_size": 42}])], "Record 1 of person 1 has a field that was not agreed: shoe_size."),
        (
            [("mikael", [LOAN | {"131052-308T": 1}])],
            "Record 1 of person 1 .* not agreed: one of an odd",
        ),
        ([("mikael", [LOAN, {"title": "Kirja"}])], "Record 2 of person 1 lacks branch, lent_on."),
        ([("mikael", [LOAN]), ("mikael", [LOAN])], "Person 2 stands in the delivery twice."),
        ([("mikael", [LOAN] * 6)], "Person 1 has more than 5 records."),
        ([(f"p{n:04}", []) for n in range(1, 5)], "One delivery may tell about 3 people at most."),
    ],
)
def test_a_bad_delivery_is_refused_whole(people: list[Any], sentence: str) -> None:
    arrive("mikael")
    before = kinds()
    with pytest.raises(Garbled, match=sentence):
        send(*people)
    assert (held(), kinds()) == ({}, before)


def test_what_is_no_code_is_counted_and_the_others_are_kept() -> None:
    arrive("mikael")
    done = send(("not a code", [LOAN]), ("mikael", [LOAN]))
    assert (done.rejected, done.changed) == (1, 1)


@pytest.mark.parametrize("dataset", ["library-card", "sports-courses", "none"])
def test_a_dataset_that_is_not_sent_is_refused(dataset: str) -> None:
    with pytest.raises(Refused, match="sends no dataset"):
        send(("mikael", [LOAN]), dataset=dataset)


def test_another_department_cannot_send_in_its_place() -> None:
    other = Actor(kind=ActorKind.CLIENT, id="sports", right=Right.CLIENT, unit="sports")
    with pytest.raises(Refused, match="sends no dataset"):
        receive("library", DATASET, [], delivery=uuid4(), by=other, at=NIGHT)


def test_a_system_that_is_asked_takes_no_delivery_and_one_switched_off_neither() -> None:
    with pytest.raises(Refused, match="no system"):
        receive("sports", DATASET, [], delivery=uuid4(), by=LIBRARY, at=NIGHT)
    with scope(Role.STAFF, departments=["*"]):
        Source.objects.filter(slug="library").update(switched_on=False)
    with pytest.raises(Refused, match="no system"):
        send(("mikael", [LOAN]))


def test_nobody_asks_a_system_that_sends() -> None:
    mikael = arrive("mikael")
    ask_for(mikael, by=resident(mikael), at=NIGHT)
    ask_for_every_pull(by=BY, at=NIGHT)
    with scope(Role.WORKER):
        assert not Asking.objects.filter(source__slug="library").exists()
        library = str(source("library").pk)
        assert not [job for job in Job.objects.all() if job.arguments.get("source_id") == library]
    with scope(Role.STAFF, departments=["*"]):
        trial = ask_for_trial(source("library"), TrialKind.CONNECTION, by=BY, at=NIGHT)
    assert run_trial(trial.pk, by=BY, at=NIGHT).state == TrialState.FAILED
