"""What staff do about donations: their parts, and reports of what came of them, which the givers are told of."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction

from consents.donations.faults import (
    AlreadyPublished,
    NotADonation,
    NotWhole,
    NotYours,
    OwnReport,
    PublishedPurpose,
)
from consents.enums import ConsentState
from consents.kinds import ConsentEntry
from consents.models import Consent, DonationModule, Outcome, Purpose
from consents.texts import LANGUAGES
from portal.jobs.outbox import after_commit
from portal.ledger.actions import record
from portal.ledger.actor import Actor
from portal.ledger.entries import Json
from portal.notices.actions.telling import tell_many
from portal.notices.enums import NoticeKind

Parts = Mapping[str, Mapping[str, str]]
_WHOLE = ("title", "text")
# Any id, the same for ever: one report tells one giver once.
_TOLD = UUID("8f0b5c1e-2f57-4a58-8f7e-5b6c3e1d7a42")
# Who gave and did not take it back hears what came of it, though their permission has run out since.
GIVERS = (ConsentState.GIVEN, ConsentState.SUSPENDED, ConsentState.EXPIRED, ConsentState.TERMINATED)


@transaction.atomic
def keep_module(
    purpose: Purpose, slug: str, *, parts: Parts, fields: Sequence[str], by: Actor, at: datetime
) -> DonationModule:
    """Write a part of a donation, new or again, until its first text is published. NotADonation, PublishedPurpose."""
    _must_be_a_draft(purpose, by)
    place = purpose.modules.filter(slug=slug).values_list("position", flat=True).first()
    facts = {
        "position": purpose.modules.count() if place is None else place,
        "parts": {language: dict(parts[language]) for language in LANGUAGES},
        "fields": list(fields),
    }
    row, _ = DonationModule.objects.update_or_create(purpose=purpose, slug=slug, defaults=facts)
    _tell(ConsentEntry.MODULES_CHANGED, purpose, {"module": slug}, by=by, at=at)
    return row


@transaction.atomic
def drop_module(purpose: Purpose, slug: str, *, by: Actor, at: datetime) -> None:
    """Leave a part out, until the first text is published. NotADonation, PublishedPurpose."""
    _must_be_a_draft(purpose, by)
    purpose.modules.filter(slug=slug).delete()
    _tell(ConsentEntry.MODULES_CHANGED, purpose, {"module": slug}, by=by, at=at)


@transaction.atomic
def draft_outcome(purpose: Purpose, *, parts: Parts, by: Actor, at: datetime) -> Outcome:
    """Write what came of it, for a second person to read. NotADonation, NotYours, NotWhole."""
    if not purpose.donation:
        raise NotADonation
    if by.unit != purpose.department.slug:
        raise NotYours
    whole = {
        language: {part: parts.get(language, {}).get(part, "").strip() for part in _WHOLE} for language in LANGUAGES
    }
    if not all(word for told in whole.values() for word in told.values()):
        raise NotWhole
    row = Outcome.objects.create(purpose=purpose, parts=whole, drafted_by=by.id, drafted_at=at)
    _tell(ConsentEntry.OUTCOME_DRAFTED, purpose, {"outcome": str(row.pk)}, by=by, at=at)
    return row


@transaction.atomic
def publish_outcome(pk: UUID, *, by: Actor, at: datetime) -> Outcome:
    """For everyone to read, and the givers are told by a job. AlreadyPublished, OwnReport."""
    row = Outcome.objects.select_for_update(of=("self",)).select_related("purpose__department").get(pk=pk)
    if row.published_at is not None:
        raise AlreadyPublished
    if row.drafted_by == by.id:
        raise OwnReport
    row.published_by, row.published_at = by.id, at
    row.save(update_fields=["published_by", "published_at"])
    _tell(ConsentEntry.OUTCOME_PUBLISHED, row.purpose, {"outcome": str(pk)}, by=by, at=at)
    after_commit("consents.tell_givers", due_at=at, outcome_id=row.pk)
    return row


def tell_givers(pk: UUID, *, after: UUID | None, by: Actor, at: datetime, batch: int = 1000) -> UUID | None:
    """Notice at most `batch` givers behind `after`, within the worker's scope; where to go on, or None at the end.

    Nobody is noticed twice of one report. At the end the report says how many gave.
    """
    row = Outcome.objects.select_related("purpose__department").get(pk=pk, published_at__isnull=False)
    given = Consent.objects.filter(purpose=row.purpose, state__in=GIVERS, requested_at__lte=row.published_at)
    due = (given.filter(person_id__gt=after) if after else given).order_by("person_id")
    people = list(due.values_list("person_id", flat=True)[:batch])
    tell_many(NoticeKind.GIVEN_DATA_USED, {uuid5(_TOLD, f"{pk} {each}"): each for each in people}, by=by, at=at)
    if len(people) == batch:
        return people[-1]
    row.givers = given.count()
    row.save(update_fields=["givers"])
    _tell(ConsentEntry.GIVERS_TOLD, row.purpose, {"outcome": str(pk), "givers": row.givers}, by=by, at=at)
    return None


def _must_be_a_draft(purpose: Purpose, by: Actor) -> None:
    if not purpose.donation:
        raise NotADonation
    if by.unit != purpose.department.slug:
        raise NotYours
    if purpose.texts.filter(published_at__isnull=False).exists():
        raise PublishedPurpose


def _tell(kind: ConsentEntry, purpose: Purpose, counts: Mapping[str, Json], *, by: Actor, at: datetime) -> None:
    record(kind, by=by, at=at, department=purpose.department.slug, purpose=purpose.slug, counts=dict(counts))
