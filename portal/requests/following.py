"""What follows when a request ends: what it held back is let go or stands, and a promised correction is watched for."""

from datetime import datetime
from uuid import UUID

from consents.actions.limiting import settle
from consents.rules.limiting import Came
from portal.ledger.actor import Actor
from portal.requests.correcting import promise
from portal.requests.enums import OPEN_STATES, Outcome, RequestKind, RequestState
from portal.requests.models import Request

_GRANTED = (Outcome.DONE, Outcome.PARTLY)


def follow_up(request: UUID, *, by: Actor, at: datetime) -> None:
    """Once a request has ended; done again it changes nothing. Worker's scope."""
    row = Request.objects.filter(pk=request).exclude(state__in=OPEN_STATES).first()
    if row is None:
        return
    came = came_of(row)
    if row.kind == RequestKind.CORRECT and came is Came.GRANTED:
        # Its use stays restricted until the source shows it.
        promise(row.pk, at=at)
        return
    settle(row.pk, came, by=by, at=at)


def came_of(request: Request) -> Came:
    """Of a request that has ended."""
    if request.state == RequestState.WITHDRAWN:
        return Came.TAKEN_BACK
    return Came.GRANTED if request.outcome in _GRANTED else Came.REFUSED
