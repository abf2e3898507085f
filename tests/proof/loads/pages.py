"""L1: residents read their pages; half of them have a log of 5,000 entries."""

from functools import partial

import httpx2

from tests.proof.loads.arrivals import arrive, client, in_time
from tests.proof.loads.town import Town

_PAGES = ("home/", "data/", "usage/", "permissions/", "usage/?page=80")
_LANGUAGES = ("fi", "sv", "en")
# (requests a second, seconds)
STEPS = ((9.0, 40.0), (18.0, 30.0))
P95, P99 = 300.0, 800.0


async def held(town: Town) -> str:
    """Every page within its time, and not one error."""
    seen = []
    async with client(town.base) as http:

        async def send(number: int) -> httpx2.Response:
            reader = town.readers[number % len(town.readers)]
            turn = number // len(town.readers)
            page = _PAGES[turn % len(_PAGES)]
            if "?" in page and number % len(town.readers) >= len(town.readers) // 2:
                page = "usage/"  # a short log has no such page
            return await http.get(f"/{_LANGUAGES[turn % 3]}/{page}", headers=reader.headers)

        for number in range(len(_PAGES) * len(town.readers)):
            await send(number)
        for rate, seconds in STEPS:
            load = partial(arrive, send, per_second=rate, seconds=seconds)
            found = await in_time(f"L1 pages {rate:.0f}/s", load, p95=P95, p99=P99)
            seen.append(f"{rate:.0f}/s p95 {found.p95:.0f} p99 {found.p99:.0f} ms")
    return f"pages {', '.join(seen)}"
