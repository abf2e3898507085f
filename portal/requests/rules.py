"""Clocks and numbers of requests: pure, over dates.

A day on which something arrives is not counted, and what would end on a day off ends on the next working day
(150/1930 2 § and 5 §). A working day is no Saturday, Sunday, public holiday, Midsummer Eve or Christmas Eve.
"""

from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

# Working days within which a question about a row of the log is answered; the city's own promise.
LOG_QUESTION_DAYS = 5
# Questions of a kind (to a person, about rows of the log) that may wait for an answer at once: a right is not lost, and
# no queue is filled by one alone.
MOST_OPEN_QUESTIONS = 20
_SATURDAY = 5
_DAY = timedelta(days=1)
_WEEK = timedelta(weeks=1)
# An answer under the Openness Act: two weeks at the latest (621/1999 14 §).
OPENNESS_WEEKS = 2
# With the two months more, which are told of within the first (GDPR 12(3)).
LONGEST_MONTHS = 3
IsFree = Callable[[date], bool]


def is_working_day(day: date, is_free: IsFree) -> bool:
    """`is_free` tells days off other than Saturdays and Sundays."""
    return day.weekday() < _SATURDAY and not is_free(day)


def working_days_after(day: date, count: int, is_free: IsFree) -> date:
    """The `count`th working day after `day`."""
    while count:
        day += _DAY
        count -= is_working_day(day, is_free)
    return day


def month_after(day: date, is_free: IsFree, *, months: int = 1) -> date:
    """The last day of a time of so many months from `day`: the day of the same number, or the month's last.

    GDPR 12(3); Regulation 1182/71 art. 3(2)(c) and 3(4), 150/1930 3 § and 5 §: what ends on a day off ends on the next
    working day.
    """
    count = day.month - 1 + months
    year, month = day.year + count // 12, count % 12 + 1
    return _working_day_from(date(year, month, min(day.day, monthrange(year, month)[1])), is_free)


def later_by(due: date, days: int, is_free: IsFree) -> date:
    """A last day, moved by the days on which the clock stood still."""
    return _working_day_from(due + days * _DAY, is_free) if days else due


def weeks_after(day: date, is_free: IsFree, *, weeks: int) -> date:
    """The last day of a time of so many weeks: the same day of the week (150/1930 3 § and 5 §)."""
    return _working_day_from(day + weeks * _WEEK, is_free)


def _working_day_from(day: date, is_free: IsFree) -> date:
    while not is_working_day(day, is_free):
        day += _DAY
    return day


def working_days_left(today: date, due: date, is_free: IsFree) -> int:
    """Working days after today until `due`, that day too; negative when it is over."""
    first, last, sign = (today, due, 1) if today <= due else (due, today, -1)
    days = (first + _DAY * step for step in range(1, (last - first).days + 1))
    return sign * sum(is_working_day(day, is_free) for day in days)


def number_text(year: int, count: int) -> str:
    """`26-0107`: the year, and which one of it."""
    return f"{year % 100:02d}-{count:04d}"
