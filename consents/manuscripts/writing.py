"""The steps of a text, whatever it is of: each runs in the staff's scope, one transaction with its entry."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from consents.enums import StepKind, TextState
from consents.manuscripts.faults import LintFailed, OwnText, ReasonMissing, SavedMeanwhile
from consents.manuscripts.steps import Kind, T, by_officer, held, leave_step
from consents.texts import LANGUAGES
from portal.ledger.actor import Actor
from portal.ledger.entries import Json

Texts = Mapping[str, Mapping[str, str]]


def whole(kind: Kind[T], parts: Texts) -> dict[str, dict[str, str]]:
    """Every part in every language, without spaces around; what is not there is empty."""
    return {one: {part: parts.get(one, {}).get(part, "").strip() for part in kind.part_names} for one in LANGUAGES}


@transaction.atomic
def begin(
    kind: Kind[T],
    subject: Any,
    *,
    version: int,
    by: Actor,
    at: datetime,
    counts: Mapping[str, Json] | None = None,
    **written: Any,
) -> T:
    """A draft of what its subject, held by the caller, has none under way of."""
    row = kind.model(version=version, drafted_by=by.id, drafted_at=at, **{kind.model.OF: subject}, **written)
    row.sha256 = kind.sha256(row)
    row.save(force_insert=True)
    leave_step(kind, row, StepKind.SAVED, by=by, at=at, counts=counts)
    return row


def held_draft(kind: Kind[T], pk: UUID, *, revision: int, by: Actor) -> T:
    """As its writer last saw it: SavedMeanwhile when `revision` is not the last. NotNow when it was sent."""
    row = held(kind, pk, TextState.DRAFT)
    kind.by_department(row.subject, by)
    if row.revision != revision:
        raise SavedMeanwhile
    return row


def parts_changed(kind: Kind[T], row: T, parts: Texts) -> list[str]:
    """Names of the parts that differ from what is saved, such as `fi.why`."""
    return [
        f"{one}.{part}"
        for one in LANGUAGES
        for part in kind.part_names
        if parts[one][part] != row.parts.get(one, {}).get(part, "")
    ]


def save(kind: Kind[T], row: T, written: Mapping[str, Any], *, changed: list[str], by: Actor, at: datetime) -> T:
    """What is `written`, by column, into the row that is held. Nothing changed is nothing saved."""
    if not changed:
        return row
    for column in kind.columns:
        setattr(row, column, written[column])
    row.sha256 = kind.sha256(row)
    row.revision += 1
    row.drafted_by, row.drafted_at = by.id, at
    row.lint_score = kind.judged(row).score
    row.save()
    leave_step(kind, row, StepKind.SAVED, by=by, at=at, counts={"changed": changed})
    return row


def must_pass(kind: Kind[T], row: T) -> int:
    """The score. LintFailed, and what the kind's own `fit` refuses."""
    kind.fit(row)
    report = kind.judged(row)
    if not report.passes:
        raise LintFailed(report)
    return report.score


@transaction.atomic
def send_for_approval(kind: Kind[T], pk: UUID, *, revision: int, by: Actor, at: datetime) -> T:
    """What was read is what is sent: SavedMeanwhile when `revision` is not the last. The checks must pass."""
    row = held_draft(kind, pk, revision=revision, by=by)
    row.lint_score = must_pass(kind, row)
    row.state, row.sent_by, row.sent_at = TextState.LINTED, by.id, at
    row.save()
    leave_step(kind, row, StepKind.SENT, by=by, at=at, counts={"score": row.lint_score})
    return row


@transaction.atomic
def approve(kind: Kind[T], pk: UUID, *, by: Actor, at: datetime) -> T:
    """By a data protection officer who wrote no word of it (NotTheOfficer, OwnText); the checks must still pass."""
    row = held(kind, pk, TextState.LINTED)
    by_officer(by)
    if by.id in {row.drafted_by, row.sent_by, *row.steps.filter(kind=StepKind.SAVED).values_list("by", flat=True)}:
        raise OwnText
    row.lint_score = must_pass(kind, row)
    row.state, row.approved_by, row.approved_at = TextState.APPROVED, by.id, at
    row.save()
    leave_step(kind, row, StepKind.APPROVED, by=by, at=at)
    return row


@transaction.atomic
def send_back(kind: Kind[T], pk: UUID, *, reason: str, by: Actor, at: datetime) -> T:
    """To be mended: a draft again, with a reason for its writers. NotTheOfficer, ReasonMissing."""
    row = held(kind, pk, TextState.LINTED, TextState.APPROVED)
    by_officer(by)
    if not reason.strip():
        raise ReasonMissing
    row.state = TextState.DRAFT
    row.sent_by, row.sent_at, row.approved_by, row.approved_at = "", None, "", None
    row.save()
    leave_step(kind, row, StepKind.SENT_BACK, by=by, at=at, reason=reason.strip())
    return row


@transaction.atomic
def publish(kind: Kind[T], pk: UUID, *, by: Actor, at: datetime) -> T:
    """Approved becomes published and frozen; what was published before is replaced, and stays to be read."""
    row = held(kind, pk, TextState.APPROVED)
    kind.by_department(row.subject, by)
    row.lint_score = must_pass(kind, row)
    row.versions().filter(state=TextState.PUBLISHED).update(state=TextState.SUPERSEDED)
    row.state, row.published_at = TextState.PUBLISHED, at
    row.save()
    leave_step(kind, row, StepKind.PUBLISHED, by=by, at=at)
    return row
