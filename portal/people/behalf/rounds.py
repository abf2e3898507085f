"""The night's round: rights of people who do not come back are asked about again, so that they end when they end."""

from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Min

from portal.keys.errors import KeyDestroyed
from portal.people.behalf.refreshing import refresh_rights
from portal.people.behalf.register import RegisterSilent, in_use
from portal.people.models import ActingRight
from portal.walls import Role, scope

# What was told this long ago is asked about again.
STALE_AFTER = timedelta(days=7)
# One after another, so many a night at the most; after so many silences in a row the register is left in peace.
MOST, SILENCES = 1000, 3


def stale_actors(*, at: datetime, most: int = MOST) -> list[UUID]:
    """People whose rights were told longest ago, a week at the least; within the worker's scope."""
    old = ActingRight.objects.filter(actor_id__isnull=False, told_at__lt=at - STALE_AFTER)
    by_age = old.values("actor_id").annotate(oldest=Min("told_at")).order_by("oldest", "actor_id")
    return [row["actor_id"] for row in by_age[:most] if row["actor_id"]]


def refresh_stale(*, at: datetime, most: int = MOST) -> int:
    """Ask again for whom these people may act; how many were. Each in transactions of their own; opens its scopes.

    The round begins at another of them each night: one about whom the register never answers stops nobody for ever.
    """
    if not in_use():
        return 0
    with scope(Role.WORKER):
        actors = stale_actors(at=at, most=most)
    first = at.toordinal() % len(actors) if actors else 0
    done = silent = 0
    for actor in [*actors[first:], *actors[:first]]:
        try:
            # Whose identity was ended is nobody's guardian here any more, and cannot be asked about.
            with suppress(KeyDestroyed):
                refresh_rights(actor, at=at)
        except RegisterSilent:
            silent += 1
            if silent == SILENCES:
                break
        else:
            done, silent = done + 1, 0
    return done
