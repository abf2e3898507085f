"""What staff write down for a person who is at a service point, or has written on paper."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from consents.actions.answering import give, refuse
from consents.actions.requesting import request_consent
from consents.actions.traces import Shown
from consents.models import Consent, Purpose
from consents.rules.acting import Says
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

    Within a staff scope that covers the person. NotYours when guardians answer for them.
    """
    consent = Consent.objects.filter(person_id=person, purpose=purpose).first()
    if consent is None:
        consent = request_consent(purpose, person=person, by=by, at=at, asked_for=True)
    if yes:
        return give(consent.pk, shown=shown, optional=optional, says=says, by=by, at=at)
    return refuse(consent.pk, shown=shown, says=says, by=by, at=at)
