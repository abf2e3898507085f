"""The current rows made anew from their events, and compared with what stands."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from uuid import UUID

from consents.enums import ConsentState
from consents.models import Consent, ConsentEvent
from consents.rules.lifecycle import Happened, Standing, standing_of

_BATCH = 5000


@dataclass(frozen=True)
class Astray:
    """A consent whose row does not say what its events add up to; `names` of what differs, never the values."""

    consent: UUID
    names: tuple[str, ...]


def astray() -> Iterator[Astray]:
    """Every consent whose row differs, and every one without events; within the worker's scope.

    The rows are read in batches by key, so that millions take the memory of a few thousand.
    """
    last: UUID | None = None
    while True:
        rows = Consent.objects.order_by("pk")
        batch = list((rows.filter(pk__gt=last) if last else rows)[:_BATCH])
        if not batch:
            return
        last = batch[-1].pk
        events = _events_of(batch[0].pk, last)
        for consent in batch:
            if names := _differences(consent, events.get(consent.pk)):
                yield Astray(consent.pk, names)


def _events_of(first: UUID, last: UUID) -> dict[UUID, list[Happened]]:
    rows = ConsentEvent.objects.filter(consent_id__gte=first, consent_id__lte=last).order_by("consent_id", "number")
    return {consent: list(map(_happened, group)) for consent, group in groupby(rows, attrgetter("consent_id"))}


def _happened(event: ConsentEvent) -> Happened:
    covered = tuple(event.datasets), tuple(event.fields)
    return Happened(event.at, ConsentState(event.state), event.text_id, *covered, event.valid_from, event.valid_until)


def _differences(consent: Consent, events: list[Happened] | None) -> tuple[str, ...]:
    if not events or events[0].state is not ConsentState.REQUESTED:
        return ("events",)
    should = standing_of(events)
    stands = Standing(
        state=ConsentState(consent.state),
        text=consent.text_id,
        requested_at=consent.requested_at,
        answered_at=consent.answered_at,
        datasets=tuple(consent.datasets),
        fields=tuple(consent.fields),
        valid_from=consent.valid_from,
        valid_until=consent.valid_until,
        withdrawn_at=consent.withdrawn_at,
    )
    return tuple(name for name, told in vars(should).items() if told != getattr(stands, name))
