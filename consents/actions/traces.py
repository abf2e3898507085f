"""What every verb leaves: the row, its event, its entry. The row is held first, whoever acts."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Max

from consents.actions.announcing import announce_answer
from consents.actions.noticing import notice_of
from consents.enums import Cause, Channel, ConsentState
from consents.kinds import ConsentEntry
from consents.models import Consent, ConsentEvent
from consents.receipts.issuing import issue
from consents.rules.acting import ADULT, Says
from consents.rules.lifecycle import not_before
from consents.signals import stands
from portal.ledger.actions import record
from portal.ledger.actor import Actor
from portal.ledger.kinds import EntryKind


@dataclass(frozen=True)
class Shown:
    """What the person had before them when they answered, and how the answer came.

    Where staff wrote it down: why, where the paper is kept, and whether the person asked for a letter about it.
    """

    text: UUID
    language: str
    channel: Channel = Channel.PORTAL
    desk_reason: str = ""
    paper: str = ""
    write_home: bool | None = None


# What an entry of an end tells of its event.
_CAUSES = {
    ConsentEntry.ENDED_JOINED: Cause.JOINED,
    ConsentEntry.ENDED_OTHER_ANSWER: Cause.OTHER_ANSWER,
    ConsentEntry.ENDED_PARTED: Cause.PARTED,
    ConsentEntry.ENDED_CLOSED: Cause.CLOSED,
}
# Of what no person answered.
_NOTHING_SHOWN = Shown(UUID(int=0), "", Channel.JOB)


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


def leave_traces(
    kind: EntryKind, consent: Consent, *, by: Actor, at: datetime, shown: Shown | None = None, says: Says = ADULT
) -> ConsentEvent:
    """Save the row as it stands now, with its event, its entry, its receipt, and what others are to hear.

    `says`: whose words staff write down, where it is not the person's own. The entry of an end names the datasets that
    were covered: so it is known what is no longer used. Returns the event.
    """
    before, number = _stood(consent)
    consent.save()
    entry = _entry_of(kind, consent, before, says, by=by, at=at)
    cause = _CAUSES.get(kind, "")  # type: ignore[call-overload]
    event = _event_of(consent, number + 1, shown, says, cause=cause, entry=entry, by=by, at=at)
    issue(consent, event)
    notice_of(kind, consent, said_by=says.who, by=by, at=at, write_home=shown.write_home if shown else None)
    announce_answer(consent, before, at=at)
    stands.send(sender=Consent, consent=consent, at=at)
    return event


def _stood(consent: Consent) -> tuple[Consent | None, int]:
    """The row as it was until now, None before the first event; and how many events there are."""
    if consent._state.adding:  # noqa: SLF001 - documented, and a new row has no past
        return None, 0
    rows = Consent.objects.filter(pk=consent.pk).annotate(number=Max("events__number"))
    found = rows.only("state", "datasets", "fields").first()
    return found, (found.number or 0) if found else 0


def _entry_of(
    kind: EntryKind, consent: Consent, before: Consent | None, says: Says, *, by: Actor, at: datetime
) -> UUID:
    return record(
        kind,
        by=by,
        about=consent.person_id,
        at=at,
        department=consent.recipient,
        purpose=consent.purpose.slug,
        datasets=consent.datasets or (before.datasets if before else ()),
        reference=str(consent.pk),
        counts={"version": consent.text.version} | ({"right": says.right} if says.who else {}),
    )


def _event_of(
    consent: Consent,
    number: int,
    shown: Shown | None,
    says: Says,
    *,
    cause: str,
    entry: UUID,
    by: Actor,
    at: datetime,
) -> ConsentEvent:
    seen = shown or _NOTHING_SHOWN
    return ConsentEvent.objects.create(
        consent=consent,
        number=number,
        person_id=consent.person_id,
        at=at,
        state=consent.state,
        text=consent.text,
        text_sha256=consent.text.sha256,
        language=seen.language,
        datasets=consent.datasets,
        fields=consent.fields,
        valid_from=consent.valid_from,
        valid_until=consent.valid_until,
        actor_kind=by.kind.value,
        actor_id=by.id,
        actor_right=by.right.value,
        channel=seen.channel,
        desk_reason=seen.desk_reason,
        paper=seen.paper,
        said_by=says.who,
        said_right=says.right if says.who else "",
        entry_id=entry,
        cause=cause,
    )
