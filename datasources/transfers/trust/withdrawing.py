"""No longer believing a key of another city."""

from datetime import datetime

from django.db import IntegrityError, transaction

from datasources.transfers.kinds import TransferEntry
from datasources.transfers.models import WithdrawnKey
from portal.ledger.actions import record
from portal.ledger.actor import Actor


class WithdrawnBefore(Exception):
    """The key is withdrawn already."""


def withdraw_key(city: str, kid: str, *, since: datetime, reason: str, by: Actor, at: datetime) -> WithdrawnKey:
    """From `since` on nothing that the key signed is believed; what it signed before is marked. WithdrawnBefore.

    Within staff's scope. It holds from the next package on, and is not taken back: the city signs with another key.
    """
    told = {"city": city, "kid": kid, "withdrawn_at": since, "reason": reason, "written_at": at}
    try:
        with transaction.atomic():
            row = WithdrawnKey.objects.create(**told)
    except IntegrityError:
        raise WithdrawnBefore from None
    record(TransferEntry.KEY_WITHDRAWN, by=by, at=at, reference=city)
    return row
