"""What a use case was expected to bring by month, and what counted uses and entered costs say that it brought."""

import calendar
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, reduce

# A month's uses are told only when they are of so many people: of fewer, somebody might be recognised.
FEWEST = 5
MONTHS_A_YEAR = 12
_MINUTES_AN_HOUR = 60
BUILD, BOTH = "build", "both"


@dataclass(frozen=True)
class Range:
    """From the lowest to the highest that is thought possible, with what is most likely between."""

    low: float = 0.0
    likely: float = 0.0
    high: float = 0.0

    def __add__(self, other: "Range") -> "Range":
        return Range(self.low + other.low, self.likely + other.likely, self.high + other.high)

    def times(self, number: float) -> "Range":
        """So many of it; `number` is not negative."""
        return Range(self.low * number, self.likely * number, self.high * number)

    def less(self, number: float) -> "Range":
        """What is left when so much is taken away."""
        return Range(self.low - number, self.likely - number, self.high - number)


@dataclass(frozen=True)
class Expected:
    """One version of what is expected. Minutes and euro of one use."""

    version: int
    on: date
    counted: str
    resident: Range
    staff: Range
    euro: Range
    uses_a_year: int
    build_euro: int
    yearly_euro: int
    after_trial: bool = False
    made_up: bool = False
    reason: str = ""


@dataclass(frozen=True)
class Counted:
    """Uses for one purpose and of one kind in one month; `of_enough`: by so many people that they may be told."""

    month: date
    kind: str
    uses: int
    of_enough: bool


@dataclass(frozen=True)
class Spent:
    """What one month cost, to build or to run."""

    month: date
    kind: str
    euro: int
    made_up: bool = False


@dataclass(frozen=True)
class Gain:
    """What uses bring: hours and euro. `uses` is exact where it is counted; the rest rests on what one use saves."""

    uses: float = 0.0
    resident_hours: Range = Range()
    staff_hours: Range = Range()
    euro: Range = Range()
    cost: float = 0.0

    def __add__(self, other: "Gain") -> "Gain":
        return Gain(
            self.uses + other.uses,
            self.resident_hours + other.resident_hours,
            self.staff_hours + other.staff_hours,
            self.euro + other.euro,
            self.cost + other.cost,
        )

    @property
    def net(self) -> Range:
        """Euro saved, less what was spent."""
        return self.euro.less(self.cost)


@dataclass(frozen=True)
class Month:
    """`actual.uses` leaves out what is of too few people, which `hidden` says; `so_far`: the month is not over."""

    month: date
    expected: Gain
    actual: Gain
    hidden: bool
    so_far: bool


@dataclass(frozen=True)
class Effect:
    """All of a case. `versions`: the oldest first. `months`: since its trial began; none where it has not."""

    versions: Sequence[Expected]
    months: Sequence[Month]
    made_up: bool = False

    @cached_property
    def expected(self) -> Gain:
        """Of all months until today."""
        return total(month.expected for month in self.months)

    @cached_property
    def actual(self) -> Gain:
        """The same, as it was counted and entered."""
        return total(month.actual for month in self.months)

    @property
    def hidden(self) -> int:
        """How many months are left out, in whole or in part, because too few people are in them."""
        return sum(month.hidden for month in self.months)

    @property
    def shows(self) -> bool:
        """Any use was counted and may be told."""
        return any(month.actual.uses for month in self.months)


def total(gains: Iterable[Gain]) -> Gain:
    """All of them together. Bounds are added up as they are: nobody knows that they would balance each other."""
    return reduce(Gain.__add__, gains, Gain())


def first_of(day: date) -> date:
    """The first day of its month."""
    return day.replace(day=1)


def effect_of(
    versions: Sequence[Expected],
    counted: Sequence[Counted],
    spent: Sequence[Spent],
    *,
    since: date | None,
    today: date,
) -> Effect:
    """By month from `since`, the day the trial began, until `today`. Earlier costs stand in the first month.

    Each month is reckoned with the version that held at its end, so that a later one never changes what was told.
    """
    made_up = any(each.made_up for each in versions) or any(each.made_up for each in spent)
    if since is None or not versions:
        return Effect(versions, (), made_up)
    months = [_month(month, versions, counted, spent, since, today) for month in _months(since, today)]
    return Effect(versions, months, made_up)


def _months(since: date, today: date) -> Iterator[date]:
    month = first_of(since)
    while month <= today:
        yield month
        month = date(month.year + month.month // MONTHS_A_YEAR, month.month % MONTHS_A_YEAR + 1, 1)


def in_force(versions: Sequence[Expected], day: date) -> Expected:
    """The newest that was written down until that day, else the first that there is."""
    return next((each for each in reversed(versions) if each.on <= day), versions[0])


def _month(
    month: date,
    versions: Sequence[Expected],
    counted: Sequence[Counted],
    spent: Sequence[Spent],
    since: date,
    today: date,
) -> Month:
    last = month.replace(day=calendar.monthrange(month.year, month.month)[1])
    version, first = in_force(versions, last), month == first_of(since)
    ours = [each for each in counted if each.month == month and version.counted in {each.kind, BOTH}]
    costs = [each.euro for each in spent if each.month == month or (first and each.month < month)]
    share = ((min(last, today) - max(month, since)).days + 1) / last.day / MONTHS_A_YEAR
    expected = _gain(version, version.uses_a_year * share, version.yearly_euro * share)
    if first:
        expected += Gain(cost=versions[0].build_euro)
    actual = _gain(version, sum(each.uses for each in ours if each.of_enough), sum(costs))
    return Month(month, expected, actual, hidden=not all(each.of_enough for each in ours), so_far=today < last)


def _gain(version: Expected, uses: float, cost: float) -> Gain:
    return Gain(
        uses,
        version.resident.times(uses / _MINUTES_AN_HOUR),
        version.staff.times(uses / _MINUTES_AN_HOUR),
        version.euro.times(uses),
        cost,
    )
