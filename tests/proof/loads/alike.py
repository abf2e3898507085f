"""B13: how long an answer takes does not tell whether somebody is known here; each kind of call, by turns."""

import asyncio
import json
import time
from datetime import UTC, datetime
from itertools import islice
from statistics import median
from typing import Any
from uuid import uuid4

import httpx2

from demo.client import Department
from demo.people import everyone
from portal.rest.models import SCOPES
from tests.bench.framework import manage
from tests.bench.serving import DATASETS, PURPOSE
from tests.proof.loads.town import HELD, RACERS, READERS, Town

CALLS, MOST_MS = 400, 1.0


async def held(town: Town) -> str:
    """The medians are within a millisecond; AssertionError with those that are not."""
    return await asyncio.to_thread(_held, town)


def _held(town: Town) -> str:
    caller = _caller(town)
    known = [racer.code for racer in town.racers]
    strangers = [person.identity_code for person in islice(everyone(), READERS + RACERS + HELD, None)][: len(known)]
    found = {}
    with httpx2.Client(base_url=town.base, trust_env=False, timeout=20) as http:
        for path in _bodies(known[0]):
            took: tuple[list[float], list[float]] = ([], [])
            for number in range(CALLS + 20):
                for times, codes in zip(took, (known, strangers), strict=True):
                    times.append(_call(http, caller, path, codes[number % len(codes)]))
            # What comes first has caches to fill.
            one, other = (1000 * median(times[20:]) for times in took)
            found[path] = one - other
            print(f"{time.strftime('%H:%M:%S')}  B13 {path:<34} {one:6.2f} {other:6.2f} ms", flush=True)
    assert all(abs(apart) <= MOST_MS for apart in found.values()), f"the time tells who is known: {found}"
    return f"{len(found)} kinds of calls: medians of known and unknown {max(map(abs, found.values())):.2f} ms apart"


def _caller(town: Town) -> Department:
    out = town.portal.folder / "sports-alike.json"
    words = ["make_client", "sports", "--out", str(out), "--calls-per-second", "1000", "--scopes", *SCOPES]
    manage(*words, url=town.portal.environment["DATABASE_URL"])
    return Department(town.base, out)


def _bodies(code: str) -> dict[str, Any]:
    who, now = {"identity_code": code}, datetime.now(UTC).isoformat()
    asked = {"purpose": PURPOSE, "datasets": DATASETS}
    use = asked | {"subject": who, "at": now, "unit": "Uimahalli", "role": "ohjaaja"}
    return {
        "checks/": asked | {"subjects": [who]},
        "disclosures/": asked | {"subject": who},
        "uses/": {"uses": [use]},
        "consent-requests/": {"purpose": PURPOSE, "subject": who},
    }


def _call(http: httpx2.Client, caller: Department, path: str, code: str) -> float:
    headers = {"Authorization": f"Bearer {caller.token()}", "Idempotency-Key": uuid4().hex}
    content = json.dumps(_bodies(code)[path])
    began = time.perf_counter()
    answer = http.post(f"/api/v1/{path}", content=content, headers=headers | {"Content-Type": "application/json"})
    took = time.perf_counter() - began
    assert answer.is_success, (path, answer.status_code, answer.text)
    return took
