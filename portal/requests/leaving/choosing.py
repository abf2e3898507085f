"""Asking for a package of what was chosen: a request, its choice, and a worker that makes it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from portal.jobs.outbox import after_commit
from portal.ledger.actor import Actor
from portal.requests.actions import Asked, make_request
from portal.requests.enums import RequestKind, RequestState
from portal.requests.models import Leaving, Request


@dataclass(frozen=True)
class Chosen:
    """Names of items, and the city they are for; none: for the person."""

    items: tuple[str, ...]
    receiver: str = ""
    for_receiver_only: bool = False


def ask_to_leave(
    chosen: Chosen, *, person: UUID, said: str, language: str, by: Actor, at: datetime
) -> tuple[Request, bool]:
    """(The request, whether it is new), within the person's scope. GDPR 15(3) and 20.

    `said`: the choice in the words in which it was made. The same choice while it is being made is the same request.
    """
    asked = Asked(RequestKind.MOVE, said)
    request, new = make_request(asked, person=person, language=language, by=by, at=at, state=RequestState.WORKING)
    if new:
        Leaving.objects.create(
            request=request,
            person_id=person,
            receiver=chosen.receiver,
            for_receiver_only=chosen.for_receiver_only,
            items=list(chosen.items),
            asked_at=at,
        )
        after_commit("pages.make_move", due_at=at, request_id=request.pk)
    return request, new
