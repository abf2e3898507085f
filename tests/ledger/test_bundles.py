"""Many leaves proven at once: the hashes of a bundle are enough for the check, and none of them may be another."""

import importlib.util
from collections.abc import Callable
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as some

from portal.ledger.merkle import Node, folded
from portal.ledger.proofs import _beside
from tests.ledger.test_merkle import LEAVES, root
from tests.web import ROOT


def _loaded() -> ModuleType:
    """The stand-alone check, which is no module of ours."""
    spec = importlib.util.spec_from_file_location("verify", ROOT / "docs" / "verify" / "verify.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


VERIFY = _loaded()
root_by_hashes: Callable[..., bytes] = VERIFY.root_by_hashes


def needed(indexes: list[int], size: int) -> dict[str, str]:
    found: list[Node] = []
    _beside(sorted(indexes), (0, size), found)
    return {
        f"{level}/{number}": folded(b"".join(LEAVES[number << level : (number + 1) << level])).hex()
        for level, number in found
    }


@given(some.data())
def test_the_root_is_worked_out_from_any_leaves_and_what_a_bundle_brings(data: some.DataObject) -> None:
    size = data.draw(some.integers(1, len(LEAVES)))
    indexes = data.draw(some.lists(some.integers(0, size - 1), min_size=1, max_size=20, unique=True))
    leaves, hashes = {index: LEAVES[index] for index in indexes}, needed(indexes, size)
    assert root_by_hashes(0, size, leaves, hashes) == root(LEAVES[:size])
    for index in indexes:
        touched = leaves | {index: bytes([leaves[index][0] ^ 1]) + leaves[index][1:]}
        assert root_by_hashes(0, size, touched, hashes) != root(LEAVES[:size])
    for place, told in hashes.items():
        assert root_by_hashes(0, size, leaves, hashes | {place: f"{int(told[0], 16) ^ 1:x}{told[1:]}"}) != root(
            LEAVES[:size]
        )
        with pytest.raises(VERIFY.Broken):
            root_by_hashes(0, size, leaves, {other: each for other, each in hashes.items() if other != place})


def test_a_hash_over_a_leaf_does_not_stand_for_it() -> None:
    """Whoever brings the root's own hash cannot have a leaf passed over that is not under it."""
    forged = {"3/0": folded(b"".join(LEAVES[:8])).hex(), **needed([3], 8)}
    assert root_by_hashes(0, 8, {3: LEAVES[5]}, forged) != root(LEAVES[:8])
