"""Asking for everything: one request, and a part for each source that can be asked and each register that has none."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from uuid import UUID

from django.utils.timezone import get_current_timezone

from datasources.queries.sources import registers_without_source, sources_to_ask
from portal.jobs.outbox import after_commit
from portal.ledger.actor import Actor
from portal.requests.actions import Asked, make_request
from portal.requests.enums import RequestKind, RequestState
from portal.requests.models import Request
from portal.requests.parts import Planned, plan

# So long a source that does not answer is asked again.
PATIENCE = timedelta(hours=24)


def ask_for_everything(
    person: UUID, *, covers: Callable[[str], bool], language: str, by: Actor, at: datetime
) -> tuple[Request, bool]:
    """(The request, whether it is new), within the person's scope; asked again while it is open, it is the same one.

    `covers`: whether whoever asks may have what this department (slug) holds. GDPR 15 and 20.
    """
    asked = Asked(RequestKind.ALL)
    request, new = make_request(asked, person=person, language=language, by=by, at=at, state=RequestState.WORKING)
    if new:
        sources = [Planned(each.slug, each.department) for each in sources_to_ask() if covers(each.department)]
        taken = {each.source for each in sources}
        by_hand = [
            Planned(slug, department, by_hand=True)
            for slug, department in registers_without_source()
            if covers(department) and slug not in taken
        ]
        plan(request, sources, deadline_at=at + PATIENCE, at=at)
        plan(request, by_hand, deadline_at=_end_of(request), at=at)
        after_commit("pages.make_package", due_at=at, request_id=request.pk)
    return request, new


def _end_of(request: Request) -> datetime:
    return datetime.combine(request.due_on, time(23, 59), get_current_timezone())
