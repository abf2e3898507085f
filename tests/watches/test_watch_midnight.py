"""What crosses midnight, also in the nights in which the clock is turned: each day believes one source, sums add up."""

from datetime import UTC, date, datetime, timedelta
from math import fsum
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datasources.wearables.points import Apart, Device, Measure, Point
from tests.watches.reading import HERE, comes_to_the_same, point, reckoned

STEPS = Measure.STEPS
# The nights of a winter's day, and those in which the clock is turned: an hour is there twice, or never.
_NIGHTS = ["2026-01-10T21:00:00+00:00", "2026-03-28T21:00:00+00:00", "2026-10-24T20:00:00+00:00"]
_AROUND_MIDNIGHT = st.builds(
    lambda night, begins, minutes, value, source: Point(
        STEPS,
        begun := datetime.fromisoformat(night) + timedelta(minutes=begins),
        begun + timedelta(minutes=minutes),
        value,
        source[0],
        source[1],
    ),
    st.sampled_from(_NIGHTS),
    st.integers(0, 6 * 60),
    st.integers(1, 90),
    st.sampled_from([0.0, 1.0, 7.0, 100.0, 2.5]),
    st.sampled_from([("Kello", Device.WATCH), ("Puhelin", Device.PHONE), ("Sormus", Device.OTHER)]),
)


@pytest.mark.security("B21")
@settings(deadline=None, max_examples=150)
@given(
    # Two that begin together, or end together, may have the same part of a day: see below.
    st.lists(
        _AROUND_MIDNIGHT,
        max_size=25,
        unique_by=(lambda each: (each.source, each.begins_at), lambda each: (each.source, each.ends_at)),
    )
)
def test_of_one_source_the_days_come_to_its_points_also_around_midnight(points: list[Point]) -> None:
    watch = [each for each in points if each.device is Device.WATCH]
    figures, _ = reckoned(*watch)
    assert fsum(each.value for each in figures) == pytest.approx(fsum(each.value for each in watch))


def test_of_two_parts_of_the_same_time_the_larger_stands_as_of_any_two_sums() -> None:
    one = point(STEPS, "2026-01-10T23:05:00+02:00", "2026-01-11T00:35:00+02:00", 7)
    later = point(STEPS, "2026-01-10T23:25:00+02:00", "2026-01-11T00:35:00+02:00", 20)
    figures, told = reckoned(one, later)
    assert ([each.value for each in figures], told.apart) == ([4 + 10, 10], {Apart.DUPLICATE: 1})


@pytest.mark.security("B21")
@settings(deadline=None, max_examples=150)
@given(st.lists(_AROUND_MIDNIGHT, max_size=25), st.integers(0, 25), st.randoms())
def test_around_midnight_neither_order_nor_a_second_time_changes_a_thing(
    points: list[Point], cut: int, chance: Random
) -> None:
    comes_to_the_same(points, cut, chance)


@pytest.mark.security("B21")
@pytest.mark.parametrize(
    ("watch", "phone", "watched", "phoned"),
    [
        # (begins, ends, steps): the watch's after midnight hide the phone's of the next day.
        (("23:50", 20, 200), ("00:02", 8, 80), [100, 100], []),
        # The phone's begin before midnight, and the watch's after: what is left of the phone's is before midnight.
        (("00:00", 10, 100), ("23:50", 20, 200), [100], [100]),
        (("23:50", 20, 200), ("23:50", 20, 200), [100, 100], []),
        (("23:50", 10, 100), ("00:00", 10, 90), [100], [90]),
        # Half of the phone's is measured already: it is left out.
        (("23:00", 120, 1200), ("00:30", 60, 600), [600, 600], []),
    ],
)
@pytest.mark.parametrize("midnight", [date(2026, 1, 11), date(2026, 3, 29), date(2026, 10, 25)])
def test_across_midnight_the_watch_is_believed_on_both_days(
    watch: tuple[str, int, int], phone: tuple[str, int, int], watched: list[int], phoned: list[int], midnight: date
) -> None:
    figures, told = reckoned(_at_night(midnight, watch, "Kello"), _at_night(midnight, phone, "Puhelin"))
    found = {device: [each.value for each in figures if each.device is device] for device in Device}
    assert (found[Device.WATCH], found[Device.PHONE]) == (watched, phoned)
    assert told.read == told.added + sum(told.apart.values())


def _at_night(midnight: date, told: tuple[str, int, int], source: str) -> Point:
    clock, minutes, steps = told
    hour, minute = map(int, clock.split(":"))
    day = midnight if hour < 12 else midnight - timedelta(days=1)
    begins = datetime(day.year, day.month, day.day, hour, minute, tzinfo=HERE).astimezone(UTC)
    ends = begins + timedelta(minutes=minutes)
    return point(STEPS, begins.isoformat(), ends.isoformat(), steps, source)


def test_a_run_over_midnight_in_the_travellers_own_time_is_of_both_days() -> None:
    run = point(Measure.WORKOUT, "2026-05-05T03:30:00+00:00", "2026-05-05T05:00:00+00:00", 90, offset=-240)
    figures, told = reckoned(run)
    assert [(each.day, each.value) for each in figures] == [(date(2026, 5, 4), 30), (date(2026, 5, 5), 60)]
    assert (told.read, told.added) == (2, 2)
