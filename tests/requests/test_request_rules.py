"""Clocks and numbers of requests."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.requests.rules import is_working_day, number_text, working_days_after, working_days_left
from portal.requests.workdays import is_free


@pytest.mark.parametrize(
    ("received", "due"),
    [
        # A Monday of an ordinary week: the day itself is not counted.
        (date(2026, 11, 23), date(2026, 11, 30)),
        (date(2026, 11, 27), date(2026, 12, 4)),
        # Received on a Saturday and on a Sunday: Monday is the first day.
        (date(2026, 11, 28), date(2026, 12, 4)),
        (date(2026, 11, 29), date(2026, 12, 4)),
        # Independence Day on a Sunday takes no working day, on a Monday it does.
        (date(2026, 12, 4), date(2026, 12, 11)),
        (date(2027, 12, 3), date(2027, 12, 13)),
        # Christmas Eve, both days of Christmas, New Year, Epiphany.
        (date(2026, 12, 22), date(2026, 12, 31)),
        (date(2026, 12, 30), date(2027, 1, 8)),
        # Easter, May Day, Ascension Day, Midsummer Eve.
        (date(2026, 4, 1), date(2026, 4, 10)),
        (date(2026, 4, 29), date(2026, 5, 7)),
        (date(2026, 5, 13), date(2026, 5, 21)),
        (date(2026, 6, 18), date(2026, 6, 26)),
    ],
)
def test_an_answer_is_due_in_five_finnish_working_days(received: date, due: date) -> None:
    assert working_days_after(received, 5, is_free) == due


DAYS = st.dates(date(2026, 1, 1), date(2040, 1, 1))


@given(DAYS, st.integers(1, 30))
def test_the_days_left_are_those_that_were_counted(day: date, count: int) -> None:
    due = working_days_after(day, count, is_free)
    assert is_working_day(due, is_free)
    assert (working_days_left(day, due, is_free), working_days_left(due, day, is_free)) == (count, -count)


@given(DAYS)
def test_a_week_has_five_working_days_at_the_most(day: date) -> None:
    assert sum(is_working_day(day + timedelta(days=step), is_free) for step in range(7)) <= 5


@pytest.mark.parametrize(
    ("year", "count", "number"), [(2026, 107, "26-0107"), (2026, 1, "26-0001"), (2027, 12345, "27-12345")]
)
def test_a_number_tells_its_year_and_its_place_in_it(year: int, count: int, number: str) -> None:
    assert number_text(year, count) == number
