"""What a use case was expected to bring by month, and what counted uses and entered costs say that it brought."""

import calendar
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

# A month's uses are told only when they are of so many people: of fewer, somebody might be recognised.
FEWEST = 5
MONTHS_A_YEAR = 12
_MINUTES_AN_HOUR = 60
BOTH = "both"


@dataclass(frozen=True)
class Range:
    """From the lowest to the highest that is thought possible, with what is most likely between."""

    low: float = 0.0
    likely: float = 0.0
    high: float = 0.0

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
    each = list(gains)
    return Gain(
        sum(gain.uses for gain in each),
        _sum([gain.resident_hours for gain in each]),
        _sum([gain.staff_hours for gain in each]),
        _sum([gain.euro for gain in each]),
        sum(gain.cost for gain in each),
    )


def _sum(ranges: Sequence[Range]) -> Range:
    return Range(sum(one.low for one in ranges), sum(one.likely for one in ranges), sum(one.high for one in ranges))


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
    uses: dict[date, list[Counted]] = {}
    for each in counted:
        uses.setdefault(each.month, []).append(each)
    costs = _by_month(spent, first_of(since))
    months = [
        _month(month, versions, uses.get(month, ()), costs.get(month, 0), since, today)
        for month in _months(since, today)
    ]
    return Effect(versions, months, made_up)


def _by_month(spent: Sequence[Spent], first: date) -> dict[date, int]:
    """What was spent before the first month stands in it."""
    costs: dict[date, int] = {}
    for each in spent:
        month = max(each.month, first)
        costs[month] = costs.get(month, 0) + each.euro
    return costs


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
    cost: int,
    since: date,
    today: date,
) -> Month:
    last = month.replace(day=calendar.monthrange(month.year, month.month)[1])
    version, first = in_force(versions, last), month == first_of(since)
    ours = [each for each in counted if version.counted in (each.kind, BOTH)]
    share = ((min(last, today) - max(month, since)).days + 1) / last.day / MONTHS_A_YEAR
    expected = _gain(version, version.uses_a_year * share, version.yearly_euro * share)
    if first:
        expected = replace(expected, cost=expected.cost + versions[0].build_euro)
    actual = _gain(version, sum(each.uses for each in ours if each.of_enough), cost)
    return Month(month, expected, actual, hidden=not all(each.of_enough for each in ours), so_far=today < last)


def _gain(version: Expected, uses: float, cost: float) -> Gain:
    return Gain(
        uses,
        version.resident.times(uses / _MINUTES_AN_HOUR),
        version.staff.times(uses / _MINUTES_AN_HOUR),
        version.euro.times(uses),
        cost,
    )
