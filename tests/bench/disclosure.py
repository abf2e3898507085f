"""A department gets one person's records at a time, among 320,000 people, against a bare view on the same server.

The floor is that of `check`: it believes the same token, reads one row and writes one with a commit. Ours finds the
person behind row security, decides, opens their sheet (12 courses), and commits the entry that they see, their
pseudonym and the stored reply (every call brings an Idempotency-Key of its own) before it answers.
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import islice
from uuid import UUID, uuid4

import httpx2
import zstandard

from datasources.places import sheet_place
from demo.client import Department
from demo.people import everyone
from portal.keys.indexes import blind_index
from portal.keys.models import KeyScope
from portal.keys.person_keys import person_keys
from portal.keys.seals import seal
from portal.walls import Role, scope
from tests.bench.framework import DATABASE, Portal, Row, interleaved, manage
from tests.bench.load import Ask, Load
from tests.bench.serving import DATASETS, PURPOSE, fill, serving

PEOPLE, COURSES = 400, 12
BAR = 0.7
_SHEETS = """
INSERT INTO datasources_sheet (id, person_id, dataset_id, source_id, digest, body, row_count, mapping_version,
                               pulled_at, changed_at, confirmed)
SELECT gen_random_uuid(), person, %b, s.id, '', body, %b, 1, now(), now(), false
FROM unnest(%b::uuid[], %b::bytea[]) AS held (person, body), datasources_source s
WHERE s.mapping ? 'sports-courses' LIMIT %b
"""


def rows(portal: Portal) -> list[Row]:
    """`one`, in requests a second."""
    codes = [person.identity_code for person in islice(everyone(), PEOPLE)]
    fill(portal, codes)
    _hold(portal, codes)
    key = portal.folder / "sports.json"
    manage("make_client", "sports", "--scopes", "data:read", "--out", str(key), url=portal.environment["DATABASE_URL"])
    with serving(portal) as base:
        department = Department(base, key)
        _see(department, codes[0])

        def load(path: str) -> float:
            asks = [Ask(_headers(department), _body(code)) for code in codes]
            return Load(base, "POST", path, asks, counted="Idempotency-Key").requests_per_second()

        measures = {"floor": lambda: load("/bare/check/"), "one": lambda: load("/api/v1/disclosures/")}
        figures = interleaved(measures, runs=3)
    return [Row("one", figures["one"], figures["floor"], "req/s", BAR, "higher")]


def _hold(portal: Portal, codes: Sequence[str]) -> None:
    """Everyone has keys, and a sheet of courses as its source would tell them."""
    with portal.server.connect(DATABASE) as connection:
        indexes = [blind_index(code) for code in codes]
        found = connection.execute("SELECT id FROM people_person WHERE blind_index = ANY (%b::bytea[])", [indexes])
        people: list[UUID] = [pk for (pk,) in found]
        (dataset,) = connection.execute("SELECT id FROM datasources_dataset WHERE slug = %b", DATASETS).fetchone() or ()
        with scope(Role.WORKER):
            person_keys(people, KeyScope.LOG)
            keys = person_keys(people, KeyScope.RECORDS)
        body = zstandard.ZstdCompressor(level=1).compress(_courses())
        sheets = [seal(keys[person], body, aad=sheet_place(person, dataset)) for person in people]
        connection.execute(_SHEETS, [dataset, COURSES, people, sheets, PEOPLE])


def _courses() -> bytes:
    names = ("kurssi", "paikka", "alkaa", "paattyy", "hinta")
    told = (("Uimakoulu 2", "Leppävaara", "2027-01-11", "2027-03-29", "64,50") for _ in range(COURSES))
    return json.dumps({"columns": names, "values": list(zip(*told, strict=True))}).encode()


def _body(code: str) -> str:
    told = {"purpose": PURPOSE, "subject": {"identity_code": code}, "datasets": DATASETS, "case": "D/12/2026"}
    return json.dumps(told)


def _headers(department: Department) -> dict[str, str]:
    return {
        "Authorization": f"Bearer {department.token()}",
        "Content-Type": "application/json",
        "Idempotency-Key": str(uuid4()),
    }


def _see(department: Department, code: str) -> None:
    """What is measured hands over what it should."""
    address = f"{department.base}/api/v1/disclosures/"
    told = httpx2.post(address, content=_body(code), headers=_headers(department)).raise_for_status().json()
    (part,) = told["datasets"]
    course = {"course": "Uimakoulu 2", "starts_on": "2027-01-11", "place": "Leppävaara"}
    assert part["records"] == [course] * COURSES, part
    assert datetime.fromisoformat(part["as_of"]) <= datetime.now(UTC), part
