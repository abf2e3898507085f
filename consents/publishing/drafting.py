"""Writing a text and having it approved. Each step runs in the staff's scope, one transaction with its entry."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from consents.enums import Change, StepKind, TextState
from consents.kinds import ConsentEntry
from consents.lint import PARTS, Report, lint
from consents.models import Purpose, PurposeText, TextStep
from consents.publishing.faults import (
    AsksOtherwise,
    LintFailed,
    NotNow,
    OwnText,
    PartsAstray,
    ReasonMissing,
    SavedMeanwhile,
)
from consents.publishing.scopes import (
    Scope,
    datasets_of,
    facts_of,
    parts_astray,
    scope_in_force,
    scope_of,
    sorted_scope,
)
from consents.publishing.steps import by_department, by_officer, held_purpose, held_text, leave_step
from consents.texts import LANGUAGES, text_sha256
from portal.ledger.actions import record
from portal.ledger.actor import Actor

Texts = Mapping[str, Mapping[str, str]]
NOTHING = {language: dict.fromkeys(PARTS, "") for language in LANGUAGES}


@transaction.atomic
def make_purpose(purpose: Purpose, *, by: Actor, at: datetime) -> PurposeText:
    """Save a new purpose of one's own department and begin its first text."""
    by_department(purpose, by)
    purpose.save(force_insert=True)
    record(ConsentEntry.PURPOSE_MADE, by=by, at=at, department=purpose.department.slug, purpose=purpose.slug)
    return begin_text(purpose, by=by, at=at)


@transaction.atomic
def change_purpose(purpose: Purpose, *, fields: Sequence[str], by: Actor, at: datetime) -> None:
    """Save the named facts of a purpose that was never published. NotYours, NotNow, PurposeClosed."""
    by_department(held_purpose(purpose.pk), by)
    by_department(purpose, by)
    if purpose.texts.filter(published_at__isnull=False).exists() or "slug" in fields:
        raise NotNow
    purpose.save(update_fields=fields)
    record(
        ConsentEntry.PURPOSE_CHANGED,
        by=by,
        at=at,
        department=purpose.department.slug,
        purpose=purpose.slug,
        counts={"fields": sorted(fields)},
    )


def begin_text(purpose: Purpose, *, by: Actor, at: datetime) -> PurposeText:
    """The first, empty text of a purpose."""
    text = PurposeText.objects.create(
        purpose=purpose,
        version=1,
        parts=NOTHING,
        scope={},
        sha256=text_sha256(NOTHING),
        drafted_by=by.id,
        drafted_at=at,
    )
    leave_step(text, StepKind.SAVED, ConsentEntry.TEXT_SAVED, by=by, at=at)
    return text


def linted(text: PurposeText) -> Report:
    """What the lint finds in a text as it is saved."""
    return lint(facts_of(text.purpose, sorted_scope(scope_of(text))), text.parts)


def _whole(parts: Texts) -> dict[str, dict[str, str]]:
    return {language: {part: parts.get(language, {}).get(part, "").strip() for part in PARTS} for language in LANGUAGES}


@transaction.atomic
def draft_text(text: UUID, *, parts: Texts, scope: Scope, revision: int, by: Actor, at: datetime) -> PurposeText:
    """Save a draft; `revision` is the one that was before the writer. Nothing changed is nothing saved.

    SavedMeanwhile when someone saved after that; NotNow when it was sent; NotYours, NoSuchData.
    """
    row = held_text(text, TextState.DRAFT)
    by_department(row.purpose, by)
    if row.revision != revision:
        raise SavedMeanwhile
    asked = sorted_scope(scope)
    datasets_of(asked)
    new = _whole(parts)
    changed = [
        f"{language}.{part}"
        for language in LANGUAGES
        for part in PARTS
        if new[language][part] != row.parts.get(language, {}).get(part, "")
    ]
    if asked != sorted_scope(scope_of(row)):
        changed.append("scope")
    if not changed:
        return row
    row.parts, row.scope, row.sha256 = new, asked, text_sha256(new)
    row.revision += 1
    row.drafted_by, row.drafted_at = by.id, at
    row.lint_score = linted(row).score
    row.save()
    leave_step(row, StepKind.SAVED, ConsentEntry.TEXT_SAVED, by=by, at=at, counts={"changed": changed})
    return row


def must_pass(text: PurposeText) -> int:
    """The score. LintFailed; AsksOtherwise for a clarification that asks for other data than before; PartsAstray."""
    if text.change == Change.CLARIFICATION and sorted_scope(scope_of(text)) != scope_in_force(text.purpose):
        raise AsksOtherwise
    if parts_astray(text):
        raise PartsAstray
    report = linted(text)
    if not report.passes:
        raise LintFailed(report)
    return report.score


@transaction.atomic
def send_for_approval(text: UUID, *, revision: int, by: Actor, at: datetime) -> PurposeText:
    """What was read is what is sent: SavedMeanwhile when `revision` is not the last. The lint must pass."""
    row = held_text(text, TextState.DRAFT)
    by_department(row.purpose, by)
    if row.revision != revision:
        raise SavedMeanwhile
    row.lint_score = must_pass(row)
    row.state, row.sent_by, row.sent_at = TextState.LINTED, by.id, at
    row.save()
    leave_step(row, StepKind.SENT, ConsentEntry.TEXT_SENT, by=by, at=at, counts={"score": row.lint_score})
    return row


@transaction.atomic
def approve(text: UUID, *, by: Actor, at: datetime) -> PurposeText:
    """By a data protection officer who wrote no word of it (NotTheOfficer, OwnText); the lint must still pass."""
    row = held_text(text, TextState.LINTED)
    by_officer(by)
    writers = TextStep.objects.filter(text=row, kind=StepKind.SAVED).values_list("by", flat=True)
    if by.id in {row.drafted_by, row.sent_by, *writers}:
        raise OwnText
    row.lint_score = must_pass(row)
    row.state, row.approved_by, row.approved_at = TextState.APPROVED, by.id, at
    row.save()
    leave_step(row, StepKind.APPROVED, ConsentEntry.TEXT_APPROVED, by=by, at=at)
    return row


@transaction.atomic
def send_back(text: UUID, *, reason: str, by: Actor, at: datetime) -> PurposeText:
    """To be mended: a draft again, with a reason for its writers. NotTheOfficer, ReasonMissing."""
    row = held_text(text, TextState.LINTED, TextState.APPROVED)
    by_officer(by)
    if not reason.strip():
        raise ReasonMissing
    row.state = TextState.DRAFT
    row.sent_by, row.sent_at, row.approved_by, row.approved_at = "", None, "", None
    row.save()
    leave_step(row, StepKind.SENT_BACK, ConsentEntry.TEXT_SENT_BACK, by=by, at=at, reason=reason.strip())
    return row
