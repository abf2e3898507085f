"""A few examples of what the fuzzing proof makes thousands of."""

import pytest

from demo.watches import EXPORTS
from tests.proof.fuzzing.driving import drive
from tests.proof.fuzzing.exports import changed, read_any


@pytest.mark.parametrize("maker", EXPORTS)
def test_a_changed_export_is_refused_by_a_kind_or_read(maker: str) -> None:
    assert drive(maker, changed(maker), read_any, count=25, number=26) > 0
