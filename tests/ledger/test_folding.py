"""What programs did alike is one row of a log, and a page reads no more of a long log than it needs."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from portal.ledger.reading import Asked, Glance, folded

BEGUN = datetime(2026, 3, 27, tzinfo=UTC)
GROUPS = {"sheets": "sheets", "more": "sheets", "gone": "gone"}


def glance(came: int, late: int, kind: str, who: str, unit: str) -> Glance:
    """Written `came` minutes after the beginning, of what happened `late` minutes before."""
    written = BEGUN + timedelta(minutes=came)
    head = int(written.timestamp() * 1000).to_bytes(6, "big")
    told: dict[str, Any] = {
        "id": str(UUID(bytes=head + came.to_bytes(10, "big"))),
        "at": (written - timedelta(minutes=late)).isoformat(),
        "kind": kind,
        "actor": {"kind": who, "id": who},
        "department": unit,
        "purpose": "",
        "datasets": [unit],
    }
    return msgspec.convert(told, Glance)


LOGS = st.lists(
    st.tuples(
        *(st.integers(0, 20_000), st.integers(-5, 9_000), st.sampled_from(["sheets", "more", "gone", "seen"])),
        *(st.sampled_from(["system", "client", "staff"]), st.sampled_from(["library", "sports"])),
    ),
    max_size=60,
    unique_by=lambda told: told[0],
).map(lambda rows: [glance(*row) for row in sorted(rows, reverse=True)])


def asked(first: int, most: int) -> Asked:
    return Asked(lambda _: True, GROUPS, None, first, most)


@given(LOGS, st.integers(1, 9))
def test_pages_are_the_whole_log_whatever_came_late(log: list[Glance], most: int) -> None:
    whole = list(folded(log, asked(0, 10_000)).items())
    pages = [item for first in range(0, len(whole), most) for item in folded(log, asked(first, most)).items()]
    assert [(newest, fold.count) for newest, fold in pages] == [(newest, fold.count) for newest, fold in whole]
    assert sum(fold.count for _, fold in whole) == len(log)


@given(LOGS)
def test_what_people_did_is_never_folded(log: list[Glance]) -> None:
    folds = folded(log, asked(0, 10_000)).values()
    alone = [fold for fold in folds if fold.newest.actor.kind == "staff" or fold.newest.kind == "seen"]
    assert [fold.count for fold in alone] == [1] * len(alone)


@given(LOGS, st.integers(0, 20_000))
def test_nothing_since_a_moment_is_left_out(log: list[Glance], minutes: int) -> None:
    since = BEGUN + timedelta(minutes=minutes)
    told = folded(log, Asked(lambda one: one.at >= since, {}, since, 0, 10_000))
    assert set(told) == {one.id for one in log if one.at >= since}


def test_a_page_stops_reading_once_it_is_full() -> None:
    read = []

    def log() -> Iterator[Glance]:
        for day in range(1000, 0, -1):
            read.append(day)
            yield glance(day * 1440, 0, "seen", "staff", "library")

    assert len(folded(log(), asked(0, 10))) == 10
    assert len(read) < 20
