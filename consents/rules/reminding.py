"""When a person is reminded that a permission ends."""

from datetime import datetime, timedelta

# The longest first. Of sensitive data a second time, shortly before.
FIRST, SECOND = timedelta(days=30), timedelta(days=7)


def due_reminder(valid_from: datetime, valid_until: datetime, *, special: bool, at: datetime) -> timedelta | None:
    """How long before the end the reminder that is due now stands; None when none is.

    A permission shorter than the reminder's distance is not reminded of at its very beginning. `special`: the purpose
    uses data of special categories (GDPR 9), health among them.
    """
    if at >= valid_until:
        return None
    for before in (SECOND, FIRST) if special else (FIRST,):
        if valid_until - before <= at and valid_from <= valid_until - before:
            return before
    return None
