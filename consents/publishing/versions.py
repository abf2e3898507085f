"""Publishing a text, replacing it by a new version, and closing a purpose."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from consents.enums import UNDER_WAY, Change, OldAnswers, StepKind, TextState
from consents.kinds import ConsentEntry
from consents.models import PurposeText
from consents.publishing.drafting import begin_text, must_pass
from consents.publishing.faults import NotNow, UnderWay
from consents.publishing.scopes import put_in_force, scope_of, sorted_scope
from consents.publishing.steps import by_department, held_purpose, held_text, leave_step
from portal.jobs.outbox import after_commit
from portal.ledger.actions import record
from portal.ledger.actor import Actor


@transaction.atomic
def publish(text: UUID, *, by: Actor, at: datetime) -> PurposeText:
    """Approved becomes published and frozen; the text before is replaced. Old answers are settled by a job."""
    row = held_text(text, TextState.APPROVED)
    by_department(row.purpose, by)
    row.lint_score = must_pass(row)
    row.purpose.texts.filter(state=TextState.PUBLISHED).update(state=TextState.SUPERSEDED)
    row.state, row.published_at = TextState.PUBLISHED, at
    row.save()
    put_in_force(row)
    leave_step(row, StepKind.PUBLISHED, ConsentEntry.PURPOSE_PUBLISHED, by=by, at=at)
    if row.old_answers == OldAnswers.ENDED:
        after_commit("consents.settle_answers", due_at=at, purpose_id=row.purpose_id)
    return row


@transaction.atomic
def begin_version(purpose: UUID, *, change: Change, old_answers: OldAnswers, by: Actor, at: datetime) -> PurposeText:
    """A draft beside the published text, beginning with its words. UnderWay when there is one already.

    A clarification lets old answers stand; for a change they are asked again or end (the database holds it).
    """
    row = held_purpose(purpose)
    by_department(row, by)
    texts = row.texts.all()
    if texts.filter(state__in=UNDER_WAY).exists():
        raise UnderWay
    before = texts.filter(state=TextState.PUBLISHED).first()
    if before is None:
        return _first(row.pk, by=by, at=at)
    newest = texts.order_by("-version")[0]
    before.purpose = row
    new = PurposeText.objects.create(
        purpose=row,
        version=newest.version + 1,
        parts=before.parts,
        scope=sorted_scope(scope_of(before)),
        sha256=before.sha256,
        change=change,
        old_answers=old_answers,
        drafted_by=by.id,
        drafted_at=at,
    )
    leave_step(new, StepKind.SAVED, ConsentEntry.TEXT_SAVED, by=by, at=at, counts={"change": change.value})
    return new


def _first(purpose: UUID, *, by: Actor, at: datetime) -> PurposeText:
    row = held_purpose(purpose)
    if row.texts.exists():
        raise NotNow
    return begin_text(row, by=by, at=at)


@transaction.atomic
def close_purpose(purpose: UUID, *, by: Actor, at: datetime) -> None:
    """Nothing is asked or allowed from this moment; answers are ended by a job, and the check waits for no job."""
    row = held_purpose(purpose)
    by_department(row, by)
    for text in row.texts.filter(state__in=[*UNDER_WAY, TextState.PUBLISHED]):
        text.purpose = row
        text.state = TextState.CLOSED
        text.save(update_fields=["state"])
        leave_step(text, StepKind.CLOSED, ConsentEntry.PURPOSE_CLOSED, by=by, at=at)
    row.closed_at = at
    row.save(update_fields=["closed_at"])
    record(ConsentEntry.PURPOSE_CLOSED, by=by, at=at, department=row.department.slug, purpose=row.slug)
    after_commit("consents.settle_answers", due_at=at, purpose_id=row.pk)
