"""A department sends records over HTTP to granian: each is checked, sealed with its person's key and stored for good.

`records_per_s`: 50,000 new records of 1,000 people, a person's one after the other, as they stand in a register;
`scattered_per_s`: the same in any order, so that each transaction opens the sheets of nearly everyone. Keys exist: the
people have signed in before. Client, server and PostgreSQL share the machine. `peak_mib`: the most memory that a worker
of the server ever had, with a push of 1 GiB behind it, of which every tenth line is of somebody who is kept here;
against the same after one of 64 MiB, so that it is flat where the ratio is 1.
"""

import os
import random
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from time import perf_counter
from typing import Any
from uuid import UUID, uuid4

import httpx2

from demo.client import Department
from demo.processes import descendants
from portal.keys.indexes import blind_index
from portal.keys.models import KeyScope
from portal.keys.person_keys import person_keys
from portal.walls import Role, scope
from tests.bench.framework import DATABASE, Portal, Row, interleaved, manage
from tests.bench.serving import serving
from tests.residents import describe_city
from tests.rest.sending import DATASET, codes, headers, line

PEOPLE, EACH = 1000, 50
SMALL, LARGE, WIDE = 64 << 20, 1 << 30, 2000
_PART = 500
_PEOPLE = """
INSERT INTO people_person (id, blind_index, sealed_identity_code, sealed_names, created_at, last_signed_in_at)
SELECT id, blind_index, '', '', now(), now() FROM unnest(%b::uuid[], %b::bytea[]) AS p (id, blind_index)
"""


def rows(portal: Portal) -> list[Row]:
    """Records a second, and MiB."""
    people, strangers = codes(PEOPLE), codes(9 * PEOPLE, after=PEOPLE)
    _arrive(portal, people)
    key = portal.folder / "sports.json"
    manage("make_client", "sports", "--scopes", "data:write", "--out", str(key), url=portal.environment["DATABASE_URL"])
    in_order = [line(code, str(number)) for code in people for number in range(EACH)]
    scattered = random.Random(1).sample(in_order, len(in_order))  # noqa: S311 - no secret
    with serving(portal) as base:
        sending = _Sending(portal, Department(base, key))
        figures = interleaved(
            {"in order": lambda: sending.rate(in_order), "scattered": lambda: sending.rate(scattered)}, runs=3
        )
        after_small, after_large = (sending.peak_mib(people, strangers, size=size) for size in (SMALL, LARGE))
    return [
        Row("records_per_s", figures["in order"], 1.0, "rec/s", 5000, "higher"),
        Row("scattered_per_s", figures["scattered"], 1.0, "rec/s", 5000, "higher"),
        Row("peak_mib", after_large, after_small, "MiB", 1.1, "lower"),
    ]


def _arrive(portal: Portal, people: Sequence[str]) -> None:
    describe_city(purposes=None)
    ids: dict[UUID, bytes] = {uuid4(): blind_index(code) for code in people}
    with portal.server.connect(DATABASE) as connection:
        connection.execute(_PEOPLE, [list(ids), list(ids.values())])
        connection.execute("UPDATE datasources_source SET switched_on = true WHERE slug = 'sports-gates'")
    with scope(Role.WORKER):
        for key_scope in (KeyScope.RECORDS, KeyScope.LOG):
            person_keys(ids, key_scope)


class _Sending:
    """The sports department, which sends; nothing is held of anybody when it begins."""

    def __init__(self, portal: Portal, sports: Department) -> None:
        self._portal, self._sports = portal, sports

    def rate(self, lines: Sequence[bytes]) -> float:
        """Records a second, from the first byte to the answer."""
        seconds, told = self._send(lambda: _parts(iter(lines)))
        assert told == {"received": len(lines), "accepted": len(lines)}, told
        return len(lines) / seconds

    def peak_mib(self, people: Sequence[str], strangers: Sequence[str], *, size: int) -> float:
        """MiB of the worker that has needed most until now, after a push of `size` bytes."""
        wide = "x" * WIDE
        number = size // len(line(people[0], "000000", product=wide)) + 1

        def large() -> Iterator[bytes]:
            for place in range(number):
                who = people[place // 10 % PEOPLE] if place % 10 == 0 else strangers[place % len(strangers)]
                yield line(who, f"{place:06}", product=wide)

        _, told = self._send(lambda: _parts(large()))
        assert told == {"received": number, "accepted": number}, told
        return max(map(_most_mib, descendants(os.getpid())))

    def _send(self, parts: Callable[[], Iterator[bytes]]) -> tuple[float, dict[str, Any]]:
        with self._portal.server.connect(DATABASE) as connection:
            connection.execute("TRUNCATE datasources_sheet")
        address = f"{self._sports.base}/api/v1/datasets/{DATASET}/records/"
        whole = headers(self._sports.token())
        began = perf_counter()
        answer = httpx2.post(address, content=parts(), headers=whole, timeout=600)
        seconds = perf_counter() - began
        told: dict[str, Any] = answer.raise_for_status().json()
        return seconds, {name: count for name, count in told.items() if count}


def _parts(lines: Iterator[bytes]) -> Iterator[bytes]:
    while part := b"".join(islice(lines, _PART)):
        yield part


def _most_mib(pid: int) -> float:
    """Of a worker of the server; whatever else runs below us counts for nothing."""
    try:
        argv, status = (Path(f"/proc/{pid}/{name}").read_text() for name in ("cmdline", "status"))
    except OSError:
        return 0.0
    most = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(most[1]) / 1024 if most and "granian" in argv else 0.0
