"""One code finds one person: what only looks like a code is none."""

import pytest

from portal.keys.indexes import NotAnIdentityCode, blind_index, index_as_written, normal_identity_code
from tests.residents import CODES

ARABIC = {ord("0") + digit: 0x660 + digit for digit in range(10)}


@pytest.mark.parametrize("change", [str.lower, lambda code: f" {code}\n", str])
def test_a_code_finds_its_person_however_it_is_spaced(change: type[str]) -> None:
    code = CODES["raili"]
    assert blind_index(change(code)) == index_as_written(change(code)) == blind_index(code)


def test_digits_of_another_script_are_no_identity_code() -> None:
    code = CODES["raili"]
    other = code[0] + code[1].translate(ARABIC) + code[2:]
    assert index_as_written(other) is None
    with pytest.raises(NotAnIdentityCode):
        normal_identity_code(other)
