"""The made-up people."""

import random
from datetime import date

import pytest
from stdnum.fi import hetu

from demo.people import everyone, pinned, staff
from demo.people.crowd import HOW_MANY
from demo.people.person import SIGNS, identity_code

BY_SLUG = {person.slug: person for person in everyone()}
CODES = [*(person.identity_code for person in everyone()), *(worker.identity_code for worker in staff())]


def test_there_are_a_thousand_people_each_with_a_slug_a_code_and_a_number_of_their_own() -> None:
    people = everyone()
    assert len(people) == HOW_MANY
    for values in ({p.slug for p in people}, {p.identity_code for p in people}, {p.phone for p in people}):
        assert len(values) == HOW_MANY
    assert len(set(CODES)) == HOW_MANY + 5


def test_every_identity_code_is_valid_and_of_the_numbers_never_issued() -> None:
    assert [code for code in CODES if not hetu.is_valid(code, allow_temporary=True)] == []
    assert [code for code in CODES if hetu.is_valid(code)] == []


def test_every_century_sign_of_2023_is_used_in_its_century() -> None:
    used: dict[int, set[str]] = {}
    for person in everyone():
        used.setdefault(person.born.year // 100, set()).add(person.identity_code[6])
    assert used == {century: set(signs) for century, signs in SIGNS.items()}


@pytest.mark.parametrize(
    ("born", "number", "sign", "code"),
    [(date(1952, 10, 13), 308, "-", "131052-308T"), (date(1986, 11, 2), 903, "Y", "021186Y903F")],
)
def test_the_last_character_checks_the_others(born: date, number: int, sign: str, code: str) -> None:
    assert identity_code(born, number, sign=sign) == code


def test_the_people_are_the_same_every_time() -> None:
    random.seed(0)
    first = everyone()
    everyone.cache_clear()
    random.seed(1)
    assert everyone() == first


def test_families_name_each_other() -> None:
    pairs = {(guardian, child.slug) for child in everyone() for guardian in child.guardians}
    assert pairs == {(person.slug, child) for person in everyone() for child in person.children}
    assert (BY_SLUG["aino"].children, BY_SLUG["helmi"].guardians) == (("eino", "helmi"), ("aino", "mikael"))


def test_a_protected_address_is_not_even_here() -> None:
    protected = [person for person in everyone() if person.protected]
    assert "tuuli" in [person.slug for person in protected]
    assert {(person.street, person.postal_code) for person in protected} == {("", "")}


def test_the_made_up_cannot_be_taken_for_real() -> None:
    assert [p.slug for p in everyone() if not p.email.endswith(".espoo.example")] == []
    assert [p.slug for p in everyone() if not p.phone.startswith("045 0000 ")] == []


def test_every_story_is_told_in_two_sentences_in_each_language() -> None:
    stories = [(p.slug, p.story) for p in pinned()]
    assert [slug for slug, story in stories if story is None] == []
    counts = {(slug, text.count(".")) for slug, s in stories if s for text in (s.fi, s.sv, s.en)}
    assert counts == {(slug, 2) for slug, _ in stories}


def test_a_person_shown_in_a_trace_does_not_show_their_code() -> None:
    shown = repr(everyone()) + repr(staff())
    assert [code for code in CODES if code in shown] == []
