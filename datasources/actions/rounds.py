"""The nightly round: every source gets its turn, and no more wait for one than workers will come to soon."""

from datetime import datetime, timedelta

import structlog
from django.db.models import Exists, F, OuterRef, Q

from datasources.actions.pulls import queue_pull, turn_of
from datasources.actions.receiving import end_cut_off
from datasources.enums import ConnectorKind
from datasources.models import Pull, PullKind, Source
from portal.jobs.outbox import after_commit, is_waiting, unfinished
from portal.ledger.actor import Actor
from portal.walls import Role, scope

log = structlog.get_logger(__name__)

# Whatever waits beside them in the queue `bulk`, such as letters and expiry, is not held up by a night's readings.
MOST_UNFINISHED = 16
_LOOKS_AGAIN = timedelta(minutes=1)
# By then people are at work, and so are the departments' systems: the next night goes on with those left out.
_ENDS_AFTER = timedelta(hours=6)


def ask_for_every_pull(*, by: Actor, at: datetime, began: datetime | None = None) -> None:
    """Queue the sources that are switched on and have a list, those read longest ago first, while there is room.

    Room: fewer than 16 jobs of their queue are due, waiting in the broker or in flight. For those left over the same
    round, which `began` then, goes on a minute later.
    """
    began = began or at
    with scope(Role.WORKER):
        for sender in Source.objects.filter(kind=ConnectorKind.PUSH):
            end_cut_off(sender, by=by, at=at)
        left = _not_read_since(began)
        room = MOST_UNFINISHED - unfinished("bulk", at=at)
        for source in left[: max(room, 0)]:
            queue_pull(source, at=at)
        over = left[max(room, 0) :]
        if not over:
            return
        if at - began >= _ENDS_AFTER:
            log.error("datasources.round_ended", left=[source.slug for source in over])
        elif not is_waiting("datasources.go_on", began=began.isoformat()):
            after_commit("datasources.go_on", due_at=at + _LOOKS_AGAIN, began=began.isoformat())


def _not_read_since(began: datetime) -> list[Source]:
    """Whose turn has neither come in this round nor is waiting."""
    listed = [kind for kind in ConnectorKind if kind.lists_everyone]
    begun = Pull.objects.filter(source=OuterRef("pk"), started_at__gte=began).exclude(kind=PullKind.PERSON)
    due = Source.objects.filter(~Exists(begun), Q(switched_on=True, kind__in=listed))
    ordered = due.order_by(F("last_success_at").asc(nulls_first=True), "slug")
    return [source for source in ordered if not is_waiting("datasources.pull_source", **turn_of(source))]
