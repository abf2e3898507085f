"""What may be erased, from the legal basis of a register: pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from portal.requests.erasing.enums import Can

# A hold that no second person confirms ends by itself.
UNCONFIRMED_FOR = timedelta(days=14)
# GDPR 17(1)(b) and (d): what rests on a permission goes. What rests on a contract or vital interests goes when it is no
# longer needed, which a person finds out. What the law or a public task requires stays: 17(3)(b).
_GOES, _ASKED = frozenset("af"), frozenset("bd")


@dataclass(frozen=True)
class Hold:
    """What the person is told of a hold: its law and its last day, never why it was made."""

    law: str
    until: date


def can_at_source(basis: str, *, system_erases: bool, holds: Iterable[Hold]) -> Can:
    """What an erasure does in the department's own system; `basis` is the letter of GDPR 6(1)."""
    if any(True for _ in holds):
        return Can.HELD
    if basis in _GOES:
        return Can.GOES if system_erases else Can.ASKED
    return Can.ASKED if basis in _ASKED else Can.STAYS


def hold_ends_at(made_at: datetime, confirmed_at: datetime | None) -> datetime | None:
    """When a hold that was not confirmed ends; None where its own day counts."""
    return made_at + UNCONFIRMED_FOR if confirmed_at is None else None
