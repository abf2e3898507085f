"""From idea to published entry and from state to state: who may take each step, and what the database refuses."""

from dataclasses import replace
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from consents.algorithms import faults
from consents.algorithms.enums import NEXT_STATES, AlgorithmState
from consents.algorithms.judging import version_judged
from consents.algorithms.models import Algorithm, AlgorithmStep, AlgorithmVersion, Naming, StateChange
from consents.algorithms.publishing.drafting import begin_version
from consents.algorithms.publishing.naming import name_algorithms
from consents.algorithms.publishing.states import change_state
from consents.algorithms.reading import entry
from consents.enums import TextState
from consents.lint import Rule
from consents.models import Purpose, PurposeText
from consents.publishing import faults as text_faults
from consents.publishing.drafting import change_purpose, linted
from consents.publishing.drafting import send_for_approval as send_text
from portal.ledger.actor import system
from portal.walls import Role, scope
from tests.algorithms.entries import begun, published, sent, texts, written
from tests.consents.conftest import AT, KEEPER, officer, staff
from tests.consents.conftest import written as text_written

pytestmark = pytest.mark.django_db
STRANGER = replace(KEEPER, unit="library")
WHY = {"fi": "Syy.", "sv": "Orsak.", "en": "Reason."}
SUGGESTION = "exercise-group-suggestion"


@pytest.fixture
def version(described: None) -> AlgorithmVersion:
    return begun()


def test_a_published_entry_is_read_by_everyone(version: AlgorithmVersion) -> None:
    published(written(version))
    found = entry("boat-places")
    assert found is not None
    assert (found.algorithm.state, found.facts.model_version) == ("idea", "2026.2")


def test_nothing_that_lacks_a_part_or_a_fact_is_sent(version: AlgorithmVersion) -> None:
    with pytest.raises(text_faults.LintFailed) as told:
        sent(version)
    rules = {finding.rule for finding in told.value.report.findings}
    assert {Rule.MISSING, Rule.FACTS} <= rules


@pytest.mark.parametrize(
    ("language", "part", "words", "rule"),
    [
        ("en", "short", "word " * 80, Rule.CHARACTERS),
        ("sv", "name", "n" * 101, Rule.CHARACTERS),
        ("fi", "goal", "Rekisteröidyn tietoja käsitellään tämän johdosta.", Rule.HARD_WORD),
        ("en", "goal", "<script>alert(1)</script>", Rule.HTML),
        ("en", "goal", "Hidden\u202e text.", Rule.MARK),
        ("en", "training_data", "There were 19,400 enrolments.", Rule.NUMBERS),
        ("sv", "benefit", "", Rule.MISSING),
    ],
)
def test_what_is_not_plain_or_not_the_same_is_found(
    language: str, part: str, words: str, rule: Rule, version: AlgorithmVersion
) -> None:
    parts = texts()
    parts[language][part] = words
    with pytest.raises(text_faults.LintFailed) as told:
        sent(written(version, parts))
    blocking = {(each.language, each.part, each.rule) for each in told.value.report.findings if each.blocks}
    assert (language, part, rule) in blocking


@pytest.mark.parametrize(
    ("odd", "told"),
    [
        ({"code_hash": "v1.2"}, "code_hash"),
        ({"model_digest": "abc"}, "model_digest"),
        ({"contact_email": "nobody"}, "contact_email"),
        ({"website": "javascript:alert(1)"}, "website"),
        ({"risk": "none"}, "risk"),
        ({"revise_by": "soon"}, "revise_by"),
        ({"no_such": "fact"}, "no_such"),
    ],
)
def test_facts_of_another_form_are_named(odd: dict[str, Any], told: str, version: AlgorithmVersion) -> None:
    with pytest.raises(text_faults.LintFailed) as found:
        sent(written(version, **odd))
    assert [dict(each.facts) for each in found.value.report.findings if each.rule == Rule.FACTS] == [{"what": told}]


def test_an_automated_decision_needs_its_published_decision(version: AlgorithmVersion) -> None:
    row = written(version, deciding="automated")
    with pytest.raises(text_faults.LintFailed) as told:
        sent(row)
    assert Rule.NO_DECISION in {each.rule for each in told.value.report.findings}
    assert published(written(row, deciding="automated", deployed_by="12 §, 3.6.2026")).state == TextState.PUBLISHED


def test_annex_three_without_high_risk_is_told_to_whoever_judges(version: AlgorithmVersion) -> None:
    with staff():
        report = version_judged(written(version, annex_iii="3(a)"))
    assert [(each.rule, each.blocks) for each in report.findings] == [(Rule.HIGH_RISK, False)]


def test_another_department_moves_nothing(version: AlgorithmVersion) -> None:
    with staff(("library", "sports")), pytest.raises(faults.NotTheDepartment):
        change_state(version.algorithm_id, to=AlgorithmState.PILOT, reason=WHY, by=STRANGER, at=AT)
    # With the check taken out the row is not there to be written.
    with staff(("library",)):
        assert Algorithm.objects.filter(pk=version.algorithm_id).update(state="in_use") == 0
        assert AlgorithmVersion.objects.filter(pk=version.pk).update(revision=9) == 0


def test_a_new_version_begins_with_the_words_of_the_last_and_replaces_it(version: AlgorithmVersion) -> None:
    published(written(version))
    with staff():
        new = begin_version(version.algorithm_id, by=KEEPER, at=AT)
        with pytest.raises(text_faults.UnderWay):
            begin_version(version.algorithm_id, by=KEEPER, at=AT)
    published(written(new, model_version="2027.1"))
    found = entry("boat-places")
    assert found is not None
    assert [(each.version, each.state) for each in found.versions] == [(2, "published"), (1, "superseded")]


@pytest.mark.parametrize(
    "change", [{"parts": {}}, {"facts": {}}, {"datasets": []}, {"sha256": "0"}, {"state": "draft"}, {"version": 7}]
)
def test_a_published_entry_is_frozen(change: dict[str, Any], described: None) -> None:
    with staff(), pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        AlgorithmVersion.objects.filter(algorithm__slug=SUGGESTION).update(**change)


def test_nobody_removes_or_rewrites_what_was_done(version: AlgorithmVersion) -> None:
    written(version)
    with staff():
        for act in (
            lambda: AlgorithmStep.objects.all().update(by="nobody"),
            lambda: StateChange.objects.all().delete(),
            lambda: AlgorithmVersion.objects.filter(pk=version.pk).delete(),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                act()


def test_an_entry_that_nobody_approved_is_not_published_whoever_asks(version: AlgorithmVersion) -> None:
    row = written(version)
    with staff(), pytest.raises(DatabaseError), transaction.atomic():
        AlgorithmVersion.objects.filter(pk=row.pk).update(state="published", published_at=AT)


@pytest.mark.parametrize("state", AlgorithmState)
def test_a_state_leads_only_where_it_may(state: AlgorithmState, version: AlgorithmVersion) -> None:
    with staff():
        for to in AlgorithmState:
            Algorithm.objects.filter(pk=version.algorithm_id).update(state=state)
            if to in NEXT_STATES[state]:
                assert change_state(version.algorithm_id, to=to, reason=WHY, by=KEEPER, at=AT).state == to
            else:
                with pytest.raises(faults.NoSuchStep):
                    change_state(version.algorithm_id, to=to, reason=WHY, by=KEEPER, at=AT)


def test_a_state_is_changed_with_a_reason_that_stays(version: AlgorithmVersion) -> None:
    with staff(), pytest.raises(faults.ReasonsMissing):
        change_state(version.algorithm_id, to=AlgorithmState.PILOT, reason={**WHY, "sv": " "}, by=KEEPER, at=AT)
    with staff():
        change_state(version.algorithm_id, to=AlgorithmState.PILOT, reason=WHY, by=KEEPER, at=AT)
        told = list(StateChange.objects.filter(algorithm=version.algorithm).values_list("before", "after", "reason"))
    assert told[1:] == [("idea", "pilot", WHY)]


def test_a_job_of_ours_pauses_what_it_judged(described: None) -> None:
    with scope(Role.WORKER):
        found = Algorithm.objects.get(slug=SUGGESTION)
        change_state(found.pk, to=AlgorithmState.PAUSED, reason=WHY, by=system("evaluations"), at=AT)
        assert Algorithm.objects.get(slug=SUGGESTION).state == "paused"


def test_a_purpose_that_a_program_suggests_for_is_not_published_before_it_names_it(draft: PurposeText) -> None:
    purpose = draft.purpose
    purpose.suggested_by_algorithm = True
    with staff():
        change_purpose(purpose, fields=["suggested_by_algorithm"], by=KEEPER, at=AT)
    text = text_written(draft)
    with staff(), pytest.raises(text_faults.LintFailed) as told:
        send_text(text.pk, revision=text.revision, by=KEEPER, at=AT)
    assert [each.rule for each in told.value.report.findings if each.blocks] == [Rule.NO_ALGORITHM]
    with staff():
        assert name_algorithms(purpose.pk, algorithms=[SUGGESTION], by=KEEPER, at=AT) == [SUGGESTION]
        assert send_text(text.pk, revision=text.revision, by=KEEPER, at=AT).state == TextState.LINTED


def test_a_draft_of_the_register_is_no_name(version: AlgorithmVersion) -> None:
    with staff():
        purpose = Purpose.objects.get(slug="swimming-reminders")
        for algorithms in (["boat-places"], ["no-such"]):
            with pytest.raises(faults.NotPublished):
                name_algorithms(purpose.pk, algorithms=algorithms, by=KEEPER, at=AT)


def test_a_published_purpose_keeps_the_name_of_its_program(described: None) -> None:
    with staff():
        purpose = Purpose.objects.get(slug=SUGGESTION)
        with pytest.raises(faults.MustBeNamed):
            name_algorithms(purpose.pk, algorithms=[], by=KEEPER, at=AT)
        with pytest.raises(text_faults.NotYours):
            name_algorithms(purpose.pk, algorithms=[SUGGESTION], by=STRANGER, at=AT)


def _automated(version: AlgorithmVersion) -> AlgorithmVersion:
    return published(written(version, deciding="automated", deployed_by="12 §, 3.6.2026"))


def test_a_consent_never_carries_an_automated_decision(version: AlgorithmVersion) -> None:
    _automated(version)
    with staff():
        purpose = Purpose.objects.get(slug="swimming-reminders")
        with pytest.raises(faults.AutomatedByConsent):
            name_algorithms(purpose.pk, algorithms=["boat-places"], by=KEEPER, at=AT)


def test_nor_by_any_of_the_three_rows_written_last(version: AlgorithmVersion) -> None:
    row = _automated(version)
    refused = pytest.raises(DatabaseError, match="carries no automated decision")
    with staff():
        purpose = Purpose.objects.get(slug="swimming-reminders")
        with refused, transaction.atomic():
            Naming.objects.create(purpose=purpose, algorithm=row.algorithm, named_at=AT)
    with officer():
        law = Purpose.objects.get(slug="preschool-place")
        Naming.objects.create(purpose=law, algorithm=row.algorithm, named_at=AT)
        with refused, transaction.atomic():
            Purpose.objects.filter(pk=law.pk).update(basis="a", nature="consent", valid_days=30)


def test_what_a_consent_names_does_not_become_automated(described: None) -> None:
    with staff():
        named = Algorithm.objects.get(slug=SUGGESTION)
        new = begin_version(named.pk, by=KEEPER, at=AT)
    row = written(new, deciding="automated", deployed_by="12 §, 3.6.2026")
    with pytest.raises(text_faults.LintFailed) as told:
        sent(row)
    assert Rule.AUTOMATED in {each.rule for each in told.value.report.findings}


def test_the_lint_of_a_purpose_tells_of_it_too(version: AlgorithmVersion) -> None:
    with staff():
        purpose = Purpose.objects.get(slug="swimming-reminders")
        text = purpose.texts.select_related("purpose__department").get()
        assert Rule.AUTOMATED not in {each.rule for each in linted(text).findings}
