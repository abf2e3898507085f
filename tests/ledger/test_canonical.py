"""Entries are canonical JSON: the same bytes as a library that implements all of RFC 8785."""

import rfc8785
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from portal.ledger.entries import Json, canonical

# What entries are made of: names are ours and ASCII, texts may be any, numbers are whole.
names = some.text(some.characters(min_codepoint=32, max_codepoint=126), max_size=12)
leaves = some.none() | some.booleans() | some.integers(-(2**53) + 1, 2**53 - 1) | some.text()
values = some.recursive(leaves, lambda inner: some.lists(inner) | some.dictionaries(names, inner), max_leaves=20)


# On a busy machine drawing takes its time; that is no fault of what is tested.
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(some.dictionaries(names, values))
def test_canonical_bytes_are_those_of_the_standard(value: dict[str, Json]) -> None:
    assert canonical(value) == rfc8785.dumps(value)
