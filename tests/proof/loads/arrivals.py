"""Requests that come when they come: an answer that is late delays no other, and counts from when it was due."""

import asyncio
import math
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import httpx2

LONGEST_SECONDS = 10.0
# Whoever comes in time is served before this many are waiting.
_MOST_AT_ONCE = 400
NO_ANSWER = 0


@dataclass(frozen=True)
class Seen:
    """One request: its status (NO_ANSWER when there was none), and seconds from when it was due to its answer."""

    status: int
    seconds: float
    retry_after: str = ""


@dataclass(frozen=True)
class Figures:
    """Milliseconds at the median, the 95th and the 99th of a hundred, and at worst."""

    count: int
    p50: float
    p95: float
    p99: float
    worst: float


Send = Callable[[int], Awaitable[httpx2.Response]]


def client(base: str) -> httpx2.AsyncClient:
    """Follows nothing, and asks no proxy."""
    limits = httpx2.Limits(max_connections=_MOST_AT_ONCE, max_keepalive_connections=16)
    return httpx2.AsyncClient(base_url=base, timeout=LONGEST_SECONDS, limits=limits, trust_env=False)


async def arrive(send: Send, *, per_second: float, seconds: float) -> list[Seen]:
    """`per_second` * `seconds` requests, evenly, whatever becomes of those before."""
    began = asyncio.get_running_loop().time()
    due = [began + number / per_second for number in range(round(per_second * seconds))]
    return await asyncio.gather(*(_one(send, number, at) for number, at in enumerate(due)))


async def _one(send: Send, number: int, due: float) -> Seen:
    clock = asyncio.get_running_loop().time
    await asyncio.sleep(max(0.0, due - clock()))
    try:
        answer = await send(number)
    except httpx2.HTTPError:
        return Seen(NO_ANSWER, clock() - due)
    return Seen(answer.status_code, clock() - due, answer.headers.get("Retry-After", ""))


def figures(seen: Sequence[Seen]) -> Figures:
    """Of these requests, which are at least one."""
    sorted_ms = sorted(each.seconds * 1000 for each in seen)

    def at(part: float) -> float:
        return sorted_ms[math.ceil(part * len(sorted_ms)) - 1]

    return Figures(len(sorted_ms), at(0.5), at(0.95), at(0.99), sorted_ms[-1])


def told(name: str, seen: Sequence[Seen]) -> Figures:
    """The figures, printed as a line of the table."""
    found, statuses = figures(seen), Counter(each.status for each in seen)
    answers = ", ".join(f"{count} x {status or 'no answer'}" for status, count in sorted(statuses.items()))
    times = f"{found.p50:8.0f} {found.p95:8.0f} {found.p99:8.0f} {found.worst:8.0f}"
    print(f"{time.strftime('%H:%M:%S')}  {name:<28} {found.count:6} {times}  {answers}", flush=True)
    return found


HEADER = f"{'':8}  {'load':<28} {'count':>6} {'p50 ms':>8} {'p95 ms':>8} {'p99 ms':>8} {'worst':>8}  answers"


def all_are(status: int, seen: Sequence[Seen], what: str) -> None:
    """AssertionError with what came instead."""
    others = Counter(each.status for each in seen if each.status != status)
    assert not others, f"{what}: answers other than {status}: {dict(others)}"


async def in_time(name: str, load: Callable[[], Awaitable[list[Seen]]], *, p95: float, p99: float) -> Figures:
    """The figures of `load`, all of it answered 200 and within these milliseconds; AssertionError otherwise."""
    seen = await load()
    found = told(name, seen)
    all_are(200, seen, name)
    late = f"{name}: p95 {found.p95:.0f} (bar {p95:.0f}), p99 {found.p99:.0f} (bar {p99:.0f}) ms"
    assert found.p95 <= p95, late
    assert found.p99 <= p99, late
    return found
