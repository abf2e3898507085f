"""What each source does for a request, as rows: planned with the request, taken by lease, tried until done or given up.

Celery only wakes this. A part whose worker died is taken again once its lease is over; a part that failed is tried
again by itself, while its siblings finish.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from portal.requests.enums import UNFINISHED, PartState
from portal.requests.models import Part, Request

LEASE = timedelta(seconds=60)
# Between tries: a minute, five, half an hour, then every two hours until the deadline.
WAITS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))
_TRIED = (PartState.WAITING, PartState.WORKING)


@dataclass(frozen=True)
class Planned:
    """Which source, whose, and whether a person does it."""

    source: str
    department: str
    by_hand: bool = False


def plan(request: Request, planned: Iterable[Planned], *, deadline_at: datetime, at: datetime) -> list[Part]:
    """One row for each source, in the transaction of the request; within a scope that may write them."""
    rows = [
        Part(
            request=request,
            person_id=request.person_id,
            number=request.number,
            source=each.source,
            department=each.department,
            state=PartState.BY_HAND if each.by_hand else PartState.WAITING,
            due_at=at,
            deadline_at=deadline_at,
        )
        for each in planned
    ]
    return Part.objects.bulk_create(rows)


def take(request: UUID, *, at: datetime, limit: int = 50) -> list[Part]:
    """Parts of this request to do now, each leased to the caller; what another holds is passed over. Worker's scope."""
    free = Q(leased_until_at=None) | Q(leased_until_at__lt=at)
    ready = Part.objects.filter(free, request=request, state__in=_TRIED, due_at__lte=at)
    rows = list(ready.order_by("source").select_for_update(skip_locked=True, no_key=True)[:limit])
    for row in rows:
        row.state, row.leased_until_at, row.attempts = PartState.WORKING, at + LEASE, row.attempts + 1
    Part.objects.bulk_update(rows, ["state", "leased_until_at", "attempts"])
    return rows


def beat(part: UUID, *, at: datetime) -> bool:
    """The heartbeat of whoever holds it; False: it is no longer theirs to finish. Worker's scope."""
    held = Part.objects.filter(pk=part, state=PartState.WORKING, leased_until_at__gte=at)
    return bool(held.update(leased_until_at=at + LEASE))


def finish(
    part: UUID, state: PartState, *, at: datetime, told: Mapping[str, object] | None = None, fault: str = ""
) -> bool:
    """Its end, once; False where it had ended. Worker's scope, or staff's for what a person did."""
    row = Part.objects.filter(pk=part, state__in=UNFINISHED)
    return bool(row.update(state=state, finished_at=at, leased_until_at=None, fault=fault, told=dict(told or {})))


def put_off(part: Part, *, fault: str, at: datetime) -> datetime | None:
    """It did not work: when it is tried next, or None where its deadline is nearer, and it is given up."""
    due_at = at + WAITS[min(part.attempts, len(WAITS)) - 1]
    if due_at > part.deadline_at:
        finish(part.pk, PartState.FAILED, at=at, fault=fault)
        return None
    Part.objects.filter(pk=part.pk, state=PartState.WORKING).update(
        state=PartState.WAITING, due_at=due_at, leased_until_at=None, fault=fault
    )
    return due_at


def end_parts(request: UUID, *, at: datetime) -> None:
    """Its request was taken back: nobody looks any further. Within a scope that may write them."""
    rows = Part.objects.filter(request=request, state__in=UNFINISHED)
    rows.update(state=PartState.REFUSED, finished_at=at, leased_until_at=None, fault="withdrawn")


def unfinished(request: UUID) -> bool:
    """Something of it is still to be done."""
    return Part.objects.filter(request=request, state__in=UNFINISHED).exists()
