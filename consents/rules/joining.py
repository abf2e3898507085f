"""What an answer given under an account that is joined to another leads to there: pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from consents.enums import ConsentState
from consents.rules.lifecycle import may_withdraw

_NO = frozenset({ConsentState.REFUSED, ConsentState.WITHDRAWN})


class Follows(StrEnum):
    """Nothing that was held back is used; nothing that was allowed goes on unasked."""

    NOTHING = "nothing"
    ASKED_ANEW = "asked_anew"
    SAID_NO = "said_no"
    TAKEN_BACK = "taken_back"
    ON_HOLD = "on_hold"


@dataclass(frozen=True)
class Stands:
    """An answer, and when it was given."""

    state: ConsentState
    answered_at: datetime | None


def is_no(state: ConsentState) -> bool:
    """Somebody said it, and did not just let it run out."""
    return state in _NO


def what_follows(there: Stands, here: Stands | None) -> Follows:
    """`there`: under the account that goes; `here`: under the one that stays, if it was ever asked."""
    on = here is not None and may_withdraw(here.state)
    if is_no(there.state):
        if here is None:
            return Follows.SAID_NO
        return Follows.TAKEN_BACK if on and _later(there, here) else Follows.NOTHING
    if there.state == ConsentState.SUSPENDED and here is not None and here.state == ConsentState.GIVEN:
        return Follows.ON_HOLD
    was_open = there.state == ConsentState.REQUESTED or may_withdraw(there.state)
    return Follows.ASKED_ANEW if was_open and not on else Follows.NOTHING


def _later(there: Stands, here: Stands) -> bool:
    """Of two answers of one person the last is what they want; of a no without a time it is believed."""
    return there.answered_at is None or here.answered_at is None or there.answered_at >= here.answered_at
