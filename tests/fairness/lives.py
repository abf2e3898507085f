"""Evaluations on their way, each step as its people take it."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from consents.algorithms.fairness.actions import fix_plan, make_evaluation, publish, take_in
from consents.algorithms.fairness.pieces import Arriving
from consents.algorithms.fairness.plans import Plan
from consents.algorithms.fairness.working import count_file
from consents.algorithms.models import Algorithm, Evaluation
from portal.ledger.actor import Actor, ActorKind, Right, system
from portal.walls import Role, scope
from tests.fairness.files import by_hand, plan

AT = datetime(2040, 3, 1, 9, tzinfo=UTC)
SLUG, DEPARTMENT = "exercise-group-suggestion", "sports"
KEEPER = Actor(ActorKind.STAFF, "keeper-1", Right.OFFICE, unit=DEPARTMENT, role="keeper")
OFFICER = Actor(ActorKind.STAFF, "officer", Right.OFFICE, role="dpo")
WORKER = system("algorithms.count_evaluation")


def staff(*departments: str) -> Any:
    return scope(Role.STAFF, departments=list(departments or (DEPARTMENT,)))


def planned(given: Plan | None = None, *, by: Actor = KEEPER) -> Evaluation:
    with staff():
        return make_evaluation(Algorithm.objects.get(slug=SLUG).pk, given or plan(), by=by, at=AT)


def fixed(given: Plan | None = None, *, at: datetime = AT) -> Evaluation:
    row = planned(given)
    with staff():
        return fix_plan(row.pk, revision=row.revision, by=KEEPER, at=at)


def arrived(content: bytes) -> Arriving:
    file = Arriving(uuid4(), departments=[DEPARTMENT], at=AT)
    for begins in range(0, len(content), 1 << 16):
        file.write(content[begins : begins + (1 << 16)])
    file.close()
    return file


def brought(content: bytes, row: Evaluation | None = None) -> Evaluation:
    row = row or fixed()
    file = arrived(content)
    with staff():
        return take_in(row.pk, file, by=KEEPER, at=AT)


def counted(content: bytes | None = None, row: Evaluation | None = None, at: datetime = AT) -> Evaluation:
    row = brought(by_hand() if content is None else content, row)
    count_file(row.pk, by=WORKER, at=at)
    return again(row.pk)


def published(content: bytes | None = None, given: Plan | None = None, at: datetime = AT) -> Evaluation:
    row = counted(content, fixed(given), at)
    with staff("*"):
        return publish(row.pk, by=OFFICER, at=at)


def again(pk: UUID) -> Evaluation:
    with scope(Role.WORKER):
        return Evaluation.objects.select_related("algorithm").get(pk=pk)
