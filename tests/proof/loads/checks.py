"""L2: department systems ask about people one by one, while another system of theirs asks far too often."""

import asyncio
from functools import partial

import httpx2

from tests.proof.loads.arrivals import Seen, Send, arrive, client, in_time, told
from tests.proof.loads.town import CLIENTS, Town, asked_about

RATE, SECONDS = 45.0, 60.0
HOSTILE_RATE, HOSTILE_SECONDS = 100.0, 45.0
P95, P99 = 50.0, 150.0
_PATH = "/api/v1/checks/"
_LONGEST_WAIT = 60


def asking(town: Town, http: httpx2.AsyncClient) -> Send:
    """What asks about the next person, by each client in turn."""
    headers = [{"Authorization": f"Bearer {each.token()}"} for each in town.clients]

    async def send(number: int) -> httpx2.Response:
        body = asked_about(town.held[number % len(town.held)])
        return await http.post(_PATH, json=body, headers=headers[number % CLIENTS])

    return send


async def held(town: Town) -> str:
    """In time for everyone; 429 for the one, and for nobody else."""
    async with client(town.base) as http, client(town.base) as hostile:
        send, warm = asking(town, http), 2 * CLIENTS
        for number in range(warm):
            await send(number)
        badly = {"Authorization": f"Bearer {town.hostile.token()}"}

        async def attack(number: int) -> httpx2.Response:
            return await hostile.post(_PATH, json=asked_about(town.held[0]), headers=badly)

        alone = partial(arrive, send, per_second=RATE, seconds=SECONDS / 3)
        await in_time(f"L2 checks {RATE:.0f}/s", alone, p95=P95, p99=P99)
        bad: list[Seen] = []

        async def beside() -> list[Seen]:
            hostile_calls = arrive(attack, per_second=HOSTILE_RATE, seconds=HOSTILE_SECONDS)
            good, now_bad = await asyncio.gather(arrive(send, per_second=RATE, seconds=SECONDS), hostile_calls)
            bad.extend(now_bad)
            return good

        found = await in_time(f"L2 beside {HOSTILE_RATE:.0f}/s hostile", beside, p95=P95, p99=P99)
    told("L2 the hostile one", bad)
    turned_away = _turned_away(bad)
    figures = f"p95 {found.p95:.0f} p99 {found.p99:.0f} ms"
    return f"checks {RATE:.0f}/s {figures} beside a client at {HOSTILE_RATE:.0f}/s of which {turned_away} got 429"


def _turned_away(bad: list[Seen]) -> int:
    refused = [each for each in bad if each.status == httpx2.codes.TOO_MANY_REQUESTS]
    assert refused, f"{len(bad)} calls of one client at {HOSTILE_RATE:.0f}/s and none was refused"
    assert {each.status for each in bad} <= {200, 429}, "the hostile client got something else than 200 and 429"
    odd = {each.retry_after for each in refused if not each.retry_after.isdigit()}
    assert not odd, f"429 without seconds in Retry-After: {odd}"
    assert all(0 < int(each.retry_after) <= _LONGEST_WAIT for each in refused), "Retry-After beyond a minute"
    return len(refused)
