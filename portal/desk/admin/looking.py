"""What staff look at in the back office is written down, whoever they are and whatever they change."""

from typing import Any

from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from portal.desk.kinds import BackOfficeEntry
from portal.ledger.actions import record
from portal.people.actors import actor_of
from portal.staff.looks import looked


@receiver(looked, dispatch_uid="desk.write_down")
def write_down(*, request: HttpRequest, **_: Any) -> None:
    """Which page and which row of it; never what was searched for."""
    match = request.resolver_match
    if match is None:
        return
    row = match.kwargs.get("object_id") or match.kwargs.get("pk") or ""
    by = actor_of(request)
    counts = {"page": match.url_name or "", "row": str(row)[:60]}
    record(BackOfficeEntry.LOOKED, by=by, at=timezone.now(), department=by.unit, counts=counts)
