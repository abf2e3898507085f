"""Asking, answering, taking back: each verb one transaction with its event, its entry and its row."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from consents import rules
from consents.enums import Channel, ConsentState, TextState
from consents.errors import (
    AskedTooSoon,
    FieldsNotOffered,
    NotAConsent,
    NotAsked,
    NotOn,
    TextChanged,
    TooManyOpen,
)
from consents.kinds import ConsentEntry
from consents.models import Consent, ConsentEvent, Purpose, PurposeDataset, PurposeText
from portal.ledger.actions import record
from portal.ledger.actor import Actor, system
from portal.ledger.kinds import EntryKind


@dataclass(frozen=True)
class Shown:
    """What the person had before them when they answered."""

    text: UUID
    language: str
    channel: Channel = Channel.PORTAL


def _locked(consent: UUID) -> Consent:
    """The current row, held: two tabs answering in the same second must not make two answers."""
    return Consent.objects.select_for_update(of=("self",)).select_related("purpose", "text").get(pk=consent)


def _published(purpose: Purpose) -> PurposeText:
    text = purpose.texts.filter(state=TextState.PUBLISHED).first()
    if text is None:
        raise NotAsked
    return text


def _leave_traces(kind: EntryKind, consent: Consent, *, by: Actor, at: datetime, shown: Shown | None) -> None:
    slug = consent.purpose.slug
    entry = record(
        kind,
        by=by,
        about=consent.person_id,
        at=at,
        department=consent.recipient,
        purpose=slug,
        datasets=consent.datasets,
        reference=str(consent.pk),
        counts={"version": consent.text.version},
    )
    ConsentEvent.objects.create(
        consent=consent,
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


def request_consent(purpose: Purpose, *, person: UUID, by: Actor, at: datetime) -> Consent:
    """Ask one resident for one published purpose, within a scope that covers them. Asking twice asks once."""
    if purpose.basis != rules.CONSENT_BASIS:
        raise NotAConsent
    text = _published(purpose)
    consent = Consent.objects.select_for_update().filter(person_id=person, purpose=purpose).first()
    if consent is None:
        if Consent.objects.filter(person_id=person, state=ConsentState.REQUESTED).count() >= rules.MOST_OPEN:
            raise TooManyOpen
        consent = Consent(person_id=person, purpose=purpose, recipient=purpose.department.slug)
    elif consent.state in {ConsentState.REQUESTED, ConsentState.GIVEN}:
        return consent
    elif not rules.may_ask_again(ConsentState(consent.state), consent.answered_at, at=at):
        raise AskedTooSoon
    consent.text, consent.state, consent.requested_at = text, ConsentState.REQUESTED, at
    consent.save()
    _leave_traces(ConsentEntry.REQUESTED, consent, by=by, at=at, shown=None)
    return consent


def ask_on_arrival(person: UUID, *, by: Actor, at: datetime) -> int:
    """Put the questions meant for everyone who signs in, each once in a life; how many were new."""
    asked = Consent.objects.filter(person_id=person).values("purpose")
    new = Purpose.objects.filter(ask_on_arrival=True, closed_at=None, texts__state=TextState.PUBLISHED)
    fresh = list(new.exclude(pk__in=asked).select_related("department")[: rules.MOST_OPEN])
    for purpose in fresh:
        request_consent(purpose, person=person, by=by, at=at)
    return len(fresh)


def _offered(purpose: Purpose) -> tuple[set[str], set[str]]:
    """(needed, optional) as `dataset.field`."""
    rows = PurposeDataset.objects.filter(purpose=purpose).select_related("dataset")
    needed, optional = set(), set()
    for row in rows:
        needed |= {f"{row.dataset.slug}.{name}" for name in row.needed}
        optional |= {f"{row.dataset.slug}.{name}" for name in row.optional}
    return needed, optional


def give(consent: UUID, *, shown: Shown, optional: Sequence[str] = (), by: Actor, at: datetime) -> Consent:
    """Yes, to the needed fields and the chosen `optional` ones (`dataset.field`). A second yes changes nothing."""
    current = _locked(consent)
    if current.state == ConsentState.GIVEN and current.text_id == shown.text:
        return current
    if not rules.may_answer(ConsentState(current.state)):
        raise NotAsked
    text = _published(current.purpose)
    if text.pk != shown.text:
        raise TextChanged
    needed, offered = _offered(current.purpose)
    if not set(optional) <= offered:
        raise FieldsNotOffered
    covered = sorted(needed | set(optional))
    current.text, current.state = text, ConsentState.GIVEN
    current.fields = covered
    current.datasets = sorted({name.split(".")[0] for name in covered})
    current.answered_at = current.valid_from = at
    current.valid_until = at + timedelta(days=current.purpose.valid_days or 0)
    current.withdrawn_at = None
    current.save()
    _leave_traces(ConsentEntry.GIVEN, current, by=by, at=at, shown=shown)
    return current


def _end(consent: Consent, state: ConsentState, *, at: datetime) -> None:
    consent.state, consent.answered_at = state, at
    consent.datasets, consent.fields = [], []
    consent.valid_from = consent.valid_until = None
    consent.withdrawn_at = at if state == ConsentState.WITHDRAWN else None
    consent.save()


def refuse(consent: UUID, *, shown: Shown, by: Actor, at: datetime) -> Consent:
    """No, stored as a no. A second no changes nothing."""
    current = _locked(consent)
    if current.state == ConsentState.REFUSED:
        return current
    if not rules.may_answer(ConsentState(current.state)):
        raise NotAsked
    text = _published(current.purpose)
    if text.pk != shown.text:
        raise TextChanged
    current.text = text
    _end(current, ConsentState.REFUSED, at=at)
    _leave_traces(ConsentEntry.REFUSED, current, by=by, at=at, shown=shown)
    return current


def withdraw(consent: UUID, *, shown: Shown, by: Actor, at: datetime) -> Consent:
    """Take it back: effective at commit. Twice is once."""
    current = _locked(consent)
    if current.state == ConsentState.WITHDRAWN:
        return current
    if not rules.may_withdraw(ConsentState(current.state)):
        raise NotOn
    covered = list(current.datasets)
    _end(current, ConsentState.WITHDRAWN, at=at)
    current.datasets = covered
    _leave_traces(ConsentEntry.WITHDRAWN, current, by=by, at=at, shown=shown)
    current.datasets = []
    return current


def expire_due(*, by: Actor, at: datetime, batch: int = 1000) -> int:
    """End what ran out, at most `batch`, within the worker's scope; how many. The check never waits for this."""
    due = Consent.objects.filter(state=ConsentState.GIVEN, valid_until__lte=at).order_by("valid_until")[:batch]
    ended = 0
    for pk in list(due.values_list("pk", flat=True)):
        consent = _locked(pk)
        if consent.state == ConsentState.GIVEN and consent.valid_until is not None and consent.valid_until <= at:
            _end(consent, ConsentState.EXPIRED, at=at)
            _leave_traces(ConsentEntry.EXPIRED, consent, by=by, at=at, shown=None)
            ended += 1
    return ended


JOB = system("consents.expire_due")
