"""When a source that fails is left alone."""

from datetime import datetime, timedelta
from enum import Enum

OPENS_AFTER = 5
COOLS_FOR = timedelta(seconds=60)


class Circuit(Enum):
    """CLOSED: ask. OPEN: leave it alone. HALF_OPEN: one may try."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half open"


def circuit(opened_at: datetime | None, *, at: datetime) -> Circuit:
    """The state now of a circuit that opened then."""
    if opened_at is None:
        return Circuit.CLOSED
    return Circuit.OPEN if at - opened_at < COOLS_FOR else Circuit.HALF_OPEN
