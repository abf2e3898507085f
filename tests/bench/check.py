"""A department asks about one person at a time, among 320,000, against a bare view on the same server.

The floor believes the same token, reads one row (the client's) and writes one, each in a statement that commits by
itself. Ours finds the person behind row security, decides, and commits the entry before it answers. What numbers the
entries is a process of its own; it rests here.
"""

import json
from collections import Counter
from collections.abc import Sequence
from itertools import islice

import httpx2

from demo.client import Department
from demo.people import everyone
from tests.bench.framework import Portal, Row, interleaved, manage
from tests.bench.load import Ask, Load
from tests.bench.serving import DATASETS, PURPOSE, fill, serving

HELD, STRANGERS = 400, 100
BAR = 0.8


def rows(portal: Portal) -> list[Row]:
    """`one`, in requests a second."""
    codes = [person.identity_code for person in islice(everyone(), HELD + STRANGERS)]
    fill(portal, codes[:HELD])
    key = portal.folder / "sports.json"
    manage("make_client", "sports", "--out", str(key), url=portal.environment["DATABASE_URL"])
    with serving(portal) as base:
        department = Department(base, key)
        _see(department, codes)

        def load(path: str) -> float:
            headers = {"Authorization": f"Bearer {department.token()}", "Content-Type": "application/json"}
            return Load(base, "POST", path, [Ask(headers, _body(code)) for code in codes]).requests_per_second()

        figures = interleaved({"floor": lambda: load("/bare/check/"), "one": lambda: load("/api/v1/checks/")})
    return [Row("one", figures["one"], figures["floor"], "req/s", BAR, "higher")]


def _body(code: str) -> str:
    return json.dumps({"purpose": PURPOSE, "datasets": DATASETS, "subjects": [{"identity_code": code}]})


def _see(department: Department, codes: Sequence[str]) -> None:
    """What is measured answers as it should."""
    reasons = Counter(answer["reason"] for answer in department.check(PURPOSE, DATASETS, list(codes)))
    assert reasons == {"allowed_by_consent": HELD, "no_consent": STRANGERS}, reasons
    headers = {"Authorization": f"Bearer {department.token()}"}
    httpx2.post(f"{department.base}/bare/check/", content=_body(codes[0]), headers=headers).raise_for_status()
