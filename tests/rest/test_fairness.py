"""One client that calls without end: it is refused, and the other hardly notices. Two workers, real sockets."""

import http.client
import json
import threading
import time
from collections import Counter
from collections.abc import Callable
from statistics import median
from urllib.parse import urlsplit

import pytest

from demo.client import Department
from demo.people import everyone
from portal.rest.allowance import BURST_SECONDS

Made = Callable[..., Department]
RATE, SECONDS, FLOODS, GOOD_CALLS = 10, 4.0, 4, 40
BODY = json.dumps(
    {
        "purpose": "swimming-reminders",
        "datasets": ["sports-courses"],
        "subjects": [{"identity_code": next(iter(everyone())).identity_code}],
    }
)


class Caller:
    """One connection of one client."""

    def __init__(self, department: Department) -> None:
        self._headers = {"Authorization": f"Bearer {department.token()}", "Content-Type": "application/json"}
        self._http = http.client.HTTPConnection(urlsplit(department.base).netloc, timeout=20)

    def call(self) -> tuple[int, float]:
        """(status, seconds). On a new connection when the server has closed this one, as it may at any time."""
        began = time.monotonic()
        try:
            status = self._asked()
        except (ConnectionError, http.client.RemoteDisconnected):
            self._http.close()
            status = self._asked()
        return status, time.monotonic() - began

    def _asked(self) -> int:
        self._http.request("POST", "/api/v1/checks/", BODY, self._headers)
        answer = self._http.getresponse()
        answer.read()
        return answer.status


def calmly(department: Department, count: int) -> list[tuple[int, float]]:
    """As a program that works through a list."""
    caller, found = Caller(department), []
    for _ in range(count):
        found.append(caller.call())
        time.sleep(0.05)
    return found


@pytest.mark.proof  # `make proof PART=load` does the same to a whole city
def test_who_calls_without_end_does_not_slow_the_others(department: Made) -> None:
    good, hostile = department("sports"), department("sports", "--calls-per-second", str(RATE))
    alone = calmly(good, GOOD_CALLS)
    codes: Counter[int] = Counter()
    began, ends = time.monotonic(), time.monotonic() + SECONDS

    def flood() -> None:
        caller = Caller(hostile)
        while time.monotonic() < ends:
            codes[caller.call()[0]] += 1

    threads = [threading.Thread(target=flood) for _ in range(FLOODS)]
    for thread in threads:
        thread.start()
    beside = calmly(good, GOOD_CALLS)
    for thread in threads:
        thread.join()
    took = time.monotonic() - began
    assert {status for status, _ in (*alone, *beside)} == {200}
    assert set(codes) == {200, 429}
    assert codes[200] <= RATE * (BURST_SECONDS + took) + RATE, codes
    assert codes[429] > 2 * codes[200], codes
    before, after = (median(seconds for _, seconds in calls) for calls in (alone, beside))
    assert after <= 4 * before + 0.05, (before, after, codes)


@pytest.mark.parametrize("path", ["checks/", "purposes/"])
def test_every_answer_says_what_is_left(path: str, department: Made) -> None:
    slow = department("sports", "--name", path, "--calls-per-second", "1")
    caller = http.client.HTTPConnection(urlsplit(slow.base).netloc, timeout=20)
    headers = {"Authorization": f"Bearer {slow.token()}", "Content-Type": "application/json"}
    seen = []
    for _ in range(4):
        caller.request("POST" if path == "checks/" else "GET", f"/api/v1/{path}", BODY, headers)
        answer = caller.getresponse()
        told = json.loads(answer.read())
        seen.append((answer.status, answer.headers["RateLimit-Policy"], answer.headers["RateLimit"]))
        if answer.status == 429:
            break
    assert seen[0] == (200, '"client";q=2;w=2', '"client";r=1;t=0')
    assert (seen[-1][0], answer.headers["Retry-After"]) == (429, "1")
    assert told["type"].endswith("/api/problems/too-many/")
