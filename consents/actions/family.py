"""Telling guardians what waits for them, and what a child answered. The worker's part."""

from datetime import datetime
from uuid import UUID, uuid5

from consents.enums import ConsentState
from consents.models import ConsentEvent
from consents.queries.reading import given_by
from portal.ledger.actor import Actor
from portal.notices.actions.telling import tell_many
from portal.notices.enums import NoticeKind
from portal.people.behalf.powers import guardians_of

# Any id, the same for ever: what one guardian is told of one event has one id.
_TOLD = UUID("2f0b5c0a-6a4e-4c0f-8c39-2b1f7c1a9d44")


def tell_guardians(event: UUID, *, by: Actor, at: datetime) -> int:
    """Notice each guardian who may know of it, within the worker's scope; how many were new.

    Half given: whoever decides too and has not said yes, while it still waits. A child's own answer: every guardian but
    where the registers let none act. A notice says neither which child nor which permission, and not who acted.
    """
    happened = ConsentEvent.objects.select_related("consent__purpose").get(pk=event)
    consent, half = happened.consent, happened.state == ConsentState.PENDING
    if half and consent.state != ConsentState.PENDING:
        return 0
    kind = NoticeKind.CHILD_WAITS if half else NoticeKind.CHILD_ANSWERED
    known = given_by(consent)[1] if half else frozenset({happened.actor_id})
    told = [
        guardian
        for guardian, power in guardians_of(consent.person_id, at=at)
        if str(guardian) not in known and (power.offers(consent.recipient) if half else power.covers(consent.recipient))
    ]
    return tell_many(kind, {uuid5(_TOLD, f"{event} {guardian}"): guardian for guardian in told}, by=by, at=at)
