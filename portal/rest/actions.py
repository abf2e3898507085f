"""What is done about clients and their calls."""

from datetime import datetime

from portal.ledger.actor import Actor
from portal.rest.models import Reply, UsedAssertion


def tidy(*, by: Actor, at: datetime, batch: int = 5000) -> int:
    """Forget at most `batch` replies and used assertions that have expired, within the worker's scope; how many."""
    gone = 0
    for model in (Reply, UsedAssertion):
        old = model._default_manager.filter(expires_at__lt=at).order_by("expires_at").values_list("pk", flat=True)
        gone += model._default_manager.filter(pk__in=list(old[:batch])).delete()[0]
    return gone
