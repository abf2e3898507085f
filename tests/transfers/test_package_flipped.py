"""No byte of a good package can be another."""

from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from datasources.transfers.package.reasons import Refused
from tests.transfers import hostile
from tests.transfers.made import CODE, package, verified
from tests.transfers.test_package_refused import refusal

GOOD = package()


@cache
def _content() -> dict[str, bytes]:
    return hostile.files_of(GOOD)


@settings(max_examples=400, deadline=None)
@given(at=st.integers(0, len(GOOD) - 1), bit=st.integers(0, 7))
def test_one_flipped_bit_anywhere_is_refused(at: int, bit: int) -> None:
    changed = bytearray(GOOD)
    changed[at] ^= 1 << bit
    refusal(bytes(changed))


@settings(max_examples=400, deadline=None)
@given(at=st.integers(0, len(GOOD) - 1), byte=st.integers(0, 255))
def test_any_byte_that_is_another_is_refused_or_leaves_the_content_as_it_was(at: int, byte: int) -> None:
    changed = bytearray(GOOD)
    changed[at] = byte
    try:
        read = verified(bytes(changed))
    except Refused:
        return
    assert (bytes(changed), hostile.files_of(bytes(changed))) == (GOOD, _content())
    assert read.manifest.head.person.is_of(CODE)
