"""Codes as people write them: what is taken for one at a glance is one, and nothing else is."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from stdnum.exceptions import ValidationError
from stdnum.fi import hetu

from portal.keys.indexes import (
    NotAnIdentityCode,
    blind_index,
    index_and_pairwise,
    normal_identity_code,
    pairwise,
)

_CHECKS = "0123456789ABCDEFHJKLMNPRSTUVWXY"


def with_its_check(digits: str, sign: str, number: str) -> str:
    return f"{digits}{sign}{number}{_CHECKS[int(digits + number) % 31]}"


nearly = st.builds(
    with_its_check,
    st.builds("{:02}{:02}{:02}".format, st.integers(0, 39), st.integers(0, 19), st.integers(0, 99)),
    st.sampled_from("+-YXWVUABCDEFGZ"),
    st.builds("{:03}".format, st.integers(0, 999)),
)
_signs = st.sampled_from("0 9AaGIOQZ+-")
bent = st.builds(lambda code, at, sign: code[:at] + sign + code[at + 1 :], nearly, st.integers(0, 10), _signs)


@given(st.one_of(nearly, nearly.map(str.lower), nearly.map(" {}\n".format), bent))
@example("290200A9013")
@example("010190-001P")
def test_a_code_is_one_exactly_when_it_adds_up(text: str) -> None:
    try:
        expected = str(hetu.validate(text.strip(), allow_temporary=True))
    except ValidationError:
        with pytest.raises(NotAnIdentityCode):
            normal_identity_code(text)
    else:
        assert normal_identity_code(text) == expected


def test_index_and_subject_are_those_that_stand_alone() -> None:
    code = with_its_check("131052", "-", "308")
    assert index_and_pairwise("sports", code.lower()) == (blind_index(code), pairwise("sports", code))
