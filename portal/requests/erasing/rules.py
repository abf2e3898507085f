"""What may be erased, from the legal basis of a register: pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from consents.rules.rights import Right, Why, rights_of
from datasources.enums import Basis
from portal.requests.erasing.enums import Can

# A hold that no second person confirms ends by itself.
UNCONFIRMED_FOR = timedelta(days=14)


@dataclass(frozen=True)
class Hold:
    """What the person is told of a hold: its law and its last day, never why it was made."""

    law: str
    until: date


def can_at_source(basis: str, *, system_erases: bool, holds: Iterable[Hold]) -> Can:
    """What an erasure does in the department's own system; `basis` is the letter of GDPR 6(1)."""
    if any(True for _ in holds):
        return Can.HELD
    answer = rights_of(Basis(basis))[Right.ERASE]
    if not answer.may_ask or answer.why is Why.ERASE_NOT_WHILE_LAW:
        # No system is asked. Whoever holds that it was kept too long asks a person.
        return Can.STAYS
    # What goes when it is no longer needed: a system that erases refuses while it is, and says why.
    return Can.GOES if system_erases else Can.ASKED
