"""The life of a consent: what may be done in which state, and what its events add up to.

The events are the truth; the row beside them is what they add up to, and can be made of them anew.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from consents.enums import ConsentState

ASK_AGAIN_AFTER = timedelta(days=183)
# How long a yes waits for the other guardian.
WAITS_FOR = timedelta(days=60)
RENEWABLE_FOR = timedelta(days=60)
MOST_OPEN = 5

S = ConsentState
_OPEN = frozenset({S.REQUESTED, S.REFUSED, S.WITHDRAWN, S.EXPIRED, S.SUPERSEDED})
_ON = frozenset({S.GIVEN, S.SUSPENDED, S.PENDING})


class Act(StrEnum):
    """What can happen to a consent."""

    ASK = "ask"
    GIVE = "give"
    AGREE = "agree"
    CHANGE = "change"
    RENEW = "renew"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"
    SUPERSEDE = "supersede"
    SUSPEND = "suspend"
    RESUME = "resume"
    TERMINATE = "terminate"


_FROM: Mapping[Act, frozenset[ConsentState]] = {
    Act.ASK: frozenset({S.REFUSED, S.WITHDRAWN, S.EXPIRED, S.SUPERSEDED}),
    Act.GIVE: _OPEN,
    # The yes of another guardian: half given becomes given.
    Act.AGREE: frozenset({S.PENDING}),
    Act.CHANGE: frozenset({S.GIVEN}),
    Act.RENEW: frozenset({S.GIVEN}),
    # One no is a no, also to what another guardian allowed.
    Act.REFUSE: _OPEN | {S.PENDING},
    Act.WITHDRAW: _ON,
    Act.EXPIRE: _ON,
    Act.SUPERSEDE: frozenset({S.GIVEN, S.SUSPENDED, S.PENDING}),
    Act.SUSPEND: frozenset({S.GIVEN}),
    Act.RESUME: frozenset({S.SUSPENDED}),
    Act.TERMINATE: frozenset(S) - {S.TERMINATED},
}


@dataclass(frozen=True)
class Happened:
    """One event: how the consent stood after it. `fields` reads `dataset.field`."""

    at: datetime
    state: ConsentState
    text: UUID
    datasets: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    valid_from: datetime | None = None
    valid_until: datetime | None = None


@dataclass(frozen=True)
class Standing:
    """How a consent stands. What is not on covers nothing, from no day and until none."""

    state: ConsentState
    text: UUID
    requested_at: datetime
    answered_at: datetime | None = None
    datasets: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    withdrawn_at: datetime | None = None


def may(act: Act, state: ConsentState) -> bool:
    """Whether this can be done to a consent that stands so."""
    return state in _FROM[act]


def may_answer(state: ConsentState, *, asked_anew: bool = False) -> bool:
    """A question is open: it waits, for another guardian too, was refused, taken back or ran out; or is asked anew.

    Anew: its text was changed since the yes, or a guardian said yes and the young person now decides.
    """
    return may(Act.GIVE, state) or may(Act.AGREE, state) or (asked_anew and state is ConsentState.GIVEN)


def may_withdraw(state: ConsentState) -> bool:
    """Only what is on, on hold or half given can be taken back."""
    return may(Act.WITHDRAW, state)


def may_ask_again(state: ConsentState, answered_at: datetime | None, *, at: datetime) -> bool:
    """A no and a taking back rest for six months; what is on is not asked at all."""
    if state in {ConsentState.REFUSED, ConsentState.WITHDRAWN}:
        return answered_at is None or at >= answered_at + ASK_AGAIN_AFTER
    return may(Act.ASK, state)


def may_renew(state: ConsentState, valid_until: datetime | None, *, at: datetime) -> bool:
    """In the last sixty days: earlier, nobody needs to think of it."""
    if not may(Act.RENEW, state) or valid_until is None:
        return False
    return valid_until - RENEWABLE_FOR <= at < valid_until


def not_before(at: datetime, *earlier: datetime | None) -> datetime:
    """The moment of a new event. A clock that was set back makes no event older than the one before it."""
    return max([at, *(each for each in earlier if each is not None)])


def standing_of(events: Iterable[Happened]) -> Standing:
    """What the events, oldest first, add up to. ValueError when there are none, or the first is no question."""
    standing: Standing | None = None
    for event in events:
        standing = _after(standing, event)
    if standing is None:
        raise ValueError("A consent begins with its question.")
    return standing


def _after(before: Standing | None, event: Happened) -> Standing:
    if event.state is ConsentState.REQUESTED:
        answered_at = before.answered_at if before else None
        return Standing(event.state, event.text, event.at, answered_at)
    if before is None:
        raise ValueError("A consent begins with its question.")
    plain = Standing(event.state, event.text, before.requested_at, event.at)
    if event.state is ConsentState.WITHDRAWN:
        return replace(plain, withdrawn_at=event.at)
    if event.state not in _ON:
        return plain
    covers = replace(
        plain,
        datasets=event.datasets,
        fields=event.fields,
        valid_from=event.valid_from,
        valid_until=event.valid_until,
    )
    # On hold and on again: the answer is as old as it was.
    on_hold = ConsentState.SUSPENDED in {before.state, event.state}
    return replace(covers, answered_at=before.answered_at) if on_hold else covers
