"""L3: residents take permissions back while departments ask; no check that starts after the answer is told yes."""

import asyncio
import time
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any

import httpx2

from tests.proof.loads.arrivals import LONGEST_SECONDS, all_are, arrive, client, told
from tests.proof.loads.checks import asking
from tests.proof.loads.town import Racer, Town, asked_about

PAIRS = 1_000
# Beside the pairs, which ask 1,000 more.
RATE = 45.0
# A flood of writing pages beside it: the bar of the pages, not of quiet checks.
P95 = 300.0
_LONGEST_RACE = 240.0
# Each racer's department may call so often in a minute, less a few.
_PAUSE = 60 / 640


@dataclass
class Race:
    """What came out: how many pairs were run, what was wrong with them, and how many answers came in between."""

    pairs: int = 0
    allowed_after: int = 0
    refused_before: int = 0
    between_yes: int = 0
    between_no: int = 0


async def held(town: Town) -> str:
    """1,000 pairs by residents side by side, each check through its own connection; not one wrong answer."""
    race, left = Race(), iter(range(PAIRS))
    async with client(town.base) as http:
        done = asyncio.Event()
        under = asyncio.create_task(_under(town, http, done))
        racers = [_run(town, number, racer, race, left) for number, racer in enumerate(town.racers)]
        began = time.monotonic()
        await asyncio.wait_for(_all(racers, done), _LONGEST_RACE)
        seconds = time.monotonic() - began
        await under
    print(f"{'':8}  L3 pairs                     {race.pairs:6} in {seconds:.0f} s: {race}", flush=True)
    assert race.allowed_after == 0, f"{race.allowed_after} checks said yes after taking back had been answered"
    assert race.refused_before == 0, f"{race.refused_before} checks said no after yes had been answered"
    return f"{race.pairs} withdrawals raced by checks in {seconds:.0f} s, 0 said yes afterwards"


async def _all(racers: list[Coroutine[Any, Any, None]], done: asyncio.Event) -> None:
    try:
        await asyncio.gather(*racers)
    finally:
        done.set()


async def _under(town: Town, http: httpx2.AsyncClient, done: asyncio.Event) -> None:
    """The load of L2, second by second, until the race is over."""
    send, seen, number = asking(town, http), [], 0
    while not done.is_set():
        start = number

        async def onward(step: int, start: int = start) -> httpx2.Response:
            return await send(start + step)

        seen += await arrive(onward, per_second=RATE, seconds=1)
        number += int(RATE)
    found = told(f"L3 checks {RATE:.0f}/s beside", seen)
    all_are(200, seen, "checks beside withdrawals")
    assert found.p95 <= P95, f"checks beside withdrawals: p95 {found.p95:.0f} ms, bar {P95:.0f} ms"


async def _run(town: Town, number: int, racer: Racer, race: Race, left: Any) -> None:
    headers = {"Authorization": f"Bearer {town.racing[number].token()}"}
    async with httpx2.AsyncClient(base_url=town.base, timeout=LONGEST_SECONDS, trust_env=False) as http:

        async def allowed() -> bool:
            answer = await http.post("/api/v1/checks/", json=asked_about(racer.code), headers=headers)
            assert answer.status_code == 200, f"a check in the race was answered {answer.status_code}"
            return bool(answer.json()["answers"][0]["allowed"])

        for _ in left:
            await _post(http, racer, f"/en/requests/{racer.consent}/", answer="yes", text=str(racer.text))
            race.refused_before += not await allowed()
            taking = asyncio.create_task(_post(http, racer, f"/en/permissions/{racer.consent}/stop/"))
            between = await allowed()
            await taking
            race.allowed_after += await allowed()
            race.pairs += 1
            race.between_yes += between
            race.between_no += not between
            await asyncio.sleep(_PAUSE)


async def _post(http: httpx2.AsyncClient, racer: Racer, path: str, **values: str) -> None:
    form = {"csrfmiddlewaretoken": racer.signed.csrf, **values}
    answer = await http.post(path, data=form, headers=racer.signed.headers)
    saved = answer.status_code == 302 and answer.headers["Location"].endswith("/saved/")
    assert saved, f"a form in the race was answered {answer.status_code}"
