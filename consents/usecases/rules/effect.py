"""What a use case was expected to bring by month, and what counted uses and entered costs say that it brought."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property, lru_cache
from typing import NamedTuple

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


class Counted(NamedTuple):
    """Uses for one purpose, of one kind, by people or by algorithms, in one month.

    `of_enough`: by so many people that they may be told. A tuple, for a page reads ten thousand of them.
    """

    month: date
    kind: str
    uses: int
    of_enough: bool
    by_algorithm: bool = False


class Spent(NamedTuple):
    """What one month cost, to build or to run."""

    month: date
    kind: str
    euro: int
    made_up: bool = False


@dataclass(frozen=True)
class Gain:
    """What uses bring: hours and euro. `uses` is exact where it is counted; the rest rests on what one use saves.

    `by_algorithm`: in how many of the counted uses an algorithm took part.
    """

    uses: float = 0.0
    by_algorithm: float = 0.0
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
    """All of a case until `today`. `versions`: the oldest first. `since`: the day its trial began, if it has.

    Sums are reckoned from the counts, and months only where somebody looks at them: a page of many cases has no months.
    """

    versions: Sequence[Expected]
    counted: Sequence[Counted]
    spent: Sequence[Spent]
    since: date | None
    today: date

    @cached_property
    def first(self) -> date | None:
        """The month in which the trial began; None where nothing is measured."""
        if self.since is None or not self.versions or self.since > self.today:
            return None
        return first_of(self.since)

    @property
    def made_up(self) -> bool:
        """Example numbers are among them."""
        return any(each.made_up for each in self.versions) or any(each.made_up for each in self.spent)

    @cached_property
    def months(self) -> Sequence[Month]:
        """Since the trial began, the oldest first. Earlier costs stand in the first.

        Each is reckoned with the version that held at its end, so that a later one never changes what was told.
        """
        if self.since is None or self.first is None:
            return ()
        uses: dict[date, list[Counted]] = {}
        for each in self._ours:
            uses.setdefault(each.month, []).append(each)
        costs: dict[date, int] = {}
        for spent in self.spent:
            month = max(spent.month, self.first)
            costs[month] = costs.get(month, 0) + spent.euro
        return [
            _month(month, self.versions, uses.get(month, ()), costs.get(month, 0), self.since, self.today)
            for month in _months(self.since, self.today)
        ]

    @property
    def expected(self) -> Gain:
        """Of all months until today."""
        return total(month.expected for month in self.months)

    @cached_property
    def actual(self) -> Gain:
        """The same, as it was counted and entered."""
        if self.first is None:
            return Gain()
        told: dict[int, list[Counted]] = {}
        for each in self._ours:
            told.setdefault(self._version_of[each.month].version, []).append(each)
        gains = [_brought(each, told[each.version], 0) for each in self.versions if each.version in told]
        return total([*gains, Gain(cost=sum(each.euro for each in self.spent if each.month <= self.today))])

    @cached_property
    def _version_of(self) -> dict[date, Expected]:
        return {month: in_force(self.versions, last_of(month)) for month in {each.month for each in self.counted}}

    @cached_property
    def _ours(self) -> Sequence[Counted]:
        """Uses since the trial began, of the kind that counts."""
        first, version = self.first, self._version_of
        if first is None:
            return ()
        return [
            each
            for each in self.counted
            if first <= each.month <= self.today and version[each.month].counted in (each.kind, BOTH)
        ]

    @property
    def hidden(self) -> int:
        """How many months are left out, in whole or in part, because too few people are in them."""
        return len({each.month for each in self._ours if not each.of_enough})

    @property
    def shows(self) -> bool:
        """Any use was counted and may be told."""
        return self.actual.uses > 0


def total(gains: Iterable[Gain]) -> Gain:
    """All of them together. Bounds are added up as they are: nobody knows that they would balance each other."""
    each = list(gains)
    return Gain(
        sum(gain.uses for gain in each),
        sum(gain.by_algorithm for gain in each),
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


@lru_cache(maxsize=1200)
def last_of(month: date) -> date:
    """The last day of its month."""
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


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
    last = last_of(month)
    version, first = in_force(versions, last), month == first_of(since)
    share = ((min(last, today) - max(month, since)).days + 1) / last.day / MONTHS_A_YEAR
    expected = _gain(version, version.uses_a_year * share, version.yearly_euro * share)
    if first:
        expected = replace(expected, cost=expected.cost + versions[0].build_euro)
    hidden = not all(each.of_enough for each in counted)
    return Month(month, expected, _brought(version, counted, cost), hidden=hidden, so_far=today < last)


def _brought(version: Expected, counted: Iterable[Counted], cost: float) -> Gain:
    """What may be told of these uses."""
    told = [each for each in counted if each.of_enough]
    by_algorithm = sum(each.uses for each in told if each.by_algorithm)
    return replace(_gain(version, sum(each.uses for each in told), cost), by_algorithm=by_algorithm)


def _gain(version: Expected, uses: float, cost: float) -> Gain:
    return Gain(
        uses=uses,
        resident_hours=version.resident.times(uses / _MINUTES_AN_HOUR),
        staff_hours=version.staff.times(uses / _MINUTES_AN_HOUR),
        euro=version.euro.times(uses),
        cost=cost,
    )
