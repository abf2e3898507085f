"""Who may act for whom: every rule as a row of a table."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consents.rules.acting import birthday
from portal.ledger.actor import Right
from portal.people.behalf.rules import Kind, Power, Subject, Tie, age_on, power_over, sees_records

TODAY = date(2026, 11, 27)
CHILD = Subject(born=date(2018, 5, 1))
ADULT = Subject(born=date(1950, 5, 1))
ME, OTHER, THIRD = "me", "other", "third"


def guardian(actor: str, **bounds: object) -> Tie:
    return Tie(Kind.CUSTODY, actor, **bounds)  # type: ignore[arg-type]


def power(subject: Subject, *ties: Tie, actor: str = ME, today: date = TODAY) -> Power | None:
    return power_over(subject, ties, actor=actor, today=today)


ONE, TWO = [guardian(ME)], [guardian(ME), guardian(OTHER)]
NOBODY = {
    "no tie at all": (CHILD, []),
    "another's child": (CHILD, [guardian(OTHER)]),
    "the child is protected": (Subject(CHILD.born, protected=True), ONE),
    "the child is in care": (Subject(CHILD.born, in_care=True), ONE),
    "the child has died": (Subject(CHILD.born, died=True), ONE),
    "all guardians are protected": (CHILD, [guardian(ME, protected=True), guardian(OTHER, protected=True)]),
    "the only guardian is protected": (CHILD, [guardian(ME, protected=True)]),
    "the other guardian is protected": (CHILD, [guardian(ME), guardian(OTHER, protected=True)]),
    "two of three are protected": (
        CHILD,
        [guardian(ME, protected=True), guardian(OTHER, protected=True), guardian(THIRD)],
    ),
    "no right to know": (CHILD, [guardian(ME, blocked=True), guardian(OTHER)]),
    "custody has not begun": (CHILD, [guardian(ME, since=date(2026, 11, 28))]),
    "custody has ended": (CHILD, [guardian(ME, until=date(2026, 11, 26))]),
    "of age today": (Subject(date(2008, 11, 27)), ONE),
    "a mandate that has ended": (ADULT, [Tie(Kind.MANDATE, ME, until=date(2026, 11, 26))]),
    "a mandate of someone who died": (Subject(ADULT.born, died=True), [Tie(Kind.MANDATE, ME)]),
    "a mandate of someone protected": (Subject(ADULT.born, protected=True), [Tie(Kind.MANDATE, ME)]),
    "somebody else's mandate": (ADULT, [Tie(Kind.MANDATE, OTHER)]),
    "a right of nobody": (CHILD, [guardian("")]),
}


@pytest.mark.parametrize("why", NOBODY)
def test_nothing_may_be_done(why: str) -> None:
    subject, ties = NOBODY[why]
    assert power(subject, *ties) is None


def test_nobody_is_not_a_guardian_who_was_never_here() -> None:
    assert power(CHILD, guardian(""), actor="") is None


SOMEONE: dict[str, tuple[Subject, list[Tie], Right, set[str]]] = {
    "one guardian": (CHILD, ONE, Right.GUARDIAN, set()),
    "two guardians": (CHILD, TWO, Right.GUARDIAN, {OTHER}),
    "two of whom one was never here": (CHILD, [guardian(ME), guardian("")], Right.GUARDIAN, {""}),
    "three guardians": (CHILD, [*TWO, guardian(THIRD)], Right.GUARDIAN, {OTHER, THIRD}),
    "the other is prevented": (CHILD, [guardian(ME), guardian(OTHER, prevented=True)], Right.GUARDIAN, set()),
    "the other may not know": (CHILD, [guardian(ME), guardian(OTHER, blocked=True)], Right.GUARDIAN, set()),
    "the other has another task": (
        CHILD,
        [guardian(ME), guardian(OTHER, topics=frozenset({"early-education"}))],
        Right.GUARDIAN,
        set(),
    ),
    "the other's custody is over": (CHILD, [ONE[0], guardian(OTHER, until=date(2026, 1, 1))], Right.GUARDIAN, set()),
    "the day before coming of age": (Subject(date(2008, 11, 28)), ONE, Right.GUARDIAN, set()),
    "the first day of custody": (CHILD, [guardian(ME, since=TODAY)], Right.GUARDIAN, set()),
    "the last day of a mandate": (ADULT, [Tie(Kind.MANDATE, ME, until=TODAY)], Right.MANDATE, set()),
    "an adult's guardian": (ADULT, [Tie(Kind.ADULT_GUARDIAN, ME)], Right.ADULT_GUARDIAN, set()),
    "a continuing power": (ADULT, [Tie(Kind.CONTINUING_POWER, ME)], Right.CONTINUING_POWER, set()),
    "the stronger of two": (ADULT, [Tie(Kind.MANDATE, ME), Tie(Kind.ADULT_GUARDIAN, ME)], Right.ADULT_GUARDIAN, set()),
}


@pytest.mark.parametrize("who", SOMEONE)
def test_something_may_be_done(who: str) -> None:
    subject, ties, right, agree = SOMEONE[who]
    found = power(subject, *ties)
    assert found is not None
    assert (found.right, found.must_agree("sports"), found.offers("sports")) == (right, frozenset(agree), True)


def test_the_protected_one_of_two_acts_alone_and_is_asked_nothing_that_both_decide() -> None:
    found = power(CHILD, guardian(ME, protected=True), guardian(OTHER, topics=frozenset({"sports"})))
    assert found is not None
    assert (found.offers("sports"), found.offers("library"), found.covers("sports")) == (False, True, True)


def test_a_mandate_reaches_its_topics_and_several_reach_all_of_theirs() -> None:
    library, sports = (Tie(Kind.MANDATE, ME, topics=frozenset({topic})) for topic in ("library", "sports"))
    one, both = power(ADULT, library), power(ADULT, library, sports)
    assert one is not None
    assert both is not None
    assert [(found.covers("library"), found.covers("sports"), found.covers("youth")) for found in (one, both)] == [
        (True, False, False),
        (True, True, False),
    ]


def test_a_mandate_for_everything_beside_one_for_a_topic_reaches_everything() -> None:
    found = power(ADULT, Tie(Kind.MANDATE, ME, topics=frozenset({"library"})), Tie(Kind.MANDATE, ME))
    assert found is not None
    assert found.covers("youth")


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(2008, 11, 28), date(2026, 11, 27), 17),
        (date(2008, 11, 28), date(2026, 11, 28), 18),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
    ],
)
def test_ages(born: date, day: date, age: int) -> None:
    assert age_on(born, day) == age


@given(born=st.dates(date(1900, 1, 1), date(2025, 12, 31)), age=st.integers(0, 100))
def test_a_birthday_is_the_first_day_of_an_age(born: date, age: int) -> None:
    day = birthday(born, age)
    assert age_on(born, day) == age
    assert age == 0 or age_on(born, date.fromordinal(day.toordinal() - 1)) == age - 1


@pytest.mark.parametrize(
    ("right", "born", "shown"),
    [
        (Right.GUARDIAN, date(2018, 5, 1), True),
        (Right.GUARDIAN, date(2011, 11, 28), True),
        (Right.GUARDIAN, date(2011, 11, 27), False),
        (Right.GUARDIAN, date(2008, 11, 28), False),
        # Whose age is not known is not shown.
        (Right.GUARDIAN, None, False),
        (Right.ADULT_GUARDIAN, date(1950, 5, 1), True),
        (Right.CONTINUING_POWER, date(1950, 5, 1), True),
        (Right.MANDATE, date(1950, 5, 1), True),
        (Right.MANDATE, date(2010, 5, 1), True),
    ],
)
def test_what_registers_hold_of_a_young_person_their_guardian_does_not_see(
    right: Right, born: date | None, shown: bool
) -> None:
    assert sees_records(Power(right, born=born), today=TODAY) is shown
