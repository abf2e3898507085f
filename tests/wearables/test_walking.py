"""Steps of many people together: of at least twenty, rounded, counted once, and with nothing to subtract."""

from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from consents.queries.brought import allowing
from datasources.wearables.actions.counting import count_walks
from datasources.wearables.days import monday_of
from datasources.wearables.enums import COUNTING
from datasources.wearables.models import WalkingSum
from datasources.wearables.walking import SMALLEST_GROUP, Counted, Walked, counted
from demo.watches import EXPORTS, days
from portal.walls import Role, scope
from tests.pages.conftest import city, resident_in
from tests.residents import Resident
from tests.wearables.bringing import WORKER, allow, bring, days_ago, read_all

__all__ = ["city", "resident_in"]
Enter = Callable[[str], Resident]


def walked(**people: int) -> list[Walked]:
    """`a02100=20`: so many people of an area, each with 1003 steps; `everywhere`: of none."""
    return [
        Walked("" if area == "everywhere" else area.removeprefix("a"), 1003)
        for area, number in people.items()
        for _ in range(number)
    ]


@pytest.mark.parametrize(
    ("people", "shown"),
    [
        ({"everywhere": 19}, {}),
        ({"everywhere": 20}, {"": 20}),
        ({"a02100": 20}, {"": 20, "02100": 20}),
        ({"a02100": 25, "a02200": 20}, {"": 45, "02100": 25, "02200": 20}),
        # One area alone is hidden: the smallest of the others is hidden with it.
        ({"a02100": 30, "a02200": 25, "a02300": 5}, {"": 60, "02100": 30}),
        # Those hidden are many together: no other has to be.
        ({"a02100": 30, "a02200": 12, "a02300": 8}, {"": 50, "02100": 30}),
        # Who told no area is hidden among the whole city too.
        ({"a02100": 30, "everywhere": 3}, {"": 33}),
    ],
)
def test_groups_are_of_twenty_and_nothing_can_be_subtracted(people: dict[str, int], shown: dict[str, int]) -> None:
    assert {each.area: each.people for each in counted(walked(**people))} == shown


def test_sums_are_rounded_to_ten() -> None:
    assert counted(walked(everywhere=21)) == [Counted("", 21, 21060)]


@given(st.lists(st.tuples(st.sampled_from(["", "02100", "02200", "02300"]), st.integers(0, 99999)), max_size=120))
def test_whatever_walks_no_group_below_twenty_can_be_worked_out(rows: list[tuple[str, int]]) -> None:
    sums = {each.area: each.people for each in counted([Walked(*row) for row in rows])}
    areas = sum(number for area, number in sums.items() if area)
    assert all(number >= SMALLEST_GROUP for number in sums.values())
    assert sums.get("", 0) - areas == 0 or sums[""] - areas >= SMALLEST_GROUP


def test_only_those_who_allow_it_are_counted_and_never_fewer_than_twenty(
    resident_in: Enter, settings: Any, tmp_path: Path
) -> None:
    settings.WATCH_SPOOL = tmp_path
    raili, week = resident_in("raili"), monday_of(timezone.localdate()) - timedelta(days=14)
    allow(raili)
    bring(raili, EXPORTS["apple"](days(days_ago(30), 30)))
    read_all(raili)
    with scope(Role.WORKER):
        assert allowing(COUNTING, at=timezone.now()) == []
    allow(raili, COUNTING)
    with scope(Role.WORKER):
        those = allowing(COUNTING, at=timezone.now())
        assert those == [raili.person]
        assert count_walks(those, week=week, by=WORKER, at=timezone.now()) == 0
        assert WalkingSum.objects.count() == 0
        # The same week is never counted again, whoever says no meanwhile.
        WalkingSum.objects.create(id=uuid4(), week=week, people=20, steps=10, counted_at=timezone.now())
        assert count_walks(those, week=week, by=WORKER, at=timezone.now()) == 0
        assert WalkingSum.objects.count() == 1
    said = StringIO()
    call_command("walking_sums", stdout=said)
    assert said.getvalue() == f"week,area,people,steps\n{week},,20,10\n"
