"""Who decides about a child: the whole rule as tables, and what the database lets a purpose state."""

from collections.abc import Sequence
from datetime import date

import pytest
from django.db import IntegrityError

from consents.models import Purpose
from consents.rules.acting import Deciders, Says, Voice, guardians_are_told, lasts_at_most, voice
from portal.walls import Role, scope
from tests.consents.asked import NOW, Asked

BORN = date(2018, 5, 1)

# (right, age, what they may by default, where a guardian answers beside, what only adults are asked).
AGES: Sequence[tuple[str, int, str, str, str]] = [
    ("own", 12, "reads", "reads", "nothing"),
    ("own", 13, "answers", "answers", "nothing"),
    ("own", 14, "answers", "answers", "nothing"),
    ("own", 15, "answers", "answers", "nothing"),
    ("own", 17, "answers", "answers", "nothing"),
    ("own", 18, "answers", "answers", "answers"),
    ("own", 40, "answers", "answers", "answers"),
    ("guardian", 0, "answers", "answers", "nothing"),
    ("guardian", 12, "answers", "answers", "nothing"),
    ("guardian", 13, "reads", "reads", "nothing"),
    ("guardian", 14, "reads", "reads", "nothing"),
    ("guardian", 15, "nothing", "answers", "nothing"),
    ("guardian", 17, "nothing", "answers", "nothing"),
    ("guardian", 18, "nothing", "nothing", "nothing"),
    ("mandate", 12, "reads", "reads", "nothing"),
    ("mandate", 40, "answers", "answers", "answers"),
    ("adult-guardian", 40, "answers", "answers", "answers"),
]


@pytest.mark.parametrize(("right", "age", "default", "beside", "adults"), AGES)
def test_who_decides_at_which_age(right: str, age: int, default: str, beside: str, adults: str) -> None:
    says = Says(right, date(2026 - age, 1, 1))
    stated = (Deciders(), Deciders(guardian_too=True), Deciders(adults_only=True))
    assert tuple(voice(says, each, today=NOW.date()) for each in stated) == (default, beside, adults)


@pytest.mark.parametrize(
    ("age", "child_from", "guardian", "child"),
    [
        (9, 10, "answers", "reads"),
        (10, 10, "reads", "answers"),
        (14, 15, "answers", "reads"),
        (15, 15, "nothing", "answers"),
        (3, 0, "reads", "answers"),
    ],
)
def test_a_purpose_states_another_age(age: int, child_from: int, guardian: str, child: str) -> None:
    born, stated = date(2026 - age, 1, 1), Deciders(child_from)
    told = [voice(Says(right, born), stated, today=NOW.date()) for right in ("guardian", "own")]
    assert told == [guardian, child]


@pytest.mark.parametrize("age", [15, 16, 17])
def test_a_guardian_beside_never_answers_against_the_young_person(age: int) -> None:
    says = Says("guardian", date(2026 - age, 1, 1))
    assert voice(says, Deciders(guardian_too=True), today=NOW.date(), answered=True) is Voice.READS


@pytest.mark.parametrize(("right", "age", "told"), [("own", 14, True), ("own", 15, False), ("guardian", 14, False)])
def test_guardians_are_told_of_what_a_child_below_fifteen_answered(right: str, age: int, told: bool) -> None:
    assert guardians_are_told(Says(right, date(2026 - age, 1, 1)), today=NOW.date()) is told


def test_nobody_is_told_of_an_adults_answer() -> None:
    assert not guardians_are_told(Says(), today=NOW.date())


def test_only_a_guardians_yes_is_bounded() -> None:
    assert lasts_at_most(Says("own", BORN), Deciders(), today=NOW.date()) is None
    bound = lasts_at_most(Says("guardian", date(2016, 2, 29)), Deciders(), today=NOW.date())
    assert bound is not None
    assert bound.date() == date(2029, 4, 30)


def test_beside_a_young_person_a_guardians_yes_ends_with_the_years_of_custody() -> None:
    bound = lasts_at_most(Says("guardian", date(2010, 3, 1)), Deciders(guardian_too=True), today=NOW.date())
    assert bound is not None
    assert bound.date() == date(2028, 4, 30)


@pytest.mark.parametrize(
    "facts",
    [
        {"child_decides_from": 16},
        {"adults_only": True, "guardian_too": True},
        {"special_category": True, "remind_days": [30]},
        {"remind_days": [90]},
        {"remind_days": [0]},
    ],
)
def test_the_database_holds_what_a_purpose_may_state(facts: dict[str, object], city: None) -> None:
    asked = Asked()
    with pytest.raises(IntegrityError), scope(Role.STAFF, departments=["*"]):
        Purpose.objects.filter(pk=asked.purpose.pk).update(**facts)
