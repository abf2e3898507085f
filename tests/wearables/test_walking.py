"""Steps of many people together: of at least twenty, rounded, counted once, and with nothing to subtract."""

from collections.abc import Callable
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.test import Client
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


def _published(weeks: dict[date, list[tuple[str, int, int]]]) -> None:
    with scope(Role.WORKER):
        WalkingSum.objects.bulk_create(
            WalkingSum(id=uuid4(), week=week, area=area, people=people, steps=steps, counted_at=timezone.now())
            for week, rows in weeks.items()
            for area, people, steps in rows
        )


MONDAYS = [monday_of(timezone.localdate()) - timedelta(days=7 * number) for number in range(6)]


def test_everyone_sees_the_sums_of_a_week_and_the_weeks_around_it(city: None) -> None:
    _published({MONDAYS[4]: [("", 40, 812_340), ("02100", 20, 400_010)], MONDAYS[2]: [("", 30, 612_000)]})
    anyone = Client(HTTP_HOST="127.0.0.1")
    latest = anyone.get("/en/walks/").content.decode()
    assert "612\u00a0000 steps were taken together by at least 30 people" in latest
    assert f"?week={MONDAYS[3]}" in latest
    assert "The week after" not in latest
    # Between them lies a week of fewer than twenty.
    few = anyone.get(f"/en/walks/?week={MONDAYS[3]}").content.decode()
    assert "There were fewer than 20 people in this week" in few
    first = anyone.get(f"/en/walks/?week={MONDAYS[4] + timedelta(days=3)}").content.decode()
    assert ("02100" in first, "400\u00a0010" in first, "The week before" in first) == (True, True, False)
    rows = anyone.get("/en/walks/csv/").content.decode("utf-8-sig").splitlines()
    assert rows == [
        "week;area;people_at_least;steps",
        f"{MONDAYS[4]};;40;812340",
        f"{MONDAYS[4]};02100;20;400010",
        f"{MONDAYS[2]};;30;612000",
    ]


@pytest.mark.parametrize("asked", ["", "x", "9999-12-31", "0001-01-01", "2026-13-01", "2026-01-01\x00"])
def test_whatever_week_is_asked_for_there_is_one(asked: str, city: None) -> None:
    anyone = Client(HTTP_HOST="127.0.0.1")
    assert "Nothing has been published yet" in anyone.get("/en/walks/", {"week": asked}).content.decode()
    _published({MONDAYS[4]: [("", 40, 812_340)]})
    assert anyone.get("/en/walks/", {"week": asked}).status_code == 200


@pytest.mark.parametrize("areas", [1, 30])
def test_the_page_asks_as_little_for_many_areas_as_for_one(
    areas: int, city: None, django_assert_num_queries: Any
) -> None:
    _published({MONDAYS[3]: [("", 900, 10), *((f"02{number:03}", 30, 10) for number in range(areas - 1))]})
    anyone = Client(HTTP_HOST="127.0.0.1")
    anyone.get("/en/walks/")
    with django_assert_num_queries(2):
        assert "fewer than 20" in anyone.get(f"/en/walks/?week={MONDAYS[3]}").content.decode()


def test_a_permission_that_ends_between_two_weeks_leaves_nothing_to_subtract() -> None:
    """What is published of two weeks, one of which lacks a person, comes to no sum of fewer than twenty."""
    stays = [Walked("02100", 10_000 + 7 * number) for number in range(25)]
    leaves = Walked("02100", 71_111)
    before, after = counted([*stays, leaves]), counted([Walked(each.area, each.steps + 3) for each in stays])
    # Each week's steps are its own: the difference is the person's only if nobody else's week had changed.
    assert {each.area for each in before} == {each.area for each in after} == {"", "02100"}
    assert before[0].steps - after[0].steps != leaves.steps
    # The number of people, as it is published, does not tell that somebody left.
    assert before[0].people // 10 == after[0].people // 10
