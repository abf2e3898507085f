"""The steps of any text that two people bring before the public: who may take each, and what it leaves behind."""

import copy
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import pytest

from consents.algorithms.faults import NotTheDepartment
from consents.algorithms.publishing.drafting import ENTRIES, draft_entry
from consents.enums import StepKind, TextState
from consents.manuscripts import faults
from consents.manuscripts.steps import Kind
from consents.manuscripts.writing import approve, publish, send_back, send_for_approval
from consents.models import PurposeText
from consents.publishing.drafting import TEXTS, draft_text
from consents.publishing.faults import NotYours
from portal.ledger.actor import Actor
from portal.ledger.models import Entry
from portal.walls import Role, scope
from tests.algorithms.entries import begun, facts, texts
from tests.consents.conftest import AT, COLLEAGUE, KEEPER, OFFICER, SCOPE, officer, staff, swimming

Parts = dict[str, dict[str, str]]


@dataclass(frozen=True)
class Written:
    """One kind of text, and the first draft of one; `astray` asks for data that is not there."""

    kind: Kind[Any]
    draft: Any
    whole: Parts
    saved: Callable[..., Any]
    astray: dict[str, Any]
    not_theirs: type[faults.PublishingFault]

    def save(self, revision: int, parts: Parts | None = None, **more: Any) -> Any:
        told = {"parts": parts or self.whole, "revision": revision, "by": KEEPER, "at": AT, **more}
        with officer():
            return self.saved(self.draft.pk, **told)

    def step(self, verb: Callable[..., Any], by: Actor, **more: Any) -> Any:
        with officer():
            return verb(self.kind, self.draft.pk, **more, by=by, at=AT)

    def approved(self) -> Any:
        self.save(1)
        self.step(send_for_approval, KEEPER, revision=2)
        return self.step(approve, OFFICER)

    def otherwise(self) -> Parts:
        parts = copy.deepcopy(self.whole)
        parts["en"]["benefit"] += " It is easier."
        return parts


def _text(draft: PurposeText) -> Written:
    def saved(pk: UUID, **told: Any) -> Any:
        return draft_text(pk, **{"scope": SCOPE, **told})

    astray = {"scope": {"sports-courses": {"needed": ["shoe_size"], "optional": []}}}
    return Written(TEXTS, draft, swimming(), saved, astray, NotYours)


def _entry(_: PurposeText) -> Written:
    def saved(pk: UUID, **told: Any) -> Any:
        return draft_entry(pk, **{"facts": facts(), "datasets": ["sports-courses"], **told})

    return Written(ENTRIES, begun(), texts(), saved, {"datasets": ["no-such"]}, NotTheDepartment)


@pytest.fixture(params=[_text, _entry], ids=["text", "entry"])
def written(request: pytest.FixtureRequest, draft: PurposeText) -> Written:
    made: Written = request.param(draft)
    return made


def _entries(row: Any) -> list[dict[str, Any]]:
    """What the log says of its steps, oldest first."""
    with staff():
        told = list(row.steps.values_list("entry_id", flat=True))
    with scope(Role.WORKER):
        return [json.loads(bytes(each.body)) for each in Entry.objects.filter(pk__in=told).order_by("id")]


def test_from_idea_to_published(written: Written) -> None:
    written.approved()
    row = written.step(publish, KEEPER)
    with staff():
        steps = list(row.steps.values_list("kind", "by", "revision"))
    assert (row.state, row.published_at, row.version) == (TextState.PUBLISHED, AT, 1)
    assert (row.drafted_by, row.sent_by, row.approved_by) == ("keeper-1", "keeper-1", "officer")
    assert 50 <= row.lint_score <= 100
    assert steps == [
        ("saved", "keeper-1", 1),
        ("saved", "keeper-1", 2),
        ("sent", "keeper-1", 2),
        ("approved", "officer", 2),
        ("published", "keeper-1", 2),
    ]
    entries = _entries(row)
    assert [each["kind"] for each in entries] == [written.kind.entries[StepKind(kind)].value for kind, _, _ in steps]
    # The log tells which parts changed, and no word of them.
    assert "fi.benefit" in entries[1]["counts"]["changed"]
    assert written.whole["fi"]["benefit"] not in json.dumps(entries, ensure_ascii=False)


def test_what_does_not_differ_is_not_saved_and_the_later_of_two_savings_is_refused(written: Written) -> None:
    written.save(1)
    assert written.save(2).revision == 2
    with pytest.raises(faults.SavedMeanwhile):
        written.save(1, written.otherwise(), by=COLLEAGUE)
    with staff():
        row = written.kind.model._default_manager.get(pk=written.draft.pk)
        assert (row.revision, row.parts["en"], row.steps.count()) == (2, row.parts["en"] | written.whole["en"], 2)


def test_what_is_sent_is_what_was_read(written: Written) -> None:
    written.save(1)
    with pytest.raises(faults.SavedMeanwhile):
        written.step(send_for_approval, KEEPER, revision=1)


def test_whoever_wrote_or_sent_a_text_does_not_approve_it(written: Written) -> None:
    early, late, sender = (replace(KEEPER, id=who, role="dpo keeper") for who in ("early", "late", "sender"))
    written.save(1, by=early)
    written.save(2, written.otherwise(), by=late)
    written.step(send_for_approval, sender, revision=3)
    for writer in (early, late, sender):
        with pytest.raises(faults.OwnText):
            written.step(approve, writer)


def test_only_the_officer_approves_and_sends_back(written: Written) -> None:
    written.save(1)
    written.step(send_for_approval, KEEPER, revision=2)
    with pytest.raises(faults.NotTheOfficer):
        written.step(approve, COLLEAGUE)
    with pytest.raises(faults.NotTheOfficer):
        written.step(send_back, COLLEAGUE, reason="Why?")


def test_a_text_is_sent_back_with_a_reason_and_mended(written: Written) -> None:
    written.approved()
    with pytest.raises(faults.ReasonMissing):
        written.step(send_back, OFFICER, reason=" ")
    back = written.step(send_back, OFFICER, reason="Say who sees it.")
    with staff():
        assert back.steps.last().reason == "Say who sees it."
    assert (back.state, back.sent_by, back.approved_by, back.approved_at) == (TextState.DRAFT, "", "", None)
    assert "who sees it" not in json.dumps(_entries(back))
    assert written.save(2, written.otherwise()).revision == 3


def test_another_department_writes_sends_and_publishes_nothing(written: Written) -> None:
    library = replace(COLLEAGUE, unit="library")
    with pytest.raises(written.not_theirs):
        written.save(1, by=library)
    with pytest.raises(written.not_theirs):
        written.step(send_for_approval, library, revision=1)
    written.approved()
    with pytest.raises(written.not_theirs):
        written.step(publish, library)


def test_data_that_is_not_in_the_catalogue_is_not_named(written: Written) -> None:
    with pytest.raises(faults.NoSuchData):
        written.save(1, **written.astray)


@pytest.mark.parametrize("step", [approve, publish])
def test_no_step_is_left_out(written: Written, step: Any) -> None:
    written.save(1)
    with pytest.raises(faults.NotNow):
        written.step(step, replace(OFFICER, unit="sports"))
    written.step(send_for_approval, KEEPER, revision=2)
    with pytest.raises(faults.NotNow):
        written.save(2, written.otherwise())
