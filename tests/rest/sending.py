"""People whose copies are kept, and a department that sends: for tests over real HTTP."""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import count, islice
from typing import Any
from uuid import uuid4

import psycopg

from demo.people.person import identity_code
from portal.keys.indexes import blind_index

DATASET = "sports-passes"
SEEN = datetime(2026, 11, 1, 12, tzinfo=UTC)
_PEOPLE = """
INSERT INTO people_person (id, blind_index, sealed_identity_code, sealed_names, created_at, last_signed_in_at)
SELECT gen_random_uuid(), blind_index, '', '', now(), now() FROM unnest(%b::bytea[]) AS p (blind_index)
ON CONFLICT DO NOTHING
"""
_SWITCH_ON = "UPDATE datasources_source SET switched_on = true WHERE slug = 'sports-gates'"


def codes(number: int, *, after: int = 0) -> list[str]:
    """Identity codes of so many made-up people, each time the same."""
    return list(islice(_codes(), after, after + number))


def _codes() -> Iterator[str]:
    for day in count():
        born = date(1950, 1, 1) + timedelta(days=day)
        yield from (identity_code(born, number, sign="-") for number in range(900, 1000))


def settle(rows: psycopg.Connection, people: Iterable[str]) -> None:
    """These people use the portal, and the gates of the swimming pools may send."""
    rows.execute(_PEOPLE, [[blind_index(code) for code in people]])
    rows.execute(_SWITCH_ON)


def line(code: str, key: str = "pass", *, minutes: int = 0, **told: Any) -> bytes:
    record = {"product": "Uimahalli", "visits_left": 7, "valid_until": "2027-06-30"} | told
    at = (SEEN + timedelta(minutes=minutes)).isoformat()
    return json.dumps({"identity_code": code, "key": key, "observed_at": at, "record": record}).encode() + b"\n"


def headers(token: str, *, key: str | None = None, kind: str = "application/x-ndjson") -> dict[str, str]:
    return {"Authorization": f"Bearer {token}", "Content-Type": kind, "Idempotency-Key": key or str(uuid4())}
