"""Which points count, on which day, and that their counts and sums add up."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from math import fsum, inf, nan
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datasources.wearables.points import Apart, Device, Measure, Point
from datasources.wearables.rules import figures_of, without
from tests.watches.reading import HERE, comes_to_the_same, day_of, kept, point, reckoned, why_apart

STEPS, SLEEP, BEATS = Measure.STEPS, Measure.SLEEP, Measure.HEART_RATE
NOON, LATER = "2026-05-04T12:00:00+03:00", "2026-05-04T12:10:00+03:00"


@pytest.mark.security("B21")
@pytest.mark.parametrize(
    ("measure", "value", "why"),
    [
        (BEATS, 999, Apart.IMPOSSIBLE),
        (BEATS, 0, Apart.IMPOSSIBLE),
        (BEATS, 60, None),
        (STEPS, -1, Apart.IMPOSSIBLE),
        (STEPS, nan, Apart.IMPOSSIBLE),
        (STEPS, inf, Apart.IMPOSSIBLE),
        (STEPS, 200_000, None),
        (STEPS, 200_001, Apart.IMPOSSIBLE),
        (SLEEP, 24 * 60 + 1, Apart.IMPOSSIBLE),
    ],
)
def test_a_value_that_cannot_be_is_set_apart(measure: Measure, value: float, why: Apart | None) -> None:
    assert why_apart(point(measure, NOON, LATER, value), exported_at=None, by_hand=False) is why


@pytest.mark.parametrize(
    ("begins", "ends", "why"),
    [
        ("2100-01-01T12:00:00+02:00", "2100-01-01T12:01:00+02:00", Apart.IMPOSSIBLE),
        ("1989-12-31T00:00:00+00:00", "1989-12-31T00:01:00+00:00", Apart.IMPOSSIBLE),
        (LATER, NOON, Apart.IMPOSSIBLE),
        ("2026-05-01T12:00:00+03:00", "2026-05-05T12:00:00+03:00", Apart.IMPOSSIBLE),
        ("0001-01-01T00:00:00+02:00", "9999-12-31T23:59:59-02:00", Apart.IMPOSSIBLE),
        ("9999-12-31T12:00:00+00:00", "9999-12-31T12:01:00+00:00", Apart.IMPOSSIBLE),
        ("2026-05-04T12:01:00+03:00", LATER, Apart.AFTER_EXPORT),
        (NOON, LATER, None),
    ],
)
def test_a_time_that_cannot_be_is_set_apart(begins: str, ends: str, why: Apart | None) -> None:
    exported = datetime.fromisoformat(NOON)
    assert why_apart(point(STEPS, begins, ends, 1), exported_at=exported, by_hand=False) is why


@pytest.mark.parametrize(("taken", "why"), [(False, Apart.BY_HAND), (True, None)])
def test_what_was_written_by_hand_counts_only_when_asked(*, taken: bool, why: Apart | None) -> None:
    written = point(STEPS, NOON, LATER, 100, by_hand=True)
    assert why_apart(written, exported_at=None, by_hand=taken) is why


@pytest.mark.security("B21")
@pytest.mark.parametrize(
    ("measure", "begins", "ends", "offset", "day"),
    [
        (STEPS, "2026-05-04T23:50:00+03:00", "2026-05-05T00:10:00+03:00", 180, "2026-05-04"),
        (STEPS, "2026-05-04T22:30:00+00:00", "2026-05-04T22:40:00+00:00", None, "2026-05-05"),
        (STEPS, "2026-05-04T22:30:00+00:00", "2026-05-04T22:40:00+00:00", 0, "2026-05-04"),
        (STEPS, "2026-05-04T22:30:00+00:00", "2026-05-04T22:40:00+00:00", -600, "2026-05-04"),
        (STEPS, "2026-05-04T03:00:00+00:00", "2026-05-04T03:10:00+00:00", -600, "2026-05-03"),
        (SLEEP, "2026-05-04T22:30:00+03:00", "2026-05-05T06:30:00+03:00", 180, "2026-05-05"),
        (SLEEP, "2026-05-04T22:30:00+03:00", "2026-05-04T23:30:00+03:00", 180, "2026-05-05"),
        (SLEEP, "2026-05-05T00:30:00+03:00", "2026-05-05T06:30:00+03:00", None, "2026-05-05"),
        (SLEEP, "2026-05-05T13:00:00+03:00", "2026-05-05T14:00:00+03:00", None, "2026-05-05"),
        # No place on earth is so far from UTC: the city's time counts.
        (STEPS, "2026-05-04T22:30:00+00:00", "2026-05-04T22:40:00+00:00", -29_551_230, "2026-05-05"),
        (SLEEP, "2026-05-04T22:30:00+00:00", "2026-05-05T04:00:00+00:00", 24 * 60, "2026-05-05"),
        # The nights in which the clock is turned, forward and back.
        (SLEEP, "2026-03-28T23:00:00+02:00", "2026-03-29T07:00:00+03:00", None, "2026-03-29"),
        (SLEEP, "2026-10-24T23:00:00+03:00", "2026-10-25T07:00:00+02:00", None, "2026-10-25"),
        (STEPS, "2026-10-25T03:30:00+03:00", "2026-10-25T03:40:00+03:00", None, "2026-10-25"),
        (STEPS, "2026-10-25T03:30:00+02:00", "2026-10-25T03:40:00+02:00", None, "2026-10-25"),
    ],
)
def test_a_point_counts_on_its_day(measure: Measure, begins: str, ends: str, offset: int | None, day: str) -> None:
    found = point(measure, begins, ends, 1, offset=offset)
    assert day_of(found) == date.fromisoformat(day)


def test_both_hours_of_the_autumn_night_count() -> None:
    first = point(STEPS, "2026-10-25T03:30:00+03:00", "2026-10-25T03:40:00+03:00", 10)
    second = point(STEPS, "2026-10-25T03:30:00+02:00", "2026-10-25T03:40:00+02:00", 20)
    figures, _ = reckoned(first, second)
    assert [(each.value, each.points) for each in figures] == [(30, 2)]


def test_the_same_point_twice_counts_once() -> None:
    figures, told = reckoned(*[point(STEPS, NOON, LATER, 100)] * 3)
    assert ([each.value for each in figures], told.apart) == ([100], {Apart.DUPLICATE: 2})


def test_the_watch_is_believed_where_the_phone_measured_the_same_time() -> None:
    watch, phone = point(STEPS, NOON, LATER, 100), point(STEPS, NOON, LATER, 90, "Puhelin")
    alone = point(STEPS, LATER, "2026-05-04T12:20:00+03:00", 50, "Puhelin")
    figures, told = reckoned(phone, watch, alone)
    assert {each.device: each.value for each in figures} == {Device.WATCH: 100, Device.PHONE: 50}
    assert told.apart == {Apart.OVERLAP: 1}


@pytest.mark.parametrize("first", [["phone"], ["Puhelin"], ["Puhelin", "Kello"]])
def test_the_resident_may_believe_the_phone(first: list[str]) -> None:
    watch, phone = point(STEPS, NOON, LATER, 100), point(STEPS, NOON, LATER, 90, "Puhelin")
    figures, _ = reckoned(phone, watch, priority=first)
    assert [each.value for each in figures] == [90]


@pytest.mark.parametrize(
    ("begins", "ends", "counts"),
    [
        ("2026-05-04T12:05:00+03:00", "2026-05-04T12:15:00+03:00", False),  # half of it is the watch's
        ("2026-05-04T12:06:00+03:00", "2026-05-04T12:16:00+03:00", True),
        ("2026-05-04T12:10:00+03:00", "2026-05-04T12:20:00+03:00", True),
        ("2026-05-04T00:00:00+03:00", "2026-05-05T00:00:00+03:00", False),  # a sum of the day holds the watch's
    ],
)
def test_a_point_is_left_out_when_half_of_it_or_a_part_of_a_long_one_is_measured(
    begins: str, ends: str, *, counts: bool
) -> None:
    figures, _ = reckoned(point(STEPS, NOON, LATER, 100), point(STEPS, begins, ends, 40, "Puhelin"))
    assert sum(each.value for each in figures) == (140 if counts else 100)


@pytest.mark.parametrize(("run", "counts"), [(4000, 12_000), (7000, 7000)])
def test_a_watch_worn_for_one_run_does_not_hide_what_the_phone_counted_all_day(run: int, counts: int) -> None:
    whole_day = "2026-05-04T00:00:00+03:00", "2026-05-05T00:00:00+03:00"
    figures, told = reckoned(point(STEPS, NOON, LATER, run), point(STEPS, *whole_day, 12_000, "Puhelin"))
    assert ([each.value for each in figures], told.apart) == ([counts], {Apart.OVERLAP: 1})


def test_heart_rates_of_two_devices_in_one_minute_are_one() -> None:
    moment, next_second = "2026-05-04T12:00:00+03:00", "2026-05-04T12:00:31+03:00"
    figures, _ = reckoned(point(BEATS, moment, moment, 60), point(BEATS, next_second, next_second, 100, "Puhelin"))
    assert [each.value for each in figures] == [60]


def test_the_watchs_file_after_the_phones_takes_its_time_over() -> None:
    phone, _ = kept([point(STEPS, NOON, LATER, 90, "Puhelin")], {})
    both, told = kept([point(STEPS, NOON, LATER, 100)], phone)
    day = date(2026, 5, 4)
    assert ([each.value for each in figures_of(both[day], day)], told.added) == ([100], 1)
    assert [each.value for each in figures_of(both[day], day, ["phone"])] == [90]


def test_a_source_can_be_taken_away_again() -> None:
    day = date(2026, 5, 4)
    states, _ = kept([point(STEPS, NOON, LATER, 100), point(STEPS, NOON, LATER, 90, "Puhelin")], {})
    left = without(states[day], "Kello", "watch")
    assert left
    assert [each.value for each in figures_of(left, day)] == [90]
    assert without(left, "Puhelin", "phone") is None


def test_a_sum_of_the_same_day_that_was_made_later_stands() -> None:
    begins, ends = "2026-05-04T00:00:00+03:00", "2026-05-05T00:00:00+03:00"
    states, _ = kept([point(STEPS, begins, ends, 4000)], {})
    later, told = kept([point(STEPS, begins, ends, 11_000)], states)
    day = date(2026, 5, 4)
    assert ([each.value for each in figures_of(later[day], day)], told.merged) == ([11_000], 1)


_MOMENTS = st.integers(0, 3 * 24 * 12).map(
    lambda five: datetime(2026, 10, 24, tzinfo=UTC) + timedelta(minutes=5 * five)
)
_POINTS = st.builds(
    lambda measure, begins, minutes, value, source, offset, by_hand: Point(
        measure, begins, begins + timedelta(minutes=minutes), value, source[0], source[1], by_hand, offset
    ),
    st.sampled_from([STEPS, SLEEP, BEATS, Measure.RESTING_HEART_RATE, Measure.WORKOUT]),
    _MOMENTS,
    st.sampled_from([-5, 0, 5, 10, 60, 24 * 60, 50 * 60]),
    st.sampled_from([0.5, 60.0, 61.0, 100.0, 999.0, nan, -1.0]),
    st.sampled_from([("Kello", Device.WATCH), ("Puhelin", Device.PHONE), ("Sormus", Device.OTHER)]),
    st.sampled_from([None, 120, -300]),
    st.booleans(),
)


def _midnights(each: Point) -> int:
    """How many it crosses in its own local time; of what is set apart or never divided, none."""
    if each.measure not in {STEPS, Measure.WORKOUT} or why_apart(each, exported_at=None, by_hand=False):
        return 0
    local = HERE if each.offset is None else timezone(timedelta(minutes=each.offset))
    first = each.begins_at.astimezone(local).date()
    until = each.ends_at.astimezone(local)
    whole = until.time() == time() and each.ends_at > each.begins_at
    return (until.date() - first).days - whole


@pytest.mark.security("B21")
@settings(deadline=None, max_examples=150)
@given(st.lists(_POINTS, max_size=40))
def test_figures_are_the_sum_of_accepted_points_and_counts_add_up(points: list[Point]) -> None:
    figures, told = reckoned(*points)
    # What crosses midnight is from then on a measurement of each day.
    assert told.read == len(points) + sum(map(_midnights, points))
    assert told.read == told.added + told.merged + sum(told.apart.values())
    assert sum(each.points for each in figures) == told.added
    summed = {STEPS, SLEEP, Measure.WORKOUT}
    sums = [each.value for each in figures if each.measure in summed]
    means = [each.value * each.points for each in figures if each.measure not in summed]
    # What counts of one kind can only be what was there.
    assert fsum(sums) + fsum(means) <= fsum(max(each.value, 0) for each in points if each.value == each.value) + 1e-6


@settings(deadline=None, max_examples=150)
@given(st.lists(_POINTS, max_size=40), st.integers(0, 40), st.randoms())
def test_neither_the_order_of_files_nor_importing_twice_changes_a_thing(
    points: list[Point], cut: int, chance: Random
) -> None:
    comes_to_the_same(points, cut, chance)
