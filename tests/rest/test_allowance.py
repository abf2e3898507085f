"""How often a client may call: over all processes, with Redis and without."""

import threading
import time
from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from django.conf import LazySettings

from portal import throttle
from portal.rest import allowance
from portal.rest.allowance import BURST_SECONDS, refused_for, take


def another_process() -> None:
    """As one that has just begun."""
    allowance._purses.clear()
    throttle._redis.cache_clear()
    throttle._running.away_until = 0.0


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    another_process()
    yield
    another_process()


@pytest.fixture
def away(settings: LazySettings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"


def let(client: UUID, rate: int, times: int) -> int:
    return sum(take(client, rate).allowed for _ in range(times))


def test_a_burst_is_let_and_then_as_many_as_come_in_time() -> None:
    client = uuid4()
    began = time.monotonic()
    burst = let(client, 50, 400)
    refused = take(client, 50)
    took = time.monotonic() - began
    assert BURST_SECONDS * 50 <= burst <= BURST_SECONDS * 50 + 50 * took + 1
    assert 0 < refused.wait <= 1 / 50
    time.sleep(0.4)
    assert 15 <= let(client, 50, 400) <= 25


def test_processes_share_one_bucket() -> None:
    client, began, found = uuid4(), time.monotonic(), []
    for _ in range(4):
        found.append(let(client, 20, 30))
        another_process()
    most = BURST_SECONDS * 20 + 20 * (time.monotonic() - began) + 1
    # What a process took and did not spend lapses: at most a twentieth of a second's calls each time.
    assert BURST_SECONDS * 20 - 4 <= sum(found) <= most


def test_threads_that_take_at_once_take_no_more_than_there_is() -> None:
    client, began = uuid4(), time.monotonic()
    found: list[int] = []
    threads = [threading.Thread(target=lambda: found.append(let(client, 100, 200))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(found) <= BURST_SECONDS * 100 + 100 * (time.monotonic() - began) + 8


def test_clients_do_not_share() -> None:
    one, other = uuid4(), uuid4()
    let(one, 1, 10)
    assert (take(one, 1).allowed, take(other, 1).allowed) == (False, True)


def test_a_slow_client_waits_its_second() -> None:
    client = uuid4()
    assert let(client, 1, 5) == BURST_SECONDS
    assert 0.5 < take(client, 1).wait <= 1.0
    assert 0.5 < refused_for(client) <= 1.0


def test_what_is_left_goes_down() -> None:
    client = uuid4()
    left = [take(client, 5).left for _ in range(4)]
    assert left == [9, 8, 7, 6]


@pytest.mark.usefixtures("away")
def test_without_redis_a_process_neither_refuses_nor_opens_wide() -> None:
    client, began = uuid4(), time.monotonic()
    found = let(client, 50, 400)
    assert BURST_SECONDS * 50 <= found <= BURST_SECONDS * 50 + 50 * (time.monotonic() - began) + 1
    time.sleep(0.2)
    assert 7 <= let(client, 50, 100) <= 14


def test_when_redis_is_back_it_counts_again(settings: LazySettings) -> None:
    client, there = uuid4(), settings.REDIS_URL
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert let(client, 5, 20) >= 5 * BURST_SECONDS
    settings.REDIS_URL = there
    another_process()
    let(client, 5, 20)
    another_process()
    assert take(client, 5).allowed is False


def test_the_bucket_is_forgotten_once_it_is_full_again() -> None:
    client = uuid4()
    take(client, 10)
    life = throttle._redis().pttl(f"calls:{client}")
    assert 2000 < life <= 1000 * (BURST_SECONDS + 1)
