"""How often one address may come: counted in Redis for all processes, and in each process while Redis is away."""

import time
from collections import Counter
from collections.abc import Callable
from functools import lru_cache, wraps

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from redis import Redis
from redis.exceptions import RedisError

from portal.keys.indexes import digest

_WINDOW = 60
_PATIENCE = 0.2
_here: Counter[str] = Counter()

View = Callable[..., HttpResponse]


@lru_cache(maxsize=1)
def _redis() -> Redis:
    return Redis.from_url(settings.REDIS_URL, socket_timeout=_PATIENCE, socket_connect_timeout=_PATIENCE)


def _counted_here(key: str, minute: int) -> int:
    for old in [kept for kept in _here if not kept.endswith(f":{minute}")]:
        del _here[old]
    _here[key] += 1
    return _here[key]


def count(name: str, address: str, *, now: float) -> int:
    """How many times `address` came to `name` in this minute, this time included. The address is kept as a digest."""
    minute = int(now // _WINDOW)
    key = f"throttle:{name}:{digest(address.encode()).hex()[:32]}:{minute}"
    try:
        pipeline = _redis().pipeline()
        pipeline.incr(key)
        pipeline.expire(key, 2 * _WINDOW)
        return int(pipeline.execute()[0])
    except (RedisError, OSError):
        return _counted_here(key, minute)


def limited(name: str) -> Callable[[View], View]:
    """Answer 429 with Retry-After to an address that came more than SIGN_INS_PER_MINUTE times in this minute."""

    def around(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            now = time.time()
            address: str = get_adapter().get_client_ip(request)
            if count(name, address, now=now) <= settings.SIGN_INS_PER_MINUTE:
                return view(request, *args, **kwargs)
            answer = render(request, "pages/sign_in_failed.html", status=429)
            answer["Retry-After"] = str(_WINDOW - int(now % _WINDOW))
            return answer

        return guarded

    return around
