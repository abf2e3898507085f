"""How often one came in this minute: counted in Redis for all processes, and in each process while Redis is away."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeVar

from django.conf import settings
from django.utils.crypto import salted_hmac
from redis import Redis
from redis.exceptions import RedisError

T = TypeVar("T")

WINDOW = 60
_PATIENCE = 0.2
_LEAVE_ALONE = 5.0


@lru_cache(maxsize=1)
def _redis() -> Redis:
    return Redis.from_url(settings.REDIS_URL, socket_timeout=_PATIENCE, socket_connect_timeout=_PATIENCE)


@dataclass
class _Tally:
    """Of one caller in one minute: what Redis last said of all processes, and what it has not been told."""

    known: int = 0
    untold: int = 0


@dataclass
class _Minute:
    """What this process knows of the minute that runs; a Redis that did not answer is left alone for a while."""

    number: int = -1
    tallies: dict[str, _Tally] = field(default_factory=dict)
    away_until: float = 0.0


_running = _Minute()


def reach(ask: Callable[[Redis], T]) -> T | None:
    """What `ask` is told by Redis; None while it is away, and for a while after it did not answer."""
    if time.monotonic() < _running.away_until:
        return None
    try:
        return ask(_redis())
    except (RedisError, OSError):
        _running.away_until = time.monotonic() + _LEAVE_ALONE
        return None


def _tell(key: str, tally: _Tally) -> None:
    def counted(redis: Redis) -> int:
        pipeline = redis.pipeline()
        pipeline.incrby(key, tally.untold)
        pipeline.expire(key, 2 * WINDOW)
        return int(pipeline.execute()[0])

    if (known := reach(counted)) is not None:
        tally.known, tally.untold = known, 0


def count(name: str, who: str, *, now: float, step: int = 1) -> int:
    """How many times `who` (an address, a client) came to `name` in this minute, this time included.

    Redis is told of every `step` times at once: other processes' latest are then missing from the answer, at most
    `step` each. `who` is kept as a digest only.
    """
    minute = int(now // WINDOW)
    if minute != _running.number:
        _running.number, _running.tallies = minute, {}
    key = f"throttle:{name}:{salted_hmac('throttle', who).hexdigest()[:32]}:{minute}"
    tally = _running.tallies.setdefault(key, _Tally())
    tally.untold += 1
    if tally.untold >= step:
        _tell(key, tally)
    return tally.known + tally.untold


def wait(now: float) -> int:
    """Seconds until a new minute is counted."""
    return WINDOW - int(now % WINDOW)
