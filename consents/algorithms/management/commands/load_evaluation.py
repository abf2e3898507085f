"""`manage.py load_evaluation PLAN.toml FILE.csv`: a whole evaluation from files, for plans kept with the code.

Every step is taken as in the back office, with the same rules and entries: two people are named, and the file is
counted and removed. What comes of it is published, whatever it is.
"""

import tomllib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from consents.algorithms.enums import EvaluationState
from consents.algorithms.fairness.actions import fix_plan, make_evaluation, publish, take_in
from consents.algorithms.fairness.faults import EvaluationFault
from consents.algorithms.fairness.pausing import pause, pausing_reason
from consents.algorithms.fairness.pieces import PIECE, Arriving
from consents.algorithms.fairness.plans import NotAPlan, Plan, plan_json, plan_of
from consents.algorithms.fairness.queries import has_failed
from consents.algorithms.fairness.working import count_file
from consents.algorithms.models import Algorithm, Evaluation
from consents.manuscripts.steps import OFFICER
from portal.ledger.actor import Actor, ActorKind, Right, system
from portal.walls import Role, scope

_COUNTS = system("load_evaluation")


class Command(BaseCommand):
    """Idempotent: a plan that was carried out is not carried out again."""

    help = "Plan, count and publish an evaluation of fairness from files."

    def add_arguments(self, parser: CommandParser) -> None:
        """The two files, and the two people by their pseudonymous ids."""
        parser.add_argument("plan", type=Path)
        parser.add_argument("file", type=Path)
        parser.add_argument("--planned-by", required=True)
        parser.add_argument("--approved-by", required=True)
        parser.add_argument("--pause", action="store_true", help="pause the algorithm when it fails")

    def handle(self, *args: Any, **options: Any) -> None:
        """What came of it, in one line."""
        told = tomllib.loads(options["plan"].read_text(encoding="utf-8"))
        try:
            algorithm, plan = _described(told.pop("algorithm", "")), _plan(told)
            verdict = self._evaluated(algorithm, plan, options)
        except (NotAPlan, EvaluationFault, TypeError, KeyError, ValueError) as fault:
            raise CommandError(f"{type(fault).__name__}: {fault}") from None
        self.stdout.write(f"{algorithm.slug}: {verdict}." if verdict else "Nothing changed.")

    def _evaluated(self, algorithm: Algorithm, plan: Plan, options: Mapping[str, Any]) -> str:
        with scope(Role.WORKER):
            done = Evaluation.objects.filter(algorithm=algorithm, state=EvaluationState.PUBLISHED)
            if done.filter(plan=plan_json(plan)).exists():
                return ""
        unit, at = algorithm.department.slug, timezone.now()
        keeper = Actor(ActorKind.STAFF, options["planned_by"], Right.OFFICE, unit=unit, role="keeper")
        officer = Actor(ActorKind.STAFF, options["approved_by"], Right.OFFICE, role=OFFICER)
        row = _counted(algorithm, plan, options["file"].read_bytes(), by=keeper, at=at)
        if row.state != EvaluationState.COMPUTED:
            return f"refused ({row.fault['flaw']})" if row.fault else "refused"
        with scope(Role.STAFF, departments=["*"]):
            publish(row.pk, by=officer, at=at)
            if options["pause"] and has_failed(row):
                pause(row.pk, reason=pausing_reason(row), by=keeper, at=at)
        return str(row.verdict)


def _described(slug: str) -> Algorithm:
    with scope(Role.WORKER):
        found = Algorithm.objects.select_related("department").filter(slug=slug).first()
    if found is None:
        raise CommandError(f"The register has no algorithm {slug}.")
    return found


def _plan(told: dict[str, Any]) -> Plan:
    return plan_of({"limits": {}, "score": ""} | told)


def _counted(algorithm: Algorithm, plan: Plan, content: bytes, *, by: Actor, at: datetime) -> Evaluation:
    departments = [algorithm.department.slug]
    with scope(Role.STAFF, departments=departments):
        row = make_evaluation(algorithm.pk, plan, by=by, at=at)
        fix_plan(row.pk, revision=row.revision, by=by, at=at)
    file = Arriving(uuid4(), departments=departments, at=at)
    for begins in range(0, len(content), PIECE):
        file.write(content[begins : begins + PIECE])
    file.close()
    with scope(Role.STAFF, departments=departments):
        take_in(row.pk, file, by=by, at=at)
    count_file(row.pk, by=_COUNTS, at=at)
    return _again(row.pk)


def _again(pk: UUID) -> Evaluation:
    with scope(Role.WORKER):
        return Evaluation.objects.select_related("algorithm").get(pk=pk)
