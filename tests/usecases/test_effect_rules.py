"""What was expected by month and what came of it, reckoned by hand."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consents.usecases.rules.effect import Counted, Effect, Expected, Gain, Range, Spent, in_force, total

FIRST = Expected(
    version=1,
    on=date(2026, 8, 20),
    counted="reported",
    resident=Range(30, 60, 120),
    staff=Range(6, 12, 18),
    euro=Range(2, 5, 9),
    uses_a_year=1200,
    build_euro=1000,
    yearly_euro=365,
)
SINCE, TODAY = date(2026, 9, 16), date(2026, 10, 31)
_DAYS = st.dates(date(2026, 9, 1), date(2026, 10, 31))
SEPTEMBER, OCTOBER = date(2026, 9, 1), date(2026, 10, 1)


def _later(**told: object) -> Expected:
    return Expected(**(FIRST.__dict__ | {"version": 2, "on": date(2026, 10, 5), "after_trial": True} | told))


def _rounded(gain: Gain) -> list[float]:
    ranges = (gain.resident_hours, gain.staff_hours, gain.euro)
    told = [bound for each in ranges for bound in (each.low, each.likely, each.high)]
    return [round(number, 3) for number in (gain.uses, gain.by_algorithm, gain.cost, *told)]


def _effect(*counted: Counted, spent: tuple[Spent, ...] = (), versions: tuple[Expected, ...] = (FIRST,)) -> Effect:
    return Effect(versions, counted, spent, since=SINCE, today=TODAY)


def test_uses_are_reckoned_with_what_one_use_saves() -> None:
    effect = _effect(Counted(OCTOBER, "reported", 10, of_enough=True), spent=(Spent(OCTOBER, "run", 30),))
    assert effect.actual.resident_hours == Range(5, 10, 20)
    assert effect.actual.staff_hours == Range(1, 2, 3)
    assert (effect.actual.euro, effect.actual.cost) == (Range(20, 50, 90), 30)
    assert effect.actual.net == Range(-10, 20, 60)


def test_a_month_that_began_in_its_middle_is_expected_by_its_days() -> None:
    september, october = _effect().months
    assert (september.expected.uses, october.expected.uses) == (50, 100)
    assert september.expected.cost == pytest.approx(1000 + 365 / 24)


def test_a_month_that_is_not_over_is_expected_until_today() -> None:
    effect = Effect((FIRST,), (), (), since=SINCE, today=date(2026, 10, 15))
    assert (effect.months[-1].so_far, effect.months[0].so_far) == (True, False)
    assert effect.months[-1].expected.uses == pytest.approx(100 * 15 / 31)


def test_what_was_spent_before_the_trial_stands_in_its_first_month() -> None:
    effect = _effect(spent=(Spent(date(2026, 7, 1), "build", 700), Spent(SEPTEMBER, "run", 20)))
    assert [month.actual.cost for month in effect.months] == [720, 0]


def test_uses_before_the_trial_or_of_another_kind_are_no_effect_of_it() -> None:
    effect = _effect(
        Counted(date(2026, 8, 1), "reported", 9, of_enough=True), Counted(OCTOBER, "disclosed", 9, of_enough=True)
    )
    assert (effect.actual.uses, effect.shows) == (0, False)


def test_both_kinds_count_where_both_are_meant() -> None:
    uses = [Counted(OCTOBER, kind, 9, of_enough=True) for kind in ("disclosed", "reported")]
    assert _effect(*uses, versions=(_later(version=1, counted="both"),)).actual.uses == 18


def test_uses_by_an_algorithm_are_uses_and_told_apart() -> None:
    effect = _effect(
        Counted(OCTOBER, "reported", 10, of_enough=True),
        Counted(OCTOBER, "reported", 7, of_enough=True, by_algorithm=True),
        Counted(SEPTEMBER, "reported", 3, of_enough=False, by_algorithm=True),
    )
    assert (effect.actual.uses, effect.actual.by_algorithm, effect.hidden) == (17, 7, 1)


def test_uses_of_too_few_people_are_in_no_sum() -> None:
    effect = _effect(
        Counted(SEPTEMBER, "reported", 40, of_enough=False), Counted(OCTOBER, "reported", 10, of_enough=True)
    )
    assert ([month.actual.uses for month in effect.months], effect.hidden) == ([0, 10], 1)


def test_a_later_version_changes_no_month_before_it() -> None:
    uses = [Counted(month, "reported", 10, of_enough=True) for month in (SEPTEMBER, OCTOBER)]
    effect = _effect(*uses, versions=(FIRST, _later(euro=Range(1, 1, 1))))
    assert [month.actual.euro.likely for month in effect.months] == [50, 10]


@pytest.mark.parametrize(("versions", "since"), [((), SINCE), ((FIRST,), None)])
def test_without_a_trial_or_an_expectation_nothing_is_measured(
    versions: tuple[Expected, ...], since: date | None
) -> None:
    effect = Effect(versions, [Counted(OCTOBER, "reported", 9, of_enough=True)], (), since=since, today=TODAY)
    assert (effect.months, effect.shows, effect.actual.uses) == ((), False, 0)


@pytest.mark.parametrize(("day", "version"), [((2026, 8, 1), 1), ((2026, 10, 4), 1), ((2026, 10, 5), 2)])
def test_the_version_of_a_day(day: tuple[int, int, int], version: int) -> None:
    assert in_force((FIRST, _later()), date(*day)).version == version


@given(
    st.lists(st.tuples(_DAYS, st.integers(0, 10_000), st.booleans(), st.booleans())),
    st.dates(date(2025, 1, 1), TODAY),
)
def test_bounds_keep_their_order_and_months_make_the_sum(uses: list[tuple[date, int, bool, bool]], since: date) -> None:
    counted = [Counted(day.replace(day=1), "reported", count, *told) for day, count, *told in uses]
    spent = [Spent(day.replace(day=1), "run", euro) for day, euro, *_ in uses]
    effect = Effect((FIRST, _later()), counted, spent, since=since, today=TODAY)
    actual = effect.actual
    for each in (actual.resident_hours, actual.staff_hours, actual.euro, effect.expected.euro):
        assert each.low <= each.likely <= each.high
    later = [each for each in counted if each.of_enough and each.month >= since.replace(day=1)]
    assert actual.uses == sum(each.uses for each in later)
    assert _rounded(actual) == _rounded(total(month.actual for month in effect.months))
    assert effect.hidden == sum(month.hidden for month in effect.months)
