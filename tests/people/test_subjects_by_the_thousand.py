"""Thousands named at once are named as each alone, and one that is none is never passed over."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.keys.indexes import NotAnIdentityCode
from portal.people.subjects import (
    NotASubject,
    by_code,
    by_codes,
    by_subject,
    by_subjects,
    lookups_of,
    written,
    written_each,
)
from tests.rest.sending import codes

CODES = codes(50)
_letters = st.text("ABCxyz019-_", min_size=22, max_size=22)
_almost = st.one_of(_letters, st.text("AZaz09-_\n=+/ä", max_size=46))


def test_codes_are_looked_at_together_as_each_alone() -> None:
    assert by_codes("sports", [CODES[0].lower(), *CODES]) == [by_code("sports", code) for code in (CODES[0], *CODES)]


def test_a_code_that_is_none_among_others_is_refused() -> None:
    with pytest.raises(NotAnIdentityCode):
        by_codes("sports", [*CODES, "131052-308X"])


@given(st.lists(_letters, min_size=1, max_size=40))
def test_subjects_are_looked_at_together_as_each_alone(subjects: list[str]) -> None:
    assert by_subjects(subjects) == [by_subject(subject) for subject in subjects]


@given(st.lists(_almost, min_size=1, max_size=3))
def test_what_cannot_be_a_subject_is_none_among_others_either(subjects: list[str]) -> None:
    try:
        alone = [by_subject(subject) for subject in subjects]
    except NotASubject:
        with pytest.raises(NotASubject):
            by_subjects(subjects)
    else:
        assert by_subjects(subjects) == alone


def test_two_in_one_text_are_none() -> None:
    two = "\n".join(each.subject for each in by_codes("sports", CODES[:2]))
    with pytest.raises(NotASubject):
        by_subjects([two, ""])


@given(st.lists(st.binary(min_size=16, max_size=16), max_size=40))
def test_subjects_are_written_together_as_each_alone(subjects: list[bytes]) -> None:
    assert written_each(subjects) == [written(subject) for subject in subjects]


def test_a_scope_is_opened_for_whom_a_code_finds_and_for_their_pseudonym() -> None:
    (coded,) = by_codes("sports", CODES[:1])
    told = by_subject(coded.subject)
    assert lookups_of([coded, told]) == [coded.lookup, coded.raw, told.raw]
