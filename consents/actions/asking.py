"""A department's system asks a resident: whatever comes of it, the system is told the same, and as fast."""

from datetime import datetime, timedelta
from uuid import UUID

from consents.actions.requesting import published, request_consent
from consents.errors import AskedTooSoon, NoSuchPurpose, NotAConsent, NotAsked, NotForSystems, TooManyOpen
from consents.models import Purpose
from consents.rules.deciding import CONSENT_BASIS
from portal.jobs.outbox import Argument, after_commit
from portal.ledger.actor import Actor, ActorKind, Right
from portal.people.queries import is_closed
from portal.people.subjects import Named, keep_subjects, persons_named

# A question that finds no place among the five waits; after two months nobody remembers why it was asked.
_LOOK_AGAIN = timedelta(days=1)
_LOOKS = 60


def ask_resident(purpose: str, who: Named, *, by: Actor, at: datetime) -> None:
    """Have the question put, within the API's scope for this lookup; the same statements for strangers.

    NoSuchPurpose when it is not this department's, NotAConsent when no permission is asked for it now, NotForSystems
    for data that is given for the common good.
    """
    asked = Purpose.objects.filter(slug=purpose, department__slug=by.unit).first()
    if asked is None:
        raise NoSuchPurpose
    try:
        published(asked)
    except NotAsked:
        raise NotAConsent from None
    if asked.basis != CONSENT_BASIS:
        raise NotAConsent
    if asked.donation:
        raise NotForSystems
    found = persons_named(by.unit, [who])()
    keep_subjects(by.unit, [who], found)
    person = found.get(who.lookup)
    _put_later(asked.pk, person, client=by.id, looks=1, at=at)


def put_question(purpose: UUID, person: UUID, *, client: str, looks: int, at: datetime) -> None:
    """Put a question that a system asked, unless the person is to be left in peace; within the worker's scope."""
    if is_closed(person):
        return
    asked = Purpose.objects.select_related("department").get(pk=purpose)
    by = Actor(kind=ActorKind.CLIENT, id=client, right=Right.CLIENT, unit=asked.department.slug)
    try:
        request_consent(asked, person=person, by=by, at=at)
    except (AskedTooSoon, NotAsked):
        return
    except TooManyOpen:
        if looks < _LOOKS:
            _put_later(purpose, person, client=client, looks=looks + 1, at=at + _LOOK_AGAIN)


def _put_later(purpose: UUID, person: UUID | None, *, client: str, looks: int, at: datetime) -> None:
    told: dict[str, Argument] = {"purpose_id": purpose, "person_id": person, "client": client, "looks": looks}
    after_commit("consents.put_question", due_at=at, **told)
