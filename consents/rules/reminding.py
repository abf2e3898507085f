"""When a person is reminded that a permission ends."""

from collections.abc import Iterable
from datetime import datetime, timedelta

# No purpose reminds earlier: a permission is renewed in its last sixty days.
EARLIEST = timedelta(days=60)


def due_reminder(valid_from: datetime, valid_until: datetime, *, days: Iterable[int], at: datetime) -> int | None:
    """How many days before the end the reminder stands that is due now, of the purpose's `days`; None when none is.

    A permission shorter than the reminder's distance is not reminded of at its very beginning. Of several that are due
    the latest: who was not reminded in time is reminded once.
    """
    if at >= valid_until:
        return None
    for before in sorted(days):
        begins = valid_until - timedelta(days=before)
        if begins <= at and valid_from <= begins:
            return before
    return None
