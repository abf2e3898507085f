"""What may be erased, from the legal basis of a register: pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from portal.requests.erasing.enums import Can

# A hold that no second person confirms ends by itself.
UNCONFIRMED_FOR = timedelta(days=14)
# What rests on a permission or a legitimate interest goes (GDPR 17(1)(b), (c)). What rests on a contract or on vital
# interests goes when it is no longer needed (17(1)(a)): a system that erases refuses while it is, with its reasons.
# What the law or a public task requires stays (17(3)(b)): there no system is asked.
_STAYS = frozenset("ce")


@dataclass(frozen=True)
class Hold:
    """What the person is told of a hold: its law and its last day, never why it was made."""

    law: str
    until: date


def can_at_source(basis: str, *, system_erases: bool, holds: Iterable[Hold]) -> Can:
    """What an erasure does in the department's own system; `basis` is the letter of GDPR 6(1)."""
    if any(True for _ in holds):
        return Can.HELD
    if basis in _STAYS:
        return Can.STAYS
    return Can.GOES if system_erases else Can.ASKED
