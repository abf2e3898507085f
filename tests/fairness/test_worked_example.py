"""The worked example of the demo: two made-up programs, of which one passes and one is paused."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from consents.algorithms.enums import AlgorithmState
from consents.algorithms.models import Algorithm, Evaluation, EvaluationStep
from demo.algorithms import EVALUATIONS, csv_of
from portal.walls import Role, scope

DEMO = Path(__file__).resolve().parents[2] / "demo" / "algorithms"


@pytest.fixture
def load(loaded_city: None, db: None, tmp_path: Path) -> Any:
    """load("preschool"): as the demo does it."""

    def loaded(name: str, **more: str) -> None:
        file = tmp_path / f"{name}.csv"
        file.write_text(csv_of(EVALUATIONS[name]()))
        by = {"planned_by": "demo-keeper", "approved_by": "demo-officer"} | more
        call_command("load_evaluation", str(DEMO / f"{name}.toml"), str(file), pause=True, **by)

    return loaded


def states() -> dict[str, str]:
    with scope(Role.WORKER):
        rows = Algorithm.objects.filter(evaluations__isnull=False).values_list("slug", "state", "evaluations__verdict")
        return {slug: f"{state} {verdict}" for slug, state, verdict in rows}


def test_the_preschool_proposal_passes_and_the_exercise_suggestion_is_paused(load: Any) -> None:
    load("preschool")
    load("exercise")
    assert states() == {
        "preschool-place-proposal": "pilot passed",
        "exercise-group-suggestion": f"{AlgorithmState.PAUSED.value} failed",
    }


def test_it_is_carried_out_once(load: Any) -> None:
    load("preschool")
    load("preschool")
    with scope(Role.WORKER):
        assert Evaluation.objects.count() == 1
    with scope(Role.STAFF, departments=["*"]):
        kinds = list(EvaluationStep.objects.values_list("kind", "by"))
    assert kinds[0] == ("saved", "demo-keeper")
    assert kinds[-1] == ("published", "demo-officer")


def test_one_person_alone_publishes_nothing(load: Any) -> None:
    with pytest.raises(CommandError, match="OwnEvaluation"):
        load("preschool", approved_by="demo-keeper")


@pytest.mark.parametrize("name", EVALUATIONS)
def test_the_made_up_rows_are_the_same_each_time(name: str) -> None:
    assert csv_of(EVALUATIONS[name]()) == csv_of(EVALUATIONS[name]())
