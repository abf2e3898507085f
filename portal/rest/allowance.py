"""How many calls a client has left: one bucket for all processes, kept in Redis and changed by one script at a time.

A bucket holds BURST_SECONDS of calls and fills at the client's rate (a token bucket). A process takes a few calls out
at once and spends them by itself, so that not every call asks Redis; what it took and did not spend lapses. While Redis
is away each process has a bucket of its own with the same rate: it neither refuses everyone nor lets everyone in.
"""

import math
import time
from dataclasses import dataclass
from uuid import UUID

from redis import Redis

from portal.throttle import reach

BURST_SECONDS = 2
# A process holds this part of a second's calls, and for this long.
_SHARE, _HOLDS = 20, 1.0
_MOST_PURSES = 10_000

# KEYS: the bucket. ARGV: calls a second, most calls in the bucket, calls wanted. Answers: calls given, calls left, and
# milliseconds until there is one when none was given.
_TAKE = """
local rate, most, want = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local clock = redis.call('TIME')
local now = clock[1] + clock[2] / 1e6
local held = redis.call('HMGET', KEYS[1], 'left', 'at')
local left, at = tonumber(held[1]) or most, tonumber(held[2]) or now
left = math.min(most, left + math.max(0, now - at) * rate)
local given = math.min(want, math.floor(left))
left = left - given
redis.call('HSET', KEYS[1], 'left', string.format('%.6f', left), 'at', string.format('%.6f', now))
redis.call('PEXPIRE', KEYS[1], math.ceil(1000 * most / rate) + 1000)
return {given, math.floor(left), given > 0 and 0 or math.ceil(1000 * (1 - left) / rate)}
"""


@dataclass(frozen=True, slots=True)
class Verdict:
    """`left`: calls that may follow at once; `wait`: seconds until the next may come, 0 when this one may."""

    left: int
    wait: float = 0.0

    @property
    def allowed(self) -> bool:
        """This call may be made."""
        return not self.wait


@dataclass(slots=True)
class _Purse:
    """Of one client in this process: calls in hand and until when, calls left in the bucket, and when to ask again."""

    spare: int = 0
    spare_until: float = 0.0
    left: int = 0
    refused_until: float = 0.0
    # The bucket of this process, for while Redis is away.
    own_left: float = math.inf
    own_at: float = 0.0


_purses: dict[UUID, _Purse] = {}


def take(client: UUID, rate: int) -> Verdict:
    """One call of a client that may make `rate` calls a second."""
    now, purse = time.monotonic(), _purse(client)
    if purse.spare > 0 and now < purse.spare_until:
        purse.spare -= 1
        return Verdict(purse.left + purse.spare)
    if now < purse.refused_until:
        return Verdict(0, purse.refused_until - now)
    given, left, wait = _asked(client, rate) or _alone(purse, rate, now)
    purse.left = left
    if not given:
        purse.spare, purse.refused_until = 0, now + wait
        return Verdict(0, wait)
    purse.spare, purse.spare_until = given - 1, now + _HOLDS
    return Verdict(left + purse.spare)


def refused_for(client: UUID) -> float:
    """Seconds for which this process knows that a client has no call left; 0 when it would have to look."""
    purse = _purses.get(client)
    return 0.0 if purse is None or purse.spare else max(0.0, purse.refused_until - time.monotonic())


def most_of(rate: int) -> int:
    """How many calls the bucket holds."""
    return rate * BURST_SECONDS


def _purse(client: UUID) -> _Purse:
    if client not in _purses:
        if len(_purses) >= _MOST_PURSES:
            _purses.clear()
        _purses[client] = _Purse()
    return _purses[client]


def _asked(client: UUID, rate: int) -> tuple[int, int, float] | None:
    want = max(1, rate // _SHARE)

    def taken(redis: Redis) -> list[int]:
        # EVAL is cheap enough for one call in `want`, and a Redis that was started anew knows it at once.
        told: list[int] = redis.eval(_TAKE, 1, f"calls:{client}", str(rate), str(most_of(rate)), str(want))
        return told

    told = reach(taken)
    return None if told is None else (told[0], told[1], told[2] / 1000)


def _alone(purse: _Purse, rate: int, now: float) -> tuple[int, int, float]:
    left = min(float(most_of(rate)), purse.own_left + (now - purse.own_at) * rate)
    given = 1 if left >= 1 else 0
    purse.own_left, purse.own_at = left - given, now
    return given, int(left - given), 0.0 if given else (1 - left) / rate
