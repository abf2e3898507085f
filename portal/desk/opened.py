"""Which row of a person a staff member has open in their session: one at a time, for a quarter of an hour."""

from datetime import datetime, timedelta
from uuid import UUID

from django.http import HttpRequest

OPEN_FOR = timedelta(minutes=15)
_OPENED = "request_opened"


def note_open(request: HttpRequest, row: UUID, *, at: datetime) -> None:
    """This one is open from now on, and no other."""
    request.session[_OPENED] = {"request": str(row), "at": at.isoformat()}


def is_open(request: HttpRequest, row: UUID, *, at: datetime) -> bool:
    """It was opened in this session, and not long ago."""
    kept = request.session.get(_OPENED)
    if kept is None or kept["request"] != str(row):
        return False
    return timedelta(0) <= at - datetime.fromisoformat(kept["at"]) < OPEN_FOR


def close(request: HttpRequest) -> None:
    """Nothing is open any more."""
    request.session.pop(_OPENED, None)


def id_of(told: str) -> UUID | None:
    """Of what stands in an address."""
    try:
        return UUID(told)
    except ValueError:
        return None
