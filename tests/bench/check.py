"""A department asks about people, against a bare view on the same server; among 320,000 who said yes.

The floor believes the same token, reads one row (the client's) and writes one, each in a statement that commits by
itself; like every view that one adds, it stands behind all the site's middleware, of which a call meets half. Ours
finds the person behind row security, decides, and commits the entry before it answers. What numbers the entries is a
process of its own; it rests here.

`one`: a person a call, by identity code, eight callers at once. `batch_decisions_per_s`: 1,000 people and three
datasets in one call, by the subject that the department keeps, from the request to the whole answer read as JSON; one
decision is one person and one dataset. `batch_by_code`: the same by identity code, of which every blind index and
subject is reckoned.
"""

import json
from collections import Counter
from collections.abc import Sequence
from itertools import islice
from statistics import median
from time import perf_counter

import httpx2

from demo.client import Department
from demo.people import everyone
from tests.bench.decide import three_datasets
from tests.bench.framework import Portal, Row, interleaved, manage
from tests.bench.load import Ask, Load
from tests.bench.serving import DATASETS, PURPOSE, fill, serving
from tests.rest.sending import codes as made_up

HELD, STRANGERS = 400, 100
BATCH, THREE = 1_000, ("sports-courses", "sports-visits", "sports-bookings")
_CALLS = 25
BAR, DECISIONS = 0.8, 100_000


def rows(portal: Portal) -> list[Row]:
    """`one` in requests a second, and decisions a second in a batch."""
    codes, many = asked_about(), made_up(BATCH)
    fill(portal, [*codes[:HELD], *many], datasets=THREE)
    three_datasets()
    with serving(portal) as base:
        department = let_in(portal, base)
        figures = one_and_floor(department, codes)
        by_code = [{"identity_code": code} for code in many]
        by_subject = [{"subject": answer["subject"]} for answer in _batch(department, by_code)[1]]
        batch = {
            "batch_decisions_per_s": _decisions_per_s(department, by_subject),
            "batch_by_code": _decisions_per_s(department, by_code),
        }
    return [
        Row("one", figures["one"], figures["floor"], "req/s", BAR, "higher"),
        *(Row(name, figure, 1.0, "/s", DECISIONS, "higher") for name, figure in batch.items()),
    ]


def asked_about() -> list[str]:
    """Identity codes: first those of people who are held here, then of strangers."""
    return [person.identity_code for person in islice(everyone(), HELD + STRANGERS)]


def let_in(portal: Portal, base: str) -> Department:
    """The sports department's program."""
    key = portal.folder / "sports.json"
    if not key.exists():
        manage("make_client", "sports", "--out", str(key), url=portal.environment["DATABASE_URL"])
    return Department(base, key)


def one_and_floor(department: Department, codes: Sequence[str], *, runs: int = 5) -> dict[str, float]:
    """{"floor", "one"}: requests a second, one person a request."""
    _see(department, codes)

    def load(path: str) -> float:
        headers = {"Authorization": f"Bearer {department.token()}", "Content-Type": "application/json"}
        return Load(department.base, "POST", path, [Ask(headers, _body(code)) for code in codes]).requests_per_second()

    return interleaved({"floor": lambda: load("/bare/check/"), "one": lambda: load("/api/v1/checks/")}, runs=runs)


def _decisions_per_s(department: Department, subjects: Sequence[dict[str, str]]) -> float:
    return BATCH * len(THREE) / median([_batch(department, subjects)[0] for _ in range(_CALLS)][2:])


def _batch(department: Department, subjects: Sequence[dict[str, str]]) -> tuple[float, list[dict[str, str]]]:
    """Seconds of one call, and what it answered."""
    headers = {"Authorization": f"Bearer {department.token()}", "Content-Type": "application/json"}
    with httpx2.Client(base_url=department.base, headers=headers) as client:
        client.post("/api/v1/checks/", content=b"")
        began = perf_counter()
        asked = json.dumps({"purpose": PURPOSE, "datasets": THREE, "subjects": subjects})
        answers: list[dict[str, str]] = json.loads(client.post("/api/v1/checks/", content=asked).content)["answers"]
        took = perf_counter() - began
    assert {answer["reason"] for answer in answers} == {"allowed_by_consent"}, answers[0]
    return took, answers


def _body(code: str) -> str:
    return json.dumps({"purpose": PURPOSE, "datasets": DATASETS, "subjects": [{"identity_code": code}]})


def _see(department: Department, codes: Sequence[str]) -> None:
    """What is measured answers as it should."""
    reasons = Counter(answer["reason"] for answer in department.check(PURPOSE, DATASETS, list(codes)))
    assert reasons == {"allowed_by_consent": HELD, "no_consent": STRANGERS}, reasons
    headers = {"Authorization": f"Bearer {department.token()}"}
    httpx2.post(f"{department.base}/bare/check/", content=_body(codes[0]), headers=headers).raise_for_status()
