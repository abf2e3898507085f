"""What every step shares: the row held, who may, and the two traces it leaves."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from consents.enums import StepKind, TextState
from consents.models import Purpose, PurposeText, TextStep
from consents.publishing.faults import NotNow, NotTheOfficer, NotYours, PurposeClosed
from consents.publishing.scopes import scope_of
from portal.ledger.actions import record
from portal.ledger.actor import Actor
from portal.ledger.entries import Json
from portal.ledger.kinds import EntryKind

# The back office's group of those who approve texts (434/2003 has no word of it; GDPR 39(1)(b): monitoring).
OFFICER = "dpo"


def held_purpose(purpose: UUID) -> Purpose:
    """The row, held first by every step: two of them at once go one after the other. PurposeClosed."""
    row = Purpose.objects.select_for_update(of=("self",)).select_related("department").get(pk=purpose)
    if row.closed_at is not None:
        raise PurposeClosed
    return row


def held_text(text: UUID, *states: TextState) -> PurposeText:
    """The row with its purpose, both held. NotNow when it is in none of `states`."""
    purpose = held_purpose(PurposeText.objects.values_list("purpose", flat=True).get(pk=text))
    row = PurposeText.objects.select_for_update(of=("self",)).get(pk=text)
    if row.state not in states:
        raise NotNow
    row.purpose = purpose
    return row


def by_department(purpose: Purpose, by: Actor) -> None:
    """NotYours unless whoever acts does so for the department that asks."""
    if by.unit != purpose.department.slug:
        raise NotYours


def by_officer(by: Actor) -> None:
    """NotTheOfficer unless whoever acts has the officer's role."""
    if OFFICER not in by.role.split():
        raise NotTheOfficer


def leave_step(
    text: PurposeText,
    step: StepKind,
    kind: EntryKind,
    *,
    by: Actor,
    at: datetime,
    counts: Mapping[str, Json] | None = None,
    reason: str = "",
) -> None:
    """The entry in the log, which holds no text, and the step that does: parts and scope at a saving, a reason."""
    entry = record(
        kind,
        by=by,
        at=at,
        department=text.purpose.department.slug,
        purpose=text.purpose.slug,
        datasets=sorted(scope_of(text)),
        reference=f"text {text.pk}",
        counts={"version": text.version, "revision": text.revision, **(counts or {})},
    )
    saved = step == StepKind.SAVED
    TextStep.objects.create(
        text=text,
        kind=step,
        at=at,
        by=by.id,
        revision=text.revision,
        parts=text.parts if saved else None,
        scope=text.scope if saved else None,
        reason=reason,
        entry_id=entry,
    )
