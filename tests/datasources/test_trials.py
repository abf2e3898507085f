"""A source is tried before it is let in, and nothing that a trial reads is kept."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasources.actions.pulls import pull_source
from datasources.actions.trials import LOST_AFTER, ask_for_trial, run_trial
from datasources.models import PullKind, Sheet, Trial, TrialKind, TrialState
from datasources.rules.masking import shape_of
from demo.departments.moods import Mood
from portal.jobs.models import Job
from portal.keys.models import PersonKey
from portal.ledger.models import Entry
from portal.walls import Role, scope
from tests.datasources.conftest import BY, CODES, NIGHT, City, arrive, dumped, source

SYSTEMS = ("early-education", "library", "sports")


def ask(slug: str, kind: TrialKind, *, minutes: int = 0) -> Trial:
    with scope(Role.STAFF, departments=["*"]):
        return ask_for_trial(source(slug), kind, by=BY, at=NIGHT + timedelta(minutes=minutes))


def tried(slug: str, kind: TrialKind) -> Trial:
    return run_trial(ask(slug, kind).pk, by=BY, at=NIGHT)


@pytest.mark.usefixtures("catalogue")
class TestTrials:
    @pytest.mark.parametrize("slug", SYSTEMS)
    def test_every_kind_of_source_tells_that_data_comes(self, slug: str) -> None:
        trial = tried(slug, TrialKind.CONNECTION)
        assert (trial.state, trial.error) == (TrialState.DONE, "")
        found = {item["dataset"]: (item["people"], item["error"]) for item in trial.report}
        assert found == dict.fromkeys(source(slug).mapping, (1, ""))

    @pytest.mark.parametrize("slug", SYSTEMS)
    def test_a_preview_shows_five_people_and_no_value_of_theirs(self, slug: str) -> None:
        trial = tried(slug, TrialKind.PREVIEW)
        assert [item["people"] for item in trial.report] == [5] * len(source(slug).mapping)
        shapes = {
            shape for item in trial.report for person in item["shapes"] for row in person for shape in row if shape
        }
        letters = {sign for shape in shapes - {"yes or no"} for sign in shape if sign.isalnum()}
        assert letters <= set("x9parts")
        assert [code for code in CODES.values() if code in dumped(trial.report)] == []

    def test_a_dry_run_counts_what_a_reading_would_do_and_leaves_no_trace(self) -> None:
        person = arrive("raili")
        with scope(Role.WORKER):
            before = set(PersonKey.objects.values_list("pk", flat=True)), Entry.objects.count()
        trial = ask("sports", TrialKind.DRY_RUN)
        with scope(Role.WORKER):
            asked = Entry.objects.count()
        run_trial(trial.pk, by=BY, at=NIGHT)
        with scope(Role.WORKER):
            trial.refresh_from_db()
            kept = list(Sheet.objects.filter(person_id=person))
            after = set(PersonKey.objects.values_list("pk", flat=True)), Entry.objects.count()
        done = pull_source(source("sports").pk, kind=PullKind.BY_HAND, by=BY, at=NIGHT)
        assert (kept, after) == ([], (before[0], asked))
        assert sum(item["counts"]["changed"] for item in trial.report) == done.changed > 0
        assert sum(item["counts"]["passed_over"] for item in trial.report) == done.people_passed_over

    def test_a_dead_system_is_a_sentence_and_does_not_count_against_its_circuit(self, city: City) -> None:
        city.departments.moods.set("library", Mood.DOWN)
        trial = tried("library", TrialKind.CONNECTION)
        told = [trial.error, *(item["error"] for item in trial.report)]
        assert (trial.state, any(told), source("library").failures) == (TrialState.FAILED, True, 0)

    def test_one_trial_at_a_time_and_a_lost_one_gives_way(self) -> None:
        first = ask("library", TrialKind.PREVIEW)
        assert ask("library", TrialKind.DRY_RUN, minutes=1).pk == first.pk
        later = ask("library", TrialKind.DRY_RUN, minutes=1 + int(LOST_AFTER.total_seconds() // 60))
        with scope(Role.WORKER):
            states = dict(Trial.objects.values_list("pk", "state"))
            rung = Job.objects.filter(name="datasources.try_source").count()
        assert (states, rung) == ({first.pk: TrialState.FAILED, later.pk: TrialState.RUNNING}, 2)

    def test_a_second_delivery_does_nothing(self) -> None:
        trial = tried("library", TrialKind.CONNECTION)
        again = run_trial(trial.pk, by=BY, at=NIGHT + timedelta(minutes=1))
        assert (again.ended_at, again.report) == (trial.ended_at, trial.report)

    def test_asking_leaves_an_entry(self) -> None:
        ask("library", TrialKind.PREVIEW)
        with scope(Role.WORKER):
            entry = Entry.objects.get(kind="datasources.source_tried")
        assert (entry.department, entry.reference) == ("library", "source library preview")


@given(st.text(max_size=60) | st.integers() | st.floats(allow_nan=False) | st.none() | st.booleans())
def test_a_shape_holds_no_letter_nor_digit_of_the_value(value: object) -> None:
    shape = shape_of(value)
    assert isinstance(value, bool) or {sign for sign in shape if sign.isalnum()} <= {"x", "9"}
    assert len(shape) <= 25
