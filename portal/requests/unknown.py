"""Requests of whom nobody can tell whose they are: they end with an answer, and nobody goes on working at them."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext, override

from portal.ledger.actor import Actor
from portal.requests.actions import leave
from portal.requests.enums import OPEN_STATES, Outcome, RequestState
from portal.requests.grounds import Ground
from portal.requests.held import sealed_words
from portal.requests.kinds import RequestEntry
from portal.requests.models import Request
from portal.requests.parts import end_parts


def close_unknown(person: UUID, requests: Collection[UUID], *, by: Actor, at: datetime) -> int:
    """End those of these that are open, as it is not known who asked (GDPR 11(2)); how many. Worker's scope.

    Two officers have said so by what they told and confirmed: no proposal of a keeper's is waited for. What was
    restricted by one stays restricted.
    """
    rows = Request.objects.filter(person_id=person, pk__in=list(requests), state__in=OPEN_STATES)
    found = list(rows.select_for_update().order_by("received_at"))
    for row in found:
        row.proposals.filter(decided_at=None).update(decided_at=at, decided_by=by.id, confirmed=False)
        end_parts(row.pk, at=at)
        with override(row.language):
            answer = gettext("We could not find out who of two people asked this. Whoever it was can ask again.")
        row.state, row.outcome, row.ground = RequestState.ANSWERED, Outcome.REFUSED, Ground.UNIDENTIFIED
        row.closed_at, row.answered_by, row.sealed_answer = at, by.id, sealed_words(row, "answer", answer)
        row.save(update_fields=["state", "outcome", "ground", "closed_at", "answered_by", "sealed_answer"])
        leave(RequestEntry.ANSWERED, row, by=by, at=at)
    return len(found)
