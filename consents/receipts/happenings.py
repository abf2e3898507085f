"""What each event of a permission was, in one word, and in the words of the W3C Data Privacy Vocabulary. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from consents.enums import Cause, ConsentState

S = ConsentState


class Happening(StrEnum):
    """What an event was: its state, told apart where a state is reached in more than one way."""

    REQUESTED = "requested"
    GIVEN = "given"
    CHANGED = "changed"
    RENEWED = "renewed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    TERMINATED = "terminated"
    JOINED = Cause.JOINED.value
    OTHER_ANSWER = Cause.OTHER_ANSWER.value
    PARTED = Cause.PARTED.value
    CLOSED = Cause.CLOSED.value
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    PENDING = "pending"


# An answer, one guardian's yes among them, or its end. A question and a hold are events, but no receipts.
WITH_RECEIPT = frozenset(Happening) - {Happening.REQUESTED, Happening.SUSPENDED, Happening.RESUMED}
# Of these the state alone says so, whatever came before.
NEVER_A_RECEIPT = frozenset({S.REQUESTED, S.SUSPENDED})

# https://w3id.org/dpv, consent status. What another than the person ended is revoked there; a hold has no own word.
DPV_STATE: Mapping[Happening, str] = {
    Happening.REQUESTED: "dpv:ConsentRequested",
    Happening.GIVEN: "dpv:ConsentGiven",
    Happening.CHANGED: "dpv:ConsentGiven",
    Happening.RENEWED: "dpv:RenewedConsentGiven",
    Happening.REFUSED: "dpv:ConsentRefused",
    Happening.WITHDRAWN: "dpv:ConsentWithdrawn",
    Happening.EXPIRED: "dpv:ConsentExpired",
    Happening.SUPERSEDED: "dpv:ConsentRevoked",
    Happening.TERMINATED: "dpv:ConsentRevoked",
    Happening.JOINED: "dpv:ConsentRevoked",
    Happening.OTHER_ANSWER: "dpv:ConsentWithdrawn",
    Happening.PARTED: "dpv:ConsentRevoked",
    Happening.CLOSED: "dpv:ConsentRevoked",
    Happening.SUSPENDED: "dpv:ConsentStatusInvalidForProcessing",
    Happening.RESUMED: "dpv:ConsentGiven",
    Happening.PENDING: "dpv:ConsentStatusInvalidForProcessing",
}


@dataclass(frozen=True)
class Told:
    """One event as its receipt tells it. `fields` reads `dataset.field`; who acted is told by right, never by id.

    `paper`: under which number the scan is kept. `said_right`: by which right whoever was at a desk spoke for another.
    `cause`: why it ended, where the state does not say so.
    """

    number: int
    at: datetime
    state: ConsentState
    text: UUID
    version: int
    sha256: str
    language: str
    fields: tuple[str, ...]
    valid_from: datetime | None
    valid_until: datetime | None
    actor_kind: str
    actor_right: str
    channel: str
    entry: UUID
    paper: str = ""
    said_right: str = ""
    cause: str = ""


def happenings(events: Sequence[Told]) -> Iterator[tuple[Told, Happening]]:
    """Each event, oldest first, with what it was."""
    before: Told | None = None
    for event in events:
        yield event, _what(before, event)
        before = event


def _what(before: Told | None, event: Told) -> Happening:
    if event.state is not S.GIVEN or before is None:
        return Happening(event.cause or event.state.value)
    if before.state is S.SUSPENDED:
        return Happening.RESUMED
    if before.state is not S.GIVEN or before.text != event.text:
        return Happening.GIVEN
    return Happening.CHANGED if before.valid_until == event.valid_until else Happening.RENEWED
