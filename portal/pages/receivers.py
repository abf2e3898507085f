"""What pages bring together and no room below can: a permission that ended, and what was kept by it."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from consents.enums import ConsentState
from consents.models import Consent
from consents.signals import stands
from datasources.wearables.enums import KEEPING
from portal.jobs.outbox import after_commit

_ENDED = {
    ConsentState.REFUSED,
    ConsentState.WITHDRAWN,
    ConsentState.EXPIRED,
    ConsentState.SUPERSEDED,
    ConsentState.TERMINATED,
}


@receiver(stands, dispatch_uid="pages.forget_what_was_brought")
def forget_what_was_brought(*, consent: Consent, at: datetime, **_: Any) -> None:
    """Without the permission to keep it, what a person brought goes (GDPR 17(1)(b))."""
    if consent.purpose.slug == KEEPING and consent.state in _ENDED:
        after_commit("wearables.forget_all", due_at=at, person_id=consent.person_id)
