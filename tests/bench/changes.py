"""A department reads the feed of changes: a page of 1,000 among 100,000, from the request to the last byte.

One caller, one page after the other over one connection; each page is another one. `page_1000` is the median.
"""

from statistics import median
from time import perf_counter

import httpx2

from demo.client import Department
from tests.bench.framework import DATABASE, Portal, Row, manage
from tests.bench.serving import PURPOSE, serving
from tests.residents import describe_city

CHANGES, PAGE = 100_000, 1_000
_RUNS = 25
BAR_MS = 20.0
# Every fifth is one that must be acted on.
_CHANGES = """
INSERT INTO consents_announcement (id, number, numbered_at, department, kind, person_id, subject, purpose, consent,
                                   datasets, happened_at, due_at, algorithm)
SELECT gen_random_uuid(), n, now(), 'sports', CASE WHEN n %% 5 = 0 THEN 'consent.withdrawn' ELSE 'consent.given' END,
       gen_random_uuid(), substr(sha256(n::text::bytea), 1, 16), %(purpose)s, gen_random_uuid(), '{sports-courses}',
       now() - interval '1 day', CASE WHEN n %% 5 = 0 THEN now() + interval '6 days' END, ''
FROM generate_series(1, %(many)s) AS n
"""
_TELLINGS = """
INSERT INTO consents_telling (id, announcement_id, person_id, department, client, system, due_at)
SELECT gen_random_uuid(), a.id, a.person_id, 'sports', c.id, c.name, a.due_at
FROM consents_announcement a, rest_client c WHERE a.due_at IS NOT NULL
"""


def rows(portal: Portal) -> list[Row]:
    """`page_1000`, in milliseconds."""
    describe_city()
    key = portal.folder / "sports.json"
    manage(
        "make_client", "sports", "--scopes", "changes:read", "--out", str(key), url=portal.environment["DATABASE_URL"]
    )
    with portal.server.connect(DATABASE) as connection:
        connection.execute(_CHANGES, {"purpose": PURPOSE, "many": CHANGES})
        connection.execute(_TELLINGS)
    with serving(portal) as base:
        took = _pages(Department(base, key))
    return [Row("page_1000", 1000 * median(took), 1.0, "ms", BAR_MS, "lower")]


def _pages(department: Department) -> list[float]:
    """Seconds of each page, the first few left out."""
    found, after = [], ""
    headers = {"Authorization": f"Bearer {department.token()}"}
    with httpx2.Client(base_url=department.base, headers=headers) as client:
        for _ in range(_RUNS + 3):
            began = perf_counter()
            page = client.get("/api/v1/changes/", params={"limit": PAGE, **({"after": after} if after else {})})
            found.append(perf_counter() - began)
            told = page.raise_for_status().json()
            assert len(told["changes"]) == PAGE, told
            after = told["next"]
    return found[3:]
