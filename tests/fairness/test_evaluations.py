"""An evaluation from its plan to its publishing: each step, who may take it, and what the database refuses."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from consents.algorithms.enums import AlgorithmState, EvaluationState
from consents.algorithms.fairness import faults, pieces
from consents.algorithms.fairness.actions import fix_plan, give_up, make_evaluation, publish, save_plan, take_in
from consents.algorithms.fairness.flaws import Flaw, Refused
from consents.algorithms.fairness.pausing import pause, pausing_reason
from consents.algorithms.fairness.plans import Limits, NotAPlan, plan_json
from consents.algorithms.fairness.queries import published_evaluations
from consents.algorithms.fairness.working import count_file
from consents.algorithms.models import Algorithm, Evaluation, EvaluationPiece, EvaluationStep, StateChange
from portal.jobs.models import Job
from portal.ledger.actor import Actor, ActorKind, Right
from portal.ledger.models import Entry
from portal.walls import Role, scope
from tests.fairness.files import by_hand, plan
from tests.fairness.lives import (
    AT,
    KEEPER,
    OFFICER,
    SLUG,
    WORKER,
    again,
    arrived,
    brought,
    counted,
    fixed,
    planned,
    published,
    staff,
)

CODE = "131052-308T"
STRANGER = Actor(ActorKind.STAFF, "keeper-9", Right.OFFICE, unit="library", role="keeper")


@pytest.fixture(autouse=True)
def described(loaded_city: None, db: None) -> None:
    """The register of algorithms is loaded."""


def pieces_left() -> int:
    with scope(Role.WORKER):
        return EvaluationPiece.objects.count()


def entries() -> list[dict[str, Any]]:
    with scope(Role.WORKER):
        rows = Entry.objects.order_by("id")
        found = [json.loads(bytes(row.body)) for row in rows]
    return [each for each in found if each["kind"].startswith("algorithms.evaluation_")]


def test_from_plan_to_published_evaluation() -> None:
    row = published()
    assert (row.state, row.verdict, row.due_on) == (EvaluationState.PUBLISHED, "failed", (AT + timedelta(365)).date())
    assert (row.upload, row.sealed_key, pieces_left()) == (None, None, 0)
    with staff():
        steps = list(EvaluationStep.objects.filter(evaluation=row).values_list("kind", "by"))
    assert steps == [
        ("saved", "keeper-1"),
        ("frozen", "keeper-1"),
        ("brought", "keeper-1"),
        ("computed", WORKER.id),
        ("published", "officer"),
    ]
    kinds = [each["kind"].removeprefix("algorithms.evaluation_") for each in entries()]
    assert kinds == ["planned", "fixed", "brought", "counted", "published"]


def test_a_job_counts_what_was_brought() -> None:
    row = brought(by_hand())
    with scope(Role.WORKER):
        job = Job.objects.get(name="algorithms.count_evaluation")
    assert (job.arguments, job.queue) == ({"evaluation_id": str(row.pk)}, "bulk")


def test_counting_twice_gives_nothing_new() -> None:
    row = counted()
    count_file(row.pk, by=WORKER, at=AT + timedelta(1))
    assert again(row.pk).computed_at == AT


def test_a_file_with_identity_codes_is_refused_by_its_column_and_gone() -> None:
    row = counted(by_hand().replace(b"fi,f", b"fi,%s" % CODE.encode(), 1))
    assert (row.state, row.fault) == ("refused", {"flaw": Flaw.IDENTITY_CODE.value, "column": "sex", "row": 0})
    assert (row.counts, row.figures, row.verdict, pieces_left(), row.sealed_key) == (None, None, "", 0, None)
    with staff():
        kept = json.dumps([list(Evaluation.objects.values()), list(EvaluationStep.objects.values())], default=str)
    assert CODE not in kept + json.dumps(entries())


def test_another_file_may_come_after_a_refusal_and_none_after_a_count() -> None:
    row = counted(b"")
    assert row.fault == {"flaw": "empty", "column": "", "row": 0}
    row = counted(row=row)
    assert (row.state, row.fault) == ("computed", None)
    with staff(), pytest.raises(faults.NotNow):
        take_in(row.pk, arrived(by_hand()), by=KEEPER, at=AT)


def test_no_file_is_taken_before_the_plan_is_fixed() -> None:
    row = planned()
    with staff(), pytest.raises(faults.NotNow):
        take_in(row.pk, arrived(by_hand()), by=KEEPER, at=AT)


def test_limits_do_not_change_after_they_were_fixed() -> None:
    row, lenient = fixed(), plan(limits=Limits(difference=0.9))
    with staff(), pytest.raises(faults.PlanIsFixed):
        save_plan(row.pk, lenient, revision=1, by=KEEPER, at=AT)
    with pytest.raises(DatabaseError, match="plan of an evaluation is fixed"), transaction.atomic(), staff():
        Evaluation.objects.filter(pk=row.pk).update(plan=plan_json(lenient))
    with pytest.raises(DatabaseError, match="a_file_comes_after_its_plan_is_fixed"), transaction.atomic(), staff():
        Evaluation.objects.filter(pk=row.pk).update(brought_at=AT - timedelta(1))


@pytest.mark.parametrize("change", [{"figures": {}}, {"verdict": "passed"}, {"counts": {}}])
def test_figures_do_not_change_once_they_are_counted(change: dict[str, Any]) -> None:
    row = counted()
    with pytest.raises(DatabaseError, match="what was counted stays"), transaction.atomic(), scope(Role.WORKER):
        Evaluation.objects.filter(pk=row.pk).update(**change)


def test_what_is_published_is_frozen_and_stays() -> None:
    row = published()
    for act in (row.save, lambda: Evaluation.objects.filter(pk=row.pk).update(due_on=None)):
        row.due_on = None
        with pytest.raises(DatabaseError, match="frozen"), transaction.atomic(), staff():
            act()


def test_a_plan_is_changed_by_the_last_reader_only() -> None:
    row = planned()
    with staff():
        save_plan(row.pk, plan(least=40), revision=1, by=KEEPER, at=AT)
        with pytest.raises(faults.SavedMeanwhile):
            save_plan(row.pk, plan(least=50), revision=1, by=KEEPER, at=AT)
        with pytest.raises(faults.SavedMeanwhile):
            fix_plan(row.pk, revision=1, by=KEEPER, at=AT)
        with pytest.raises(NotAPlan):
            save_plan(row.pk, plan(least=5), revision=2, by=KEEPER, at=AT)
    assert again(row.pk).plan["least"] == 40


def test_a_wrong_plan_is_given_up_while_nobody_has_seen_a_figure() -> None:
    row = fixed()
    with staff():
        assert give_up(row.pk, by=KEEPER, at=AT).state == EvaluationState.GIVEN_UP
    row = counted()
    with staff(), pytest.raises(faults.NotNow):
        give_up(row.pk, by=KEEPER, at=AT)


def test_a_file_that_no_worker_counted_for_an_hour_is_brought_again() -> None:
    row, first, second = brought(by_hand()), AT + timedelta(minutes=59), AT + timedelta(minutes=61)
    file = arrived(by_hand())
    with staff():
        with pytest.raises(faults.NotNow):
            take_in(row.pk, file, by=KEEPER, at=first)
        take_in(row.pk, file, by=KEEPER, at=second)
    count_file(row.pk, by=WORKER, at=second)
    assert again(row.pk).state == EvaluationState.COMPUTED


def test_one_evaluation_of_a_system_at_a_time() -> None:
    planned()
    with pytest.raises(faults.UnderWay):
        planned()


def test_only_the_department_plans_and_brings() -> None:
    with pytest.raises(faults.NotYours):
        planned(by=STRANGER)
    row, file = fixed(), arrived(by_hand())
    acts: list[Callable[[], object]] = [
        lambda: take_in(row.pk, file, by=STRANGER, at=AT),
        lambda: save_plan(row.pk, plan(), revision=1, by=STRANGER, at=AT),
        lambda: make_evaluation(row.algorithm_id, plan(), by=OFFICER, at=AT),
    ]
    for act in acts:
        with staff("*"), pytest.raises(faults.NotYours):
            act()


def test_a_second_person_approves_and_only_an_officer() -> None:
    row = counted()
    both = Actor(ActorKind.STAFF, KEEPER.id, Right.OFFICE, unit="sports", role="dpo keeper")
    with staff("*"):
        with pytest.raises(faults.NotTheOfficer):
            publish(row.pk, by=KEEPER, at=AT)
        with pytest.raises(faults.OwnEvaluation):
            publish(row.pk, by=both, at=AT)
    told = {"state": "published", "published_at": AT, "due_on": AT.date(), "approved_by": KEEPER.id}
    with pytest.raises(DatabaseError, match="nobody_approves_an_evaluation"), transaction.atomic(), staff():
        Evaluation.objects.filter(pk=row.pk).update(**told)


def test_staff_cannot_read_the_file_they_brought() -> None:
    brought(by_hand())
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), staff("*"):
        list(EvaluationPiece.objects.all())
    with scope(Role.WORKER):
        assert not any(b"language" in bytes(piece.sealed) for piece in EvaluationPiece.objects.all())


def test_nobody_outside_sees_an_evaluation_before_it_is_published() -> None:
    row = counted()
    with scope(Role.RESIDENT):
        assert list(Evaluation.objects.all()) == []
    with staff("*"):
        publish(row.pk, by=OFFICER, at=AT)
    assert [each.pk for each in published_evaluations(SLUG)] == [row.pk]


def test_a_file_that_lost_a_piece_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "PIECE", 1 << 12)
    row = brought(by_hand())
    with scope(Role.WORKER):
        EvaluationPiece.objects.filter(number=1).delete()
    count_file(row.pk, by=WORKER, at=AT)
    assert (again(row.pk).fault, pieces_left()) == ({"flaw": "broken_off", "column": "", "row": 0}, 0)


def test_a_file_that_goes_on_and_on_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "LARGEST", 1 << 14)
    with pytest.raises(Refused, match="too_large"):
        arrived(b"x" * (1 << 17))


def test_a_system_that_failed_is_paused_with_a_reason_for_everyone() -> None:
    row = published()
    reason = pausing_reason(row)
    with staff():
        pause(row.pk, reason=reason, by=KEEPER, at=AT)
        change = StateChange.objects.filter(algorithm=row.algorithm_id).latest("id")
        state = Algorithm.objects.get(slug=SLUG).state
    assert (state, change.after, change.reason) == (AlgorithmState.PAUSED, "paused", reason)
    assert set(reason) == {"fi", "sv", "en"}


def test_a_system_that_passed_is_not_paused_by_its_evaluation() -> None:
    row = published(given=plan(limits=Limits(difference=0.3, ratio=0.4, odds=0.3)))
    assert row.verdict == "passed"
    with staff(), pytest.raises(faults.NotNow):
        pause(row.pk, reason=pausing_reason(row), by=KEEPER, at=AT)
