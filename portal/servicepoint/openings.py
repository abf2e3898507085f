"""Whom a staff member has open now: kept in the session, one person at a time, for a quarter of an hour."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.http import HttpRequest

OPEN_FOR = timedelta(minutes=15)
_OPEN = "desk_open"


@dataclass(frozen=True)
class Opening:
    """One person, opened for a reason; `actor`: who is at the desk, where they act for the person."""

    person: UUID
    reason: str
    actor: UUID | None = None


def begin(request: HttpRequest, opening: Opening, *, at: datetime) -> None:
    """From now on the desk's pages are about this person."""
    actor = str(opening.actor) if opening.actor else ""
    kept = {"person": str(opening.person), "reason": opening.reason, "actor": actor, "at": at.isoformat()}
    request.session[_OPEN] = kept


def current(request: HttpRequest, *, at: datetime) -> Opening | None:
    """None when nobody is open, or was opened too long ago."""
    kept = request.session.get(_OPEN)
    if kept is None or not timedelta(0) <= at - datetime.fromisoformat(kept["at"]) < OPEN_FOR:
        return None
    actor = kept.get("actor")
    return Opening(UUID(kept["person"]), kept["reason"], UUID(actor) if actor else None)


def end(request: HttpRequest) -> None:
    """Nobody is open any more."""
    request.session.pop(_OPEN, None)
