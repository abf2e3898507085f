"""What is asked of thousands of points at once comes to what the plain rules say of each, to the last digit."""

import io
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datasources.wearables.collecting import Collector
from datasources.wearables.columns import columns_of, microseconds
from datasources.wearables.formats import read
from datasources.wearables.importing import take_in
from datasources.wearables.points import Apart, Device, Measure, Point
from datasources.wearables.reading.moments import moments
from datasources.wearables.rules import DEFAULT
from demo.watches.apple import write_large
from tests.watches import plain_rules
from tests.watches.reading import HERE, NOW, nothing, points_in, why_apart

# From before the night in which the clock is put back until after it.
_BEGINS = st.integers(0, 30 * 60).map(
    lambda minutes: datetime(2026, 10, 24, 18, tzinfo=UTC) + timedelta(minutes=minutes)
)
_POINTS = st.builds(
    lambda measure, begins, seconds, value, source, by_hand, offset: Point(
        measure, begins, begins + timedelta(seconds=seconds), value, source[0], source[1], by_hand, offset
    ),
    st.sampled_from(Measure),
    _BEGINS,
    st.sampled_from([0, 0.25, 59, 60, 600, 3599.5, 3601, 9000, 20 * 3600, 24 * 3600, 50 * 3600]),
    st.sampled_from([0.1, 0.2, 0.30000000000000004, 60.0, 61.5, 100.0, 7000.0]),
    st.sampled_from([("Kello", Device.WATCH), ("Puhelin", Device.PHONE), ("Sormus", Device.OTHER)]),
    st.booleans(),
    st.sampled_from([None, 120, 180, -300]),
)
_PRIORITIES = st.sampled_from([DEFAULT, ("phone",), ("Sormus", "Kello")])


def _counts(point: Point) -> bool:
    return why_apart(point, exported_at=None, by_hand=True) is None


@settings(deadline=None, max_examples=150)
@given(st.lists(_POINTS, max_size=30), st.integers(1, 30), _PRIORITIES)
def test_thousands_at_once_come_to_what_the_plain_rules_say_of_each(
    points: list[Point], size: int, priority: Sequence[str]
) -> None:
    expected = plain_rules.reckon([each for each in points if _counts(each)], HERE, priority)
    collector = Collector(HERE)
    pieces = [columns_of(points[begin : begin + size]) for begin in range(0, len(points), size)]
    found = list(take_in(pieces, collector, held=nothing, at=NOW, priority=priority, by_hand=True))
    assert {day.day: day.figures for day in found} == expected.figures
    assert {day.day: day.state for day in found} == expected.states
    told = collector.report()
    told.apart.pop(Apart.IMPOSSIBLE, None)
    assert (told.added, told.apart) == (expected.added, expected.apart)


@given(st.lists(_POINTS, max_size=10))
def test_points_in_columns_are_the_same_points(points: list[Point]) -> None:
    assert points_in(columns_of(points)) == points


_TIMES = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30)).map(  # noqa: DTZ001 - their offset is drawn apart
    lambda moment: moment.replace(microsecond=0)
)
_OFFSETS = st.integers(-14 * 60, 14 * 60)


@given(st.lists(st.tuples(_TIMES, _OFFSETS), min_size=1, max_size=20))
def test_times_by_the_thousand_are_the_times_that_are_written(told: list[tuple[datetime, int]]) -> None:
    signs = [f"{'-' if offset < 0 else '+'}{abs(offset) // 60:02}{abs(offset) % 60:02}" for _, offset in told]
    found = moments([f"{moment.isoformat(' ')} {sign}" for (moment, _), sign in zip(told, signs, strict=True)])
    assert found.is_told.all()
    assert found.offsets.tolist() == [offset for _, offset in told]
    assert found.since_1970.tolist() == [
        microseconds(moment.replace(tzinfo=UTC) - timedelta(minutes=offset)) for moment, offset in told
    ]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2024-02-29 12:00:00 +0200", "2024-02-29T10:00:00+00:00"),
        ("2026-05-04T12:00:00 +03:00", "2026-05-04T09:00:00+00:00"),
        ("2026-05-04 12:00:00 +0230", "2026-05-04T09:30:00+00:00"),
        ("2026-05-04 12:00:00 -1530", "2026-05-05T03:30:00+00:00"),
        ("2023-02-29 12:00:00 +0200", None),
        ("2026-13-04 12:00:00 +0200", None),
        ("2026-00-04 12:00:00 +0200", None),
        ("2026-05-00 12:00:00 +0200", None),
        ("2026-05-32 12:00:00 +0200", None),
        ("0000-05-04 12:00:00 +0200", None),
        ("2026-05-04 24:00:00 +0200", None),
        ("2026-05-04 12:60:00 +0200", None),
        ("2026-05-04 12:00:60 +0200", None),
        ("2026-05-04 12:00:00 ,0200", None),
        ("2026-05-04 12:00:00", None),
        ("2026/05/04 12:00:00 +0200", None),
        ("٢٠٢٦-05-04 12:00:00 +0200", None),
        ("eilen", None),
        ("", None),
    ],
)
def test_a_time_that_is_written_otherwise_is_read_by_itself_or_is_none(text: str, moment: str | None) -> None:
    found = moments(["2026-01-01 00:00:00 +0000", text, "2026-01-01 00:00:00 +0000"])
    assert found.is_told.tolist() == [True, moment is not None, True]
    if moment:
        assert found.since_1970[1] == microseconds(datetime.fromisoformat(moment))


def test_a_large_export_of_two_sources_comes_to_what_the_plain_rules_say() -> None:
    packed = io.BytesIO()
    written = write_large(packed, 1, datetime(2026, 3, 20, tzinfo=UTC), days=20, duplicates=0.05, phone=True)
    points = [point for each in read(packed, Collector(HERE)) for point in points_in(each)]
    expected = plain_rules.reckon([each for each in points if _counts(each)], HERE)
    collector = Collector(HERE)
    found = list(take_in(read(packed, collector), collector, held=nothing, at=NOW))
    assert (len(points), len(points) - len(set(map(str, points)))) == (written.wanted, written.doubled)
    assert {day.day: (day.figures, day.state) for day in found} == {
        day: (figures, expected.states[day]) for day, figures in expected.figures.items()
    }
    told = collector.report()
    assert told.apart[Apart.OVERLAP] > 0
    assert told.apart[Apart.DUPLICATE] == expected.apart[Apart.DUPLICATE] >= written.doubled
