"""The library sends its loans itself: what the tests of pushing say to it and see of it."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

from datasources.actions.receiving import Push, begin_push
from datasources.enums import ConnectorKind
from datasources.models import Source
from datasources.queries.sheets import DatasetSheet, sheet_of
from portal.ledger.actor import Actor, ActorKind, Right
from portal.walls import Role, scope
from tests.datasources.conftest import CODES, NIGHT

DATASET = "library-loans"
LOAN = {"title": "Kirja", "branch": "Tapiola", "lent_on": "2026-11-01"}
MAPPING = {
    DATASET: {
        "columns": {"title": "title", "branch": "branch", "lent_on": "lent_on", "due_on": "due_on"},
        "optional": ["due_on"],
    }
}
LIBRARY = Actor(kind=ActorKind.CLIENT, id="library", right=Right.CLIENT, unit="library")


def loan(who: str, key: str = "1", *, hours: float = 0, **told: Any) -> dict[str, Any]:
    at = (NIGHT - timedelta(days=1) + timedelta(hours=hours)).isoformat()
    return {"identity_code": CODES.get(who, who), "key": key, "observed_at": at, "record": LOAN | told}


def gone(who: str, key: str = "1", **told: Any) -> dict[str, Any]:
    return {"identity_code": CODES[who], "key": key, "deleted": True} | told


def push(*lines: dict[str, Any] | bytes, days: float = 0, at_once: int = 100) -> Push:
    """These lines, so many in one transaction."""
    at = NIGHT + timedelta(days=days)
    under_way = begin_push(DATASET, by=LIBRARY, at=at)
    written = list(enumerate((line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines), 1))
    for first in range(0, len(written), at_once):
        under_way.store(written[first : first + at_once], at=at)
    under_way.finish(at=at)
    under_way.leave()
    return under_way


def counted(done: Push) -> dict[str, int]:
    return {name: count for name, count in vars(done.counts).items() if count}


def seen_by(person: UUID) -> DatasetSheet:
    with scope(Role.RESIDENT, persons=[person]):
        found = sheet_of(person, DATASET)
    assert found is not None
    return found


def texts(person: UUID, field: str = "title") -> list[str]:
    return sorted(value.text for row in seen_by(person).records for value in row.values if value.slug == field)


def let_it_send(*, most: int = 5) -> None:
    with scope(Role.STAFF, departments=["*"]):
        Source.objects.filter(slug="library").update(
            kind=ConnectorKind.PUSH, settings={"most_records": most, "promised_hours": 50}, mapping=MAPPING, live=False
        )
