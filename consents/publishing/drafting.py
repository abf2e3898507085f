"""Writing a text and having it approved. Each step runs in the staff's scope, one transaction with its entry."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from consents.enums import Change, StepKind
from consents.kinds import ConsentEntry
from consents.lint import PARTS, Report, lint
from consents.manuscripts import writing
from consents.manuscripts.steps import Kind
from consents.manuscripts.writing import Texts
from consents.models import Purpose, PurposeText
from consents.publishing.faults import AsksOtherwise, NotNow, PartsAstray
from consents.publishing.scopes import (
    Scope,
    datasets_of,
    facts_of,
    parts_astray,
    scope_in_force,
    scope_of,
    sorted_scope,
)
from consents.publishing.steps import by_department, held_purpose
from consents.texts import LANGUAGES, text_sha256
from portal.ledger.actions import record
from portal.ledger.actor import Actor

NOTHING = {language: dict.fromkeys(PARTS, "") for language in LANGUAGES}


def linted(text: PurposeText) -> Report:
    """What the lint finds in a text as it is saved."""
    return lint(facts_of(text.purpose, sorted_scope(scope_of(text))), text.parts)


def _fit(text: PurposeText) -> None:
    """AsksOtherwise for a clarification that asks for other data than before; PartsAstray."""
    if text.change == Change.CLARIFICATION and sorted_scope(scope_of(text)) != scope_in_force(text.purpose):
        raise AsksOtherwise
    if parts_astray(text):
        raise PartsAstray


TEXTS = Kind(
    model=PurposeText,
    columns=("parts", "scope"),
    part_names=PARTS,
    entries={
        StepKind.SAVED: ConsentEntry.TEXT_SAVED,
        StepKind.SENT: ConsentEntry.TEXT_SENT,
        StepKind.APPROVED: ConsentEntry.TEXT_APPROVED,
        StepKind.SENT_BACK: ConsentEntry.TEXT_SENT_BACK,
        StepKind.PUBLISHED: ConsentEntry.PURPOSE_PUBLISHED,
        StepKind.CLOSED: ConsentEntry.PURPOSE_CLOSED,
    },
    subject_held=held_purpose,
    by_department=by_department,
    sha256=lambda text: text_sha256(text.parts),
    judged=linted,
    fit=_fit,
    named=lambda text: {
        "purpose": text.purpose.slug,
        "datasets": sorted(scope_of(text)),
        "reference": f"text {text.pk}",
    },
)


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
    return writing.begin(TEXTS, purpose, version=1, parts=NOTHING, scope={}, by=by, at=at)


@transaction.atomic
def draft_text(text: UUID, *, parts: Texts, scope: Scope, revision: int, by: Actor, at: datetime) -> PurposeText:
    """Save a draft; `revision` is the one that was before the writer. Nothing changed is nothing saved.

    SavedMeanwhile when someone saved after that; NotNow when it was sent; NotYours, NoSuchData.
    """
    row = writing.held_draft(TEXTS, text, revision=revision, by=by)
    new, asked = writing.whole(TEXTS, parts), sorted_scope(scope)
    datasets_of(asked)
    changed = writing.parts_changed(TEXTS, row, new)
    if asked != sorted_scope(scope_of(row)):
        changed.append("scope")
    return writing.save(TEXTS, row, {"parts": new, "scope": asked}, changed=changed, by=by, at=at)


def send_for_approval(text: UUID, *, revision: int, by: Actor, at: datetime) -> PurposeText:
    """SavedMeanwhile, NotNow, NotYours, LintFailed, AsksOtherwise, PartsAstray."""
    return writing.send_for_approval(TEXTS, text, revision=revision, by=by, at=at)


def approve(text: UUID, *, by: Actor, at: datetime) -> PurposeText:
    """NotNow, NotTheOfficer, OwnText; the lint must still pass."""
    return writing.approve(TEXTS, text, by=by, at=at)


def send_back(text: UUID, *, reason: str, by: Actor, at: datetime) -> PurposeText:
    """NotNow, NotTheOfficer, ReasonMissing."""
    return writing.send_back(TEXTS, text, reason=reason, by=by, at=at)
