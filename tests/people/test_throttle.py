"""How often one address may try to sign in."""

from collections.abc import Iterator

import pytest
import time_machine
from django.conf import LazySettings
from django.test import Client

from portal import throttle

MINUTE = 1_772_452_800


@pytest.fixture(autouse=True)
def counted_from_nought() -> Iterator[None]:
    forget()
    yield
    forget()


def forget() -> None:
    """As a process that has just begun."""
    throttle._redis.cache_clear()
    throttle._running.number, throttle._running.away_until = -1, 0.0


def answers(times: int, address: str = "192.0.2.7") -> list[tuple[int, str]]:
    browser = Client(HTTP_HOST="127.0.0.1", REMOTE_ADDR=address)
    got = [browser.post("/sign-in/suomifi/") for _ in range(times)]
    return [(answer.status_code, answer.headers.get("Retry-After", "")) for answer in got]


@pytest.mark.security("V2.4.1")
@pytest.mark.parametrize("redis", ["there", "away"])
def test_the_hundred_and_first_try_in_a_minute_is_told_to_wait(redis: str, settings: LazySettings, db: None) -> None:
    moment = MINUTE + 15
    if redis == "away":
        settings.REDIS_URL, moment = "redis://127.0.0.1:1/0", moment + 600
    with time_machine.travel(moment, tick=False) as clock:
        for _ in range(98):
            throttle.count("sign-in", "192.0.2.7", now=moment)
        assert answers(2)[-1] == (302, "")
        assert answers(1) == [(429, "45")]
        assert answers(1, "192.0.2.8") == [(302, "")]
        clock.shift(60)
        assert answers(1) == [(302, "")]


def test_the_address_is_not_kept_in_clear(db: None) -> None:
    throttle.count("sign-in", "192.0.2.99", now=MINUTE)
    keys = throttle._redis().keys("throttle:*")
    assert [key for key in keys if b"192.0.2" in key] == []


def test_two_processes_count_together_and_a_step_at_a_time() -> None:
    now = float(MINUTE + 3600)
    here = [throttle.count("api", "one", now=now, step=5) for _ in range(5)]
    forget()
    there = [throttle.count("api", "one", now=now, step=5) for _ in range(5)]
    assert (here, there) == ([1, 2, 3, 4, 5], [1, 2, 3, 4, 10])


def test_what_was_counted_while_redis_was_away_is_told_when_it_is_back(settings: LazySettings) -> None:
    now, there = float(MINUTE + 7200), settings.REDIS_URL
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    away = [throttle.count("api", "two", now=now) for _ in range(3)]
    settings.REDIS_URL = there
    throttle._redis.cache_clear()
    throttle._running.away_until = 0.0
    back = throttle.count("api", "two", now=now)
    forget()
    assert (away, back, throttle.count("api", "two", now=now)) == ([1, 2, 3], 4, 5)


@pytest.mark.security("V4.1.3")
def test_behind_a_proxy_each_comes_from_an_address_of_their_own(settings: LazySettings, db: None) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT, settings.SIGN_INS_PER_MINUTE = 1, 1
    browser = Client(HTTP_HOST="127.0.0.1", REMOTE_ADDR="10.0.0.1")
    with time_machine.travel(MINUTE + 10_800, tick=False):
        came = ["198.51.100.1", "198.51.100.2", "203.0.113.9, 198.51.100.1"]
        got = [browser.post("/sign-in/suomifi/", headers={"X-Forwarded-For": address}) for address in came]
    assert [answer.status_code for answer in got] == [302, 302, 429]
