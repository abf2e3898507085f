"""Publishing a text, replacing it by a new version, and closing a purpose."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from consents.enums import UNDER_WAY, Change, OldAnswers, StepKind, TextState
from consents.kinds import ConsentEntry
from consents.manuscripts import writing
from consents.manuscripts.steps import leave_step
from consents.models import PurposeText
from consents.publishing.drafting import TEXTS, begin_text
from consents.publishing.faults import NotNow, UnderWay
from consents.publishing.scopes import put_in_force, scope_of, sorted_scope
from consents.publishing.steps import by_department, held_purpose
from portal.jobs.outbox import after_commit
from portal.ledger.actions import record
from portal.ledger.actor import Actor


@transaction.atomic
def publish(text: UUID, *, by: Actor, at: datetime) -> PurposeText:
    """Approved becomes published and frozen; the text before is replaced. Old answers are settled by a job."""
    row = writing.publish(TEXTS, text, by=by, at=at)
    put_in_force(row)
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
    return writing.begin(
        TEXTS,
        row,
        version=newest.version + 1,
        parts=before.parts,
        scope=sorted_scope(scope_of(before)),
        change=change,
        old_answers=old_answers,
        by=by,
        at=at,
        counts={"change": change.value},
    )


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
        leave_step(TEXTS, text, StepKind.CLOSED, by=by, at=at)
    row.closed_at = at
    row.save(update_fields=["closed_at"])
    record(ConsentEntry.PURPOSE_CLOSED, by=by, at=at, department=row.department.slug, purpose=row.slug)
    after_commit("consents.settle_answers", due_at=at, purpose_id=row.pk)
