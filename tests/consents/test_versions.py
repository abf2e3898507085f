"""New versions: what becomes of old answers, what a clarification may not do, and closing."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from consents.actions.answering import give
from consents.actions.traces import Shown
from consents.catalogue.loader import load
from consents.enums import Change, ConsentState, OldAnswers, Reason, TextState
from consents.models import Consent, ConsentEvent, Purpose, PurposeDataset, PurposeText
from consents.publishing import faults
from consents.publishing.drafting import approve, draft_text, send_for_approval
from consents.publishing.settling import JOB, settle_answers
from consents.publishing.versions import begin_version, close_purpose, publish
from consents.queries.asking import asked_and_answered
from consents.rules.deciding import decide
from portal.jobs.models import Job
from portal.ledger.actor import resident, system
from portal.walls import Role, scope
from tests.consents.conftest import AT, KEEPER, OFFICER, SCOPE, officer, staff, worded
from tests.residents import PURPOSES, enter

SLUG = "swimming-reminders"
CLEARER = worded("fi", "risk", "Joku muu voi nähdä viestin.")
WIDER = {"sports-courses": {"needed": ["course", "place", "starts_on"], "optional": []}}


@pytest.fixture
def raili(described: None) -> UUID:
    """Who said yes to the first text."""
    person = enter("raili").person
    with scope(Role.RESIDENT, persons=[person]):
        asked = Consent.objects.get(person_id=person, purpose__slug=SLUG)
        give(asked.pk, shown=Shown(asked.text_id, "fi"), by=resident(person), at=AT - timedelta(days=1))
    return person


def _purpose() -> UUID:
    return Purpose.objects.values_list("pk", flat=True).get(slug=SLUG)


def _new(change: Change, old_answers: OldAnswers, *, asks: Any = SCOPE) -> PurposeText:
    """A second version, published."""
    with staff():
        text = begin_version(_purpose(), change=change, old_answers=old_answers, by=KEEPER, at=AT)
        text = draft_text(text.pk, parts=CLEARER, scope=asks, revision=1, by=KEEPER, at=AT)
        send_for_approval(text.pk, revision=2, by=KEEPER, at=AT)
    with officer():
        approve(text.pk, by=OFFICER, at=AT)
    with staff():
        return publish(text.pk, by=KEEPER, at=AT)


def _settled() -> int:
    with scope(Role.WORKER):
        return settle_answers(_purpose(), by=JOB, at=AT)


def _state(person: UUID) -> str:
    with scope(Role.RESIDENT, persons=[person]):
        return Consent.objects.get(person_id=person, purpose__slug=SLUG).state


def _reason(person: UUID) -> Reason:
    with scope(Role.RESIDENT, persons=[person]):
        read = asked_and_answered(SLUG)()
    assert read is not None
    facts, consents, _ = read
    consent = consents.get(person.int)
    return decide(facts, "sports-courses", recipient="sports", held=True, consent=consent, holds=(), at=AT).reason


def test_a_clarification_lets_answers_stand(raili: UUID) -> None:
    new = _new(Change.CLARIFICATION, OldAnswers.STAND)
    assert (new.version, new.change, new.old_answers) == (2, "clarification", "stand")
    with staff():
        assert PurposeText.objects.get(purpose__slug=SLUG, version=1).state == TextState.SUPERSEDED
        assert Job.objects.filter(name="consents.settle_answers").count() == 0
    assert (_settled(), _state(raili), _reason(raili)) == (0, ConsentState.GIVEN, Reason.ALLOWED_BY_CONSENT)


def test_a_clarification_asks_for_no_other_data(described: None) -> None:
    with pytest.raises(faults.AsksOtherwise):
        _new(Change.CLARIFICATION, OldAnswers.STAND, asks=WIDER)


def test_a_change_ends_answers_at_once_and_its_job_asks_again(raili: UUID) -> None:
    _new(Change.CHANGE, OldAnswers.ENDED, asks=WIDER)
    # Before the job has run, the check says no already.
    assert (_state(raili), _reason(raili)) == (ConsentState.GIVEN, Reason.SUPERSEDED)
    with staff():
        assert Job.objects.filter(name="consents.settle_answers").count() == 1
    assert (_settled(), _settled(), _state(raili)) == (1, 0, ConsentState.REQUESTED)
    with scope(Role.RESIDENT, persons=[raili]):
        events = ConsentEvent.objects.filter(person_id=raili, consent__purpose__slug=SLUG)
        told = list(events.values_list("state", "text__version", "actor_id"))[-2:]
    # Ended as the text that was answered, and asked by the new one.
    assert told == [(ConsentState.SUPERSEDED, 1, JOB.id), (ConsentState.REQUESTED, 2, JOB.id)]


def test_an_old_answer_covers_its_old_scope_until_it_is_asked_again(raili: UUID) -> None:
    _new(Change.CHANGE, OldAnswers.ASKED_AGAIN, asks=WIDER)
    assert (_settled(), _state(raili)) == (0, ConsentState.GIVEN)
    with staff():
        assert PurposeDataset.objects.get(purpose__slug=SLUG).needed == ["course", "place", "starts_on"]
    with scope(Role.RESIDENT, persons=[raili]):
        read = asked_and_answered(SLUG)()
    assert read is not None
    facts, consents, _ = read
    found = decide(facts, "sports-courses", recipient="sports", held=True, consent=consents[raili.int], holds=(), at=AT)
    assert set(found.fields) == {"course", "starts_on"}


def test_who_is_asked_again_sees_it_and_answers_the_new_text(described: None) -> None:
    resident_in = enter("raili")
    person = resident_in.person
    with scope(Role.RESIDENT, persons=[person]):
        asked = Consent.objects.get(person_id=person, purpose__slug=SLUG)
        give(asked.pk, shown=Shown(asked.text_id, "fi"), by=resident(person), at=timezone.now())
    told = "What is asked has changed."
    assert told not in resident_in.browser.get("/en/permissions/").content.decode()
    new = _new(Change.CHANGE, OldAnswers.ASKED_AGAIN, asks=WIDER)
    assert told in resident_in.browser.get("/en/permissions/").content.decode()
    answer = {"answer": "yes", "text": str(new.pk)}
    assert resident_in.browser.post(f"/en/requests/{asked.pk}/", answer).status_code == 302
    assert told not in resident_in.browser.get("/en/permissions/").content.decode()
    with scope(Role.RESIDENT, persons=[person]):
        assert "sports-courses.place" in Consent.objects.get(pk=asked.pk).fields


@pytest.mark.parametrize(
    ("change", "old_answers"),
    [(Change.CLARIFICATION, OldAnswers.ENDED), (Change.CHANGE, OldAnswers.STAND)],
)
def test_what_does_not_go_together_is_refused(described: None, change: Change, old_answers: OldAnswers) -> None:
    with pytest.raises(IntegrityError), staff(), transaction.atomic():
        begin_version(_purpose(), change=change, old_answers=old_answers, by=KEEPER, at=AT)


def test_one_new_version_at_a_time(described: None) -> None:
    with staff():
        begin_version(_purpose(), change=Change.CHANGE, old_answers=OldAnswers.ENDED, by=KEEPER, at=AT)
        with pytest.raises(faults.UnderWay):
            begin_version(_purpose(), change=Change.CHANGE, old_answers=OldAnswers.ENDED, by=KEEPER, at=AT)


def test_a_closed_purpose_asks_nothing_and_ends_its_answers(raili: UUID) -> None:
    with staff():
        close_purpose(_purpose(), by=KEEPER, at=AT)
    assert _reason(raili) == Reason.NOT_IN_SCOPE
    assert (_settled(), _settled(), _state(raili)) == (1, 0, ConsentState.TERMINATED)
    with pytest.raises(faults.PurposeClosed), staff():
        begin_version(_purpose(), change=Change.CHANGE, old_answers=OldAnswers.ENDED, by=KEEPER, at=AT)


def test_the_file_does_not_bring_back_what_staff_took_over(described: None) -> None:
    _new(Change.CLARIFICATION, OldAnswers.STAND)
    with officer():
        assert load(PURPOSES, by=system("tests"), at=AT) == 0
        published = PurposeText.objects.get(purpose__slug=SLUG, state=TextState.PUBLISHED)
    assert (published.version, published.parts) == (2, CLEARER)
