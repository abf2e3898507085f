"""How a department system is, in one word, from what its readings left on it."""

from datetime import datetime, time, timedelta
from enum import Enum

# A night may fail once and nobody needs to hear of it; two in a row are told.
OVERDUE_AFTER = timedelta(hours=50)


class Health(Enum):
    """WELL: read lately. FAILING: the last readings failed. OVERDUE: not read for two nights. NEVER: not read yet.

    OFF: switched off.
    """

    WELL = "well"
    FAILING = "failing"
    OVERDUE = "overdue"
    NEVER = "never"
    OFF = "off"


def health_of(
    *,
    switched_on: bool,
    failures: int,
    last_success_at: datetime | None,
    at: datetime,
    overdue_after: timedelta = OVERDUE_AFTER,
) -> Health:
    """The first of these that is so: off, failing, never read, overdue, well."""
    if not switched_on:
        return Health.OFF
    if failures:
        return Health.FAILING
    if last_success_at is None:
        return Health.NEVER
    return Health.OVERDUE if at - last_success_at > overdue_after else Health.WELL


def may_begin_at(at: datetime, *, quiet_from: time | None, quiet_until: time | None) -> datetime:
    """When a reading that is due at this moment may begin; `at` in the local time of the quiet hours.

    The hours may reach over midnight; without both ends there are none.
    """
    if quiet_from is None or quiet_until is None or quiet_from == quiet_until:
        return at
    now = at.time()
    over_midnight = quiet_from > quiet_until
    quiet = now >= quiet_from or now < quiet_until if over_midnight else quiet_from <= now < quiet_until
    if not quiet:
        return at
    end = at.replace(hour=quiet_until.hour, minute=quiet_until.minute, second=0, microsecond=0)
    return end if now < quiet_until else end + timedelta(days=1)
