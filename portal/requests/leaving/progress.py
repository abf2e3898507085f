"""How far a package is while it is being made: its transaction is seen by nobody before its end, so Redis is told."""

from uuid import UUID

from portal.throttle import reach

# Seconds; a package is made in less, or not at all.
_TOLD_FOR = 900


def note_made(request: UUID, items: int) -> None:
    """So many items are packed. Redis may be away: nothing depends on it."""
    reach(lambda redis: redis.set(_name(request), items, ex=_TOLD_FOR))


def made_so_far(request: UUID) -> int:
    """Items packed; 0 where nobody told."""
    told = reach(lambda redis: redis.get(_name(request)))
    return int(told) if isinstance(told, bytes | str | int) else 0


def _name(request: UUID) -> str:
    return f"leaving:{request}"
