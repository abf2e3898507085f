"""Telling guardians what waits for them, what a child answered, and what another took back. The worker's part."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID, uuid5

from consents.enums import ConsentState
from consents.models import ConsentEvent
from consents.queries.reading import given_by
from consents.rules.acting import GUARDIAN
from portal.ledger.actor import Actor
from portal.notices.actions.telling import tell_many
from portal.notices.enums import NoticeKind
from portal.people.behalf.powers import guardians_of
from portal.people.behalf.rules import Power

# Any id, the same for ever: what one guardian is told of one event has one id.
_TOLD = UUID("2f0b5c0a-6a4e-4c0f-8c39-2b1f7c1a9d44")


def tell_guardians(event: UUID, *, by: Actor, at: datetime) -> int:
    """Notice each guardian who may know of it, within the worker's scope; how many were new.

    Half given: whoever decides too and has not said yes, while it still waits. A child's own answer: every guardian but
    where the registers let none act. A guardian's end of what guardians allowed, or of a part of it: whoever else had
    said yes to it. A notice says neither which child nor which permission, and not who acted.
    """
    happened = ConsentEvent.objects.select_related("consent__purpose").get(pk=event)
    kind, is_meant = _what(happened)
    told = [
        guardian
        for guardian, power in guardians_of(happened.person_id, at=at)
        if is_meant(str(guardian)) and _may_hear(power, happened.consent.recipient, kind)
    ]
    return tell_many(kind, {uuid5(_TOLD, f"{event} {guardian}"): guardian for guardian in told}, by=by, at=at)


def _what(happened: ConsentEvent) -> tuple[NoticeKind, Callable[[str], bool]]:
    """What guardians are told of, and which of them; nobody, when it is past."""
    actor = happened.said_by or happened.actor_id
    if happened.state == ConsentState.PENDING:
        waits = happened.consent.state == ConsentState.PENDING
        said_yes = given_by(happened.consent)[1]
        return NoticeKind.CHILD_WAITS, lambda guardian: waits and guardian not in said_yes
    if (happened.said_right or happened.actor_right) != GUARDIAN:
        return NoticeKind.CHILD_ANSWERED, lambda guardian: guardian != actor
    allowed = given_by(happened.consent, before=happened)[1] - {actor}
    return NoticeKind.CHILD_TAKEN_BACK, lambda guardian: guardian in allowed


def _may_hear(power: Power, department: str, kind: NoticeKind) -> bool:
    """Where only one guardian may know of what both would decide, nothing is told of what the other did."""
    return power.covers(department) if kind is NoticeKind.CHILD_ANSWERED else power.offers(department)
