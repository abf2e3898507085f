"""What staff write down for a person who is at a service point, or has written on paper."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from consents.actions.answering import give, refuse
from consents.actions.requesting import request_consent
from consents.actions.traces import Shown
from consents.enums import ConsentState
from consents.models import Consent, Purpose
from consents.rules.acting import Says
from datasources.actions.asking import ask_for
from portal.ledger.actor import Actor


def record_answer(
    purpose: Purpose,
    *,
    person: UUID,
    yes: bool,
    optional: Sequence[str] = (),
    shown: Shown,
    says: Says,
    by: Actor,
    at: datetime,
) -> Consent:
    """A yes or a no, asked for by the person: where the question was never put, it is put first. As `give`, `refuse`.

    Within a staff scope that covers the person. NotYours when guardians answer for them. Whoever allows something has
    come, though they do not sign in: their records are kept from then on, and asked for at once.
    """
    consent = Consent.objects.filter(person_id=person, purpose=purpose).first()
    if consent is None:
        consent = request_consent(purpose, person=person, by=by, at=at, asked_for=True)
    if yes:
        given = give(consent.pk, shown=shown, optional=optional, says=says, by=by, at=at)
        if given.state == ConsentState.GIVEN:
            ask_for(person, by=by, at=at)
        return given
    return refuse(consent.pk, shown=shown, says=says, by=by, at=at)
