"""Values that a keeper looks at: with a reason, sealed, once, soon gone, and told to those they are about."""

import json
from datetime import timedelta
from itertools import islice
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from datasources.actions.reach import opened
from datasources.actions.trials import ask_for_trial, run_trial
from datasources.actions.values import HELD_FOR, NotShown, forget_values, show_values
from datasources.forms.trials import TrialForm
from datasources.models import Trial, TrialKind, TrialState
from datasources.protocol import Limits
from portal.jobs.models import Job
from portal.ledger.actor import Actor, ActorKind, Right
from portal.ledger.models import Entry
from portal.walls import Role, scope
from tests.datasources.conftest import BY, CODES, NIGHT, arrive, dumped, source

pytestmark = pytest.mark.usefixtures("catalogue")
KEEPER = Actor(ActorKind.STAFF, "keeper", Right.OFFICE, unit="sports", role="keepers", name="Lasse")
OTHER = Actor(ActorKind.STAFF, "other", Right.OFFICE, unit="sports", role="keepers", name="Liisa")
REASON = "Two columns of dates look alike when masked."


def unmasked(slug: str = "sports") -> Trial:
    with scope(Role.STAFF, departments=["*"]):
        trial = ask_for_trial(source(slug), TrialKind.UNMASKED, by=KEEPER, at=NIGHT, reason=REASON)
    return run_trial(trial.pk, by=BY, at=NIGHT)


def shown(trial: Trial, *, by: Actor = KEEPER, minutes: int = 1) -> list[dict[str, Any]]:
    with scope(Role.STAFF, departments=["*"]):
        return show_values(source(trial.source.slug), trial.pk, by=by, at=NIGHT + timedelta(minutes=minutes))


def entries() -> list[Entry]:
    with scope(Role.WORKER):
        return list(Entry.objects.filter(kind="datasources.values_shown"))


def first_five(slug: str, dataset: str) -> list[str]:
    """Whom a trial meets first, as the demo names them."""
    names = {code: name for name, code in CODES.items()}
    with scope(Role.WORKER), opened(source(slug), limits=Limits()) as connector:
        return [names[holding.key] for holding in islice(connector.everyone(dataset), 5)]


def test_values_are_shown_once_to_whoever_asked_and_told_to_those_they_are_about() -> None:
    first, second, *_ = first_five("sports", "sports-courses")
    known = {str(arrive(first)), str(arrive(second))}
    stranger = str(arrive("aino"))
    trial = unmasked()
    assert trial.state == TrialState.DONE
    items = shown(trial)
    values = {value for item in items for person in item["people"] for row in person for value in row if value}
    assert len(values) > 5
    assert [code for code in CODES.values() if code in json.dumps(items)] == []
    about = {str(entry.subject) for entry in entries() if entry.subject}
    assert (known <= about, stranger in about, len(entries())) == (True, False, len(about) + 1)
    assert {(entry.actor_kind, entry.department) for entry in entries()} == {("staff", "sports")}
    with pytest.raises(NotShown):
        shown(trial)
    with scope(Role.WORKER):
        assert Trial.objects.get(pk=trial.pk).sealed_values is None


def test_nobody_else_sees_them_and_not_a_quarter_later() -> None:
    trial = unmasked()
    with pytest.raises(NotShown):
        shown(trial, by=OTHER)
    with pytest.raises(NotShown):
        shown(trial, minutes=1 + int(HELD_FOR.total_seconds() // 60))
    assert entries() == []


def test_what_nobody_looked_at_goes_by_itself() -> None:
    trial = unmasked()
    with scope(Role.WORKER):
        (job,) = Job.objects.filter(name="datasources.forget_values")
    assert (job.due_at, job.arguments) == (NIGHT + HELD_FOR, {"trial_id": str(trial.pk)})
    forget_values(trial.pk, by=BY, at=NIGHT + HELD_FOR)
    with scope(Role.WORKER):
        assert Trial.objects.get(pk=trial.pk).sealed_values is None


def test_what_is_kept_until_then_is_sealed() -> None:
    trial = unmasked()
    held = bytes(trial.sealed_values or b"")
    words = {value for item in shown(trial) for person in item["people"] for row in person for value in row if value}
    assert [word for word in words if len(word) > 3 and word.encode() in held] == []
    assert [word for word in words if len(word) > 3 and word in dumped(trial.report)] == []


def test_without_a_reason_nothing_is_asked() -> None:
    for reason in ("", "because", "x" * 301):
        assert not TrialForm({"kind": "unmasked", "reason": reason}).is_valid()
    assert TrialForm({"kind": "preview", "reason": ""}).is_valid()
    with scope(Role.STAFF, departments=["*"]), pytest.raises(IntegrityError), transaction.atomic():
        ask_for_trial(source("sports"), TrialKind.UNMASKED, by=KEEPER, at=NIGHT)


def test_a_preview_that_is_masked_holds_no_value() -> None:
    with scope(Role.STAFF, departments=["*"]):
        trial = ask_for_trial(source("sports"), TrialKind.PREVIEW, by=KEEPER, at=NIGHT)
    assert run_trial(trial.pk, by=BY, at=NIGHT).sealed_values is None
