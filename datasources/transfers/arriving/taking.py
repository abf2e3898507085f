"""A package comes by hand, sealed from its first byte on; and what nobody goes on with goes."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from datasources.transfers.arriving import spool
from datasources.transfers.arriving.errors import Empty, TooMany
from datasources.transfers.arriving.kinds import ArrivalEntry
from datasources.transfers.arriving.sealing import hold, wrapped_key
from datasources.transfers.enums import (
    ASKED_FOR,
    KEPT_FOR,
    UNDER_WAY,
    ArrivalState,
    Fault,
    ItemState,
    Way,
)
from datasources.transfers.models import Arrival, Item
from portal.jobs.outbox import after_commit
from portal.ledger.actions import record
from portal.ledger.actor import Actor
from portal.walls import Role, scope

# Of one person: nobody fills the disk alone.
MOST_AT_ONCE = 2
_BATCH = 500


def let_in(person: UUID) -> None:
    """TooMany when as many packages of theirs are under way as may be; within their scope."""
    hold(person)
    if Arrival.objects.filter(person_id=person, state__in=UNDER_WAY).count() >= MOST_AT_ONCE:
        raise TooMany


def take_in(arrival: UUID, key: bytes, *, size: int, person: UUID, by: Actor, at: datetime) -> Arrival:
    """A package that lies whole in the spool waits to be checked; within the person's scope. Empty, TooMany."""
    if size <= 0:
        raise Empty
    let_in(person)
    row = Arrival.objects.create(
        pk=arrival,
        person_id=person,
        way=Way.BY_HAND,
        state=ArrivalState.WAITING,
        size=size,
        sealed_key=wrapped_key(key, of=arrival, person=person),
        began_at=at,
    )
    record(ArrivalEntry.BROUGHT, by=by, about=person, at=at, reference=str(row.pk))
    after_commit("transfers.check_arrival", due_at=at, arrival_id=row.pk)
    return row


def remove_rest(arrival: UUID, *, person: UUID, by: Actor, at: datetime) -> int:
    """What was not accepted goes now; how many items. Within a scope that covers the person."""
    hold(person)
    row = Arrival.objects.filter(pk=arrival, person_id=person, state=ArrivalState.READY).first()
    return 0 if row is None else close(row, by=by, at=at)


def close(row: Arrival, *, by: Actor, at: datetime) -> int:
    """No item of it waits any more: what was not accepted is removed; how many items that was."""
    left = Item.objects.filter(arrival_id=row.pk).exclude(state=ItemState.ACCEPTED)
    gone, _ = left.delete()
    row.state, row.ended_at, row.goes_at = ArrivalState.CLOSED, at, None
    row.save(update_fields=["state", "ended_at", "goes_at"])
    if gone:
        record(
            ArrivalEntry.REST_GONE, by=by, about=row.person_id, at=at, reference=str(row.pk), counts={"items": gone}
        )  # fmt: skip
    return gone


def tidy(*, by: Actor, at: datetime) -> int:
    """Every five minutes, by beat: what was not accepted in time goes, and what nobody goes on with; how many packages.

    Opens its own scopes.
    """
    with scope(Role.WORKER):
        due = list(Arrival.objects.filter(state=ArrivalState.READY, goes_at__lte=at)[:_BATCH])
        for row in due:
            close(row, by=by, at=at)
        given_up = _give_up(at=at)
        needed = list(Arrival.objects.filter(state__in=UNDER_WAY).values_list("pk", flat=True))
    spool.remove_older(at - KEPT_FOR, but=needed)
    return len(due) + given_up


def _give_up(*, at: datetime) -> int:
    old = at - KEPT_FOR
    silent = Q(state__in=UNDER_WAY) & (Q(beat_at__lt=old) | Q(beat_at=None, began_at__lt=old))
    never_came = Q(state=ArrivalState.ASKED, began_at__lt=at - ASKED_FOR - timedelta(minutes=1))
    told = {"state": ArrivalState.FAILED, "ended_at": at, "sealed_errand": None, "state_digest": None}
    gone = Arrival.objects.filter(silent).update(fault=Fault.BROKEN_OFF, **told)
    return gone + Arrival.objects.filter(never_came).update(fault=Fault.NOT_BEGUN_HERE, **told)
