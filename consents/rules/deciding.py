"""May this be used: one function over loaded facts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, partial
from uuid import UUID

from msgspec import Struct

from consents.enums import ConsentState, OutsideReason, Reason

CONSENT_BASIS = "a"

_REASON_OF = {
    ConsentState.REQUESTED: Reason.NO_CONSENT,
    ConsentState.REFUSED: Reason.REFUSED,
    ConsentState.WITHDRAWN: Reason.WITHDRAWN,
    ConsentState.EXPIRED: Reason.EXPIRED,
    ConsentState.SUPERSEDED: Reason.SUPERSEDED,
    ConsentState.SUSPENDED: Reason.RESTRICTED,
    ConsentState.TERMINATED: Reason.NOT_IN_SCOPE,
    ConsentState.PENDING: Reason.PENDING,
}
# What strangers may not tell apart looks alike outside: a no that was never asked, one that was given, one in waiting.
_OUTSIDE = {Reason(reason.value): reason for reason in OutsideReason}
_UNTOLD = {Reason.REFUSED, Reason.PENDING, Reason.NOT_AVAILABLE}


@dataclass(frozen=True, slots=True)
class PurposeFacts:
    """What a decision needs to know of a purpose: `fields` is `{dataset: fields}` that it may use at the most.

    `donation`: data that is given for the common good.
    """

    slug: str
    basis: str
    recipient: str
    fields: dict[str, tuple[str, ...]]
    closed: bool = False
    donation: bool = False


class Cover(Struct, frozen=True, eq=False, gc=False):
    """What an answer says, which thousands say alike; `fields` reads `dataset.field`. Compared by identity."""

    state: ConsentState
    datasets: tuple[str, ...]
    fields: tuple[str, ...]


class ConsentFacts(Struct, frozen=True, gc=False):
    """What a decision needs to know of an answer."""

    id: UUID
    cover: Cover
    valid_from: datetime | None
    valid_until: datetime | None


class Hold(Struct, frozen=True, gc=False):
    """What the person has had held back: these datasets, or every one; `reason` is `restricted` or `objected`."""

    reason: Reason
    datasets: tuple[str, ...] | None = None


Holds = Sequence[Hold]


class Decision(Struct, frozen=True, gc=False):
    """May this be used, and why; `fields` are those of the dataset that may. It is alike for all who stand alike."""

    allowed: bool
    reason: Reason
    basis: str | None = None
    fields: tuple[str, ...] = ()


def decide(
    purpose: PurposeFacts,
    dataset: str,
    *,
    recipient: str,
    held: bool,
    consent: ConsentFacts | None,
    holds: Holds,
    at: datetime,
) -> Decision:
    """May `recipient` use `dataset` of this person for `purpose` at `at`? Whatever is unknown or unclear means no.

    `held`: the person is known here and may be told of. `holds`: what they have had held back for this purpose; it
    turns a yes into a no, and tells nothing where the answer is no without it.
    Source: GDPR 6(1), 7, 18, 21; 621/1999 26 §.
    """
    told = _on_its_basis(purpose, dataset, recipient=recipient, held=held, consent=consent, at=at)
    back = [hold.reason for hold in holds if hold.datasets is None or dataset in hold.datasets]
    if not (told.allowed and back):
        return told
    return Decision(allowed=False, reason=Reason.OBJECTED if Reason.OBJECTED in back else Reason.RESTRICTED)


def _on_its_basis(
    purpose: PurposeFacts,
    dataset: str,
    *,
    recipient: str,
    held: bool,
    consent: ConsentFacts | None,
    at: datetime,
) -> Decision:
    if purpose.closed or purpose.recipient != recipient or dataset not in purpose.fields:
        return Decision(allowed=False, reason=Reason.NOT_IN_SCOPE)
    if purpose.basis != CONSENT_BASIS:
        return _by_law(purpose, dataset, held=held)
    if not held:
        return Decision(allowed=False, reason=Reason.NOT_AVAILABLE)
    if consent is None:
        return Decision(allowed=False, reason=Reason.NO_CONSENT)
    return _by_consent(purpose, dataset, consent, at)


def _by_law(purpose: PurposeFacts, dataset: str, *, held: bool) -> Decision:
    if not held:
        return Decision(allowed=False, reason=Reason.NOT_IN_SCOPE)
    return Decision(allowed=True, reason=Reason.ALLOWED_BY_LAW, basis=purpose.basis, fields=purpose.fields[dataset])


def _by_consent(purpose: PurposeFacts, dataset: str, consent: ConsentFacts, at: datetime) -> Decision:
    cover = consent.cover
    if cover.state is not ConsentState.GIVEN:
        return Decision(allowed=False, reason=_REASON_OF.get(cover.state, Reason.NO_CONSENT))
    # Independent of the job that expires consents: a late job never makes an old yes a yes.
    if (when := _when(consent, at)) is not _NOW:
        return Decision(allowed=False, reason=Reason.EXPIRED if when is _OVER else Reason.NO_CONSENT)
    if dataset not in cover.datasets:
        return Decision(allowed=False, reason=Reason.NO_CONSENT)
    fields = _covered(dataset, purpose.fields[dataset], cover.fields)
    return Decision(True, Reason.ALLOWED_BY_CONSENT, purpose.basis, fields)  # noqa: FBT003


def decide_many(
    purpose: PurposeFacts,
    datasets: Sequence[str],
    consents: Sequence[ConsentFacts | None],
    holds: Mapping[int, Holds],
    *,
    recipient: str,
    at: datetime,
) -> list[tuple[Decision, ...]]:
    """`decide` for people who are held, one tuple a person with one decision a dataset, in the order asked.

    Those whose answers say the same, and are as much in force at `at`, stand alike: what they may is worked out for
    the first of them, and all have the very same tuple. `holds` is {place among the people: what they have had held
    back}, of the few who have; each of them stands alone.
    """

    def worked_out(consent: ConsentFacts | None, holds: Holds = ()) -> tuple[Decision, ...]:
        told = partial(decide, recipient=recipient, held=True, consent=consent, holds=holds, at=at)
        return tuple([told(purpose, slug) for slug in datasets])

    never, alike, found = worked_out(None), dict[tuple[Cover, int], tuple[Decision, ...]](), []
    for consent in consents:
        if consent is None:
            found.append(never)
            continue
        standing = consent.cover, _when(consent, at)
        if (told := alike.get(standing)) is None:
            told = alike[standing] = worked_out(consent)
        found.append(told)
    for place, held_back in holds.items():
        found[place] = worked_out(consents[place], held_back)
    return found


_OVER, _NOT_YET, _NOW = range(3)


def _when(consent: ConsentFacts, at: datetime) -> int:
    """Whether `at` lies behind, before or within the days of an answer; one without days is over."""
    begins, ends = consent.valid_from, consent.valid_until
    if begins is None or ends is None or at >= ends:
        return _OVER
    return _NOT_YET if at < begins else _NOW


# Thousands of people answer in a few ways.
@lru_cache(maxsize=1024)
def _covered(dataset: str, used: tuple[str, ...], fields: tuple[str, ...]) -> tuple[str, ...]:
    """Of the fields that are used, in their order, those that the answer names."""
    covered = {name.removeprefix(f"{dataset}.") for name in fields if name.startswith(f"{dataset}.")}
    return tuple(name for name in used if name in covered)


def outside(decision: Decision, *, basis: str) -> OutsideReason:
    """The reason as a department may know it."""
    if decision.reason in _UNTOLD:
        untold_is_out = basis != CONSENT_BASIS and decision.reason is Reason.NOT_AVAILABLE
        return OutsideReason.NOT_IN_SCOPE if untold_is_out else OutsideReason.NO_CONSENT
    return _OUTSIDE[decision.reason]
