"""Ends that no resident makes: by time, by another text, by the city; and being put on hold."""

from datetime import datetime
from uuid import UUID

from consents.actions.traces import cover_nothing, held, leave_traces, moment
from consents.enums import ConsentState
from consents.errors import NotOn
from consents.kinds import ConsentEntry
from consents.models import Consent
from consents.rules.lifecycle import Act, may, may_withdraw
from portal.ledger.actor import Actor

_BATCH = 1000


def expire_due(*, by: Actor, at: datetime, batch: int = _BATCH) -> int:
    """End what ran out, at most `batch`, within the worker's scope; how many. The check never waits for this."""
    on = [state for state in ConsentState if may(Act.EXPIRE, state)]
    due = Consent.objects.filter(state__in=on, valid_until__lte=at).order_by("valid_until")
    ended = 0
    for consent in map(held, due.values_list("pk", flat=True)[:batch]):
        ran_out = consent.valid_until is not None and consent.valid_until <= at
        if ran_out and may(Act.EXPIRE, ConsentState(consent.state)):
            end_answer(consent, ConsentState.EXPIRED, by=by, at=at)
            ended += 1
    return ended


def suspend(consent: UUID, *, by: Actor, at: datetime) -> Consent:
    """Put what is on on hold (restriction, GDPR 18): nothing may be used, nothing is forgotten. NotOn."""
    return _hold(consent, Act.SUSPEND, ConsentState.SUSPENDED, ConsentEntry.SUSPENDED, by=by, at=at)


def resume(consent: UUID, *, by: Actor, at: datetime) -> Consent:
    """On again, just as it was and until the same day. NotOn."""
    return _hold(consent, Act.RESUME, ConsentState.GIVEN, ConsentEntry.RESUMED, by=by, at=at)


def _hold(consent: UUID, act: Act, state: ConsentState, entry: ConsentEntry, *, by: Actor, at: datetime) -> Consent:
    current = held(consent)
    if current.state == state:
        return current
    if not may(act, ConsentState(current.state)):
        raise NotOn
    current.state = state
    leave_traces(entry, current, by=by, at=moment(current, at=at))
    return current


def end_all_of(person: UUID, kind: ConsentEntry, *, by: Actor, at: datetime) -> int:
    """Terminate whatever of this person's is on, on hold, half given or waits for an answer; how many. Worker's scope.

    `kind`: the entry of each, which tells what became of the account. Those who got data hear of each as of any end.
    """
    living = [ConsentState.REQUESTED, *(state for state in ConsentState if may_withdraw(state))]
    rows = Consent.objects.filter(person_id=person, state__in=living).order_by("pk").values_list("pk", flat=True)
    ended = list(map(held, rows))
    for consent in ended:
        last = moment(consent, at=at)
        cover_nothing(consent, ConsentState.TERMINATED, at=last)
        leave_traces(kind, consent, by=by, at=last)
    return len(ended)


_ENDS = {
    ConsentState.EXPIRED: ConsentEntry.EXPIRED,
    ConsentState.SUPERSEDED: ConsentEntry.SUPERSEDED,
    ConsentState.TERMINATED: ConsentEntry.TERMINATED,
}


def end_answer(consent: Consent, state: ConsentState, *, by: Actor, at: datetime) -> None:
    """Expired, superseded or terminated: it covers nothing any more. The caller holds the row and knows it may."""
    at = moment(consent, at=at)
    cover_nothing(consent, state, at=at)
    leave_traces(_ENDS[state], consent, by=by, at=at)
