"""Having the sources asked for what they hold now, each by its part alone: one that is silent keeps none waiting."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from uuid import UUID

from datasources.actions.asking import ask_these
from datasources.queries.sources import sources_to_ask
from portal.jobs.outbox import after_commit, is_waiting
from portal.ledger.actor import Actor
from portal.requests.enums import PartState
from portal.requests.models import Part
from portal.requests.parts import beat, finish, put_off, take
from portal.walls import Role, scope

# Why a part is asked again though nobody answered: the source is gone, or is not asked about this person.
NOT_ASKED = "not_asked"
# Seconds after which what is here is packed without whoever is still waited for.
EVERY = 10.0


def gather(
    request: UUID, person: UUID, *, by: Actor, clock: Callable[[], datetime], every: float = EVERY
) -> Iterator[None]:
    """Ask what is due now, side by side, and end each part or put it off. Opens its own scopes.

    Something comes when it is time to pack what is here: while somebody is waited for, `every` so many seconds, and at
    the end. Of a source that is read by night the copies are here already: they count as they are, with their age.
    """
    at = clock()
    with scope(Role.WORKER):
        parts = {part.source: part for part in take(request, at=at)}
        live = {each.slug for each in sources_to_ask() if each.live}
        for source in parts.keys() - live:
            finish(parts.pop(source).pk, PartState.DONE, at=at)
    for faults in ask_these(person, list(parts), by=by, at=at, every=every):
        _end({parts.pop(source): fault for source, fault in faults.items()}, at=at)
        if not faults:
            _keep_hold(parts.values(), at=clock())
            yield
    _end(dict.fromkeys(parts.values(), NOT_ASKED), at=at)
    yield


def _keep_hold(parts: Iterable[Part], *, at: datetime) -> None:
    """Their systems are still waited for: no other worker takes them."""
    with scope(Role.WORKER):
        for part in parts:
            beat(part.pk, at=at)


def _end(faults: Mapping[Part, str], *, at: datetime) -> None:
    """Of these parts, each with its fault, or none."""
    with scope(Role.WORKER):
        for part, fault in faults.items():
            if fault:
                put_off(part, fault=fault, at=at)
            else:
                finish(part.pk, PartState.DONE, at=at)


def ring_for_the_rest(request: UUID, *, at: datetime) -> None:
    """What was put off, or was lost with its worker, is asked when its time comes. Worker's scope."""
    rows = Part.objects.filter(request=request, state__in=[PartState.WAITING, PartState.WORKING])
    due = min((part.leased_until_at or part.due_at for part in rows), default=None)
    if due is not None and not is_waiting("pages.make_package", request_id=request):
        after_commit("pages.make_package", due_at=max(due, at), request_id=request)
