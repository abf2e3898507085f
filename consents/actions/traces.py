"""What every verb leaves: the row, its event, its entry. The row is held first, whoever acts."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Max

from consents.actions.announcing import announce_answer
from consents.actions.noticing import notice_of
from consents.enums import Channel, ConsentState
from consents.models import Consent, ConsentEvent
from consents.receipts.issuing import issue
from consents.rules.lifecycle import not_before
from portal.ledger.actions import record
from portal.ledger.actor import Actor
from portal.ledger.kinds import EntryKind


@dataclass(frozen=True)
class Shown:
    """What the person had before them when they answered."""

    text: UUID
    language: str
    channel: Channel = Channel.PORTAL


def held(consent: UUID) -> Consent:
    """The current row, locked: two tabs answering in the same second must not make two answers."""
    return Consent.objects.select_for_update(of=("self",)).select_related("purpose__department", "text").get(pk=consent)


def moment(consent: Consent, *, at: datetime) -> datetime:
    """When what is done now happens: never before what was done last, whatever the clock says."""
    return not_before(at, ConsentEvent.objects.filter(consent=consent).aggregate(latest=Max("at"))["latest"])


def cover_nothing(consent: Consent, state: ConsentState, *, at: datetime) -> None:
    """The row of a permission that is not on; the caller saves it."""
    consent.state, consent.answered_at = state, at
    consent.datasets, consent.fields = [], []
    consent.valid_from = consent.valid_until = None
    consent.withdrawn_at = at if state == ConsentState.WITHDRAWN else None


def leave_traces(kind: EntryKind, consent: Consent, *, by: Actor, at: datetime, shown: Shown | None = None) -> None:
    """Save the row as it stands now, with its event, its entry, its receipt, and what others are to hear.

    The entry of an end names the datasets that were covered: so it is known what is no longer used.
    """
    before, number = _stood(consent)
    consent.save()
    entry = record(
        kind,
        by=by,
        about=consent.person_id,
        at=at,
        department=consent.recipient,
        purpose=consent.purpose.slug,
        datasets=consent.datasets or (before.datasets if before else ()),
        reference=str(consent.pk),
        counts={"version": consent.text.version},
    )
    issue(consent, _event(consent, number + 1, entry, by=by, at=at, shown=shown))
    notice_of(kind, consent, by=by, at=at)
    announce_answer(consent, before, at=at)


def _stood(consent: Consent) -> tuple[Consent | None, int]:
    """The row as it was until now, None before the first event; and how many events there are."""
    rows = Consent.objects.filter(pk=consent.pk).annotate(number=Max("events__number"))
    found = rows.only("state", "datasets", "fields").first()
    return found, (found.number or 0) if found else 0


def _event(consent: Consent, number: int, entry: UUID, *, by: Actor, at: datetime, shown: Shown | None) -> ConsentEvent:
    return ConsentEvent.objects.create(
        consent=consent,
        number=number,
        person_id=consent.person_id,
        at=at,
        state=consent.state,
        text=consent.text,
        text_sha256=consent.text.sha256,
        language=shown.language if shown else "",
        datasets=consent.datasets,
        fields=consent.fields,
        valid_from=consent.valid_from,
        valid_until=consent.valid_until,
        actor_kind=by.kind.value,
        actor_id=by.id,
        actor_right=by.right.value,
        channel=shown.channel if shown else Channel.JOB,
        entry_id=entry,
    )
