"""The tree's arithmetic: the published vectors, and proofs that hold until a bit of them is flipped."""

import hashlib
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as some

from portal.ledger.merkle import (
    EMPTY_ROOT,
    Node,
    ProofBroken,
    Span,
    check_consistency,
    check_inclusion,
    consistency_spans,
    folded,
    hash_of,
    inclusion_spans,
    root_by_inclusion,
    whole_nodes,
)

# The inputs and roots of certificate-transparency's merkletree tests (merkle_tree_test.cc), for trees of 1 to 8 leaves.
INPUTS = (
    *("", "00", "10", "2021", "3031", "40414243", "5051525354555657"),
    "606162636465666768696a6b6c6d6e6f",
)
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
# (leaf counted from 0, size, proof), from the same tests.
INCLUSIONS = (
    (0, 1, ()),
    (
        *(0, 8),
        (
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ),
    ),
    (
        *(5, 8),
        (
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ),
    ),
    (2, 3, ("fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",)),
    (
        *(1, 5),
        (
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ),
    ),
)
CONSISTENCIES = (
    (1, 1, ()),
    (
        *(1, 8),
        (
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ),
    ),
    (
        *(6, 8),
        (
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ),
    ),
    (
        *(2, 5),
        (
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ),
    ),
)


def hashes_of(leaves: Sequence[bytes], spans: Sequence[Span]) -> list[bytes]:
    """By the definition: each whole node over its own leaves."""

    def over(node: Node) -> bytes:
        level, number = node
        return folded(b"".join(leaves[number << level : (number + 1) << level]))

    return [hash_of(span, {node: over(node) for node in whole_nodes(span)}) for span in spans]


def leaf(content: bytes) -> bytes:
    return hashlib.sha256(b"\0" + content).digest()


PUBLISHED = [leaf(bytes.fromhex(each)) for each in INPUTS]


def root(leaves: Sequence[bytes]) -> bytes:
    return hashes_of(leaves, [(0, len(leaves))])[0]


def test_the_roots_are_the_published_ones() -> None:
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert [root(PUBLISHED[:size]).hex() for size in range(1, 9)] == list(ROOTS)


@pytest.mark.parametrize(("index", "size", "proof"), INCLUSIONS)
def test_the_proofs_of_leaves_are_the_published_ones(index: int, size: int, proof: tuple[str, ...]) -> None:
    made = hashes_of(PUBLISHED[:size], inclusion_spans(index, size))
    assert [each.hex() for each in made] == list(proof)
    check_inclusion(PUBLISHED[index], index, size, made, bytes.fromhex(ROOTS[size - 1]))


@pytest.mark.parametrize(("old", "new", "proof"), CONSISTENCIES)
def test_the_proofs_of_growth_are_the_published_ones(old: int, new: int, proof: tuple[str, ...]) -> None:
    made = hashes_of(PUBLISHED[:new], consistency_spans(old, new))
    assert [each.hex() for each in made] == list(proof)
    check_consistency(old, new, bytes.fromhex(ROOTS[old - 1]), bytes.fromhex(ROOTS[new - 1]), made)


LEAVES = [leaf(str(number).encode()) for number in range(600)]


def flipped(proof: Sequence[bytes], bit: int) -> list[bytes]:
    """The same with one bit of it turned over."""
    block = bytearray(b"".join(proof))
    block[bit // 8] ^= 1 << bit % 8
    return [bytes(block[at : at + 32]) for at in range(0, len(block), 32)]


@given(some.data())
def test_a_leaf_is_proven_and_no_flipped_bit_is(data: some.DataObject) -> None:
    size = data.draw(some.integers(1, len(LEAVES)))
    index = data.draw(some.integers(0, size - 1))
    proof, top = hashes_of(LEAVES, inclusion_spans(index, size)), root(LEAVES[:size])
    check_inclusion(LEAVES[index], index, size, proof, top)
    parts = [LEAVES[index], top, *proof]
    leaf_, top_, *proof_ = flipped(parts, data.draw(some.integers(0, 256 * len(parts) - 1)))
    with pytest.raises(ProofBroken):
        check_inclusion(leaf_, index, size, proof_, top_)


@given(some.data())
def test_growth_is_proven_and_no_flipped_bit_is(data: some.DataObject) -> None:
    new = data.draw(some.integers(1, len(LEAVES)))
    old = data.draw(some.integers(1, new))
    proof = hashes_of(LEAVES, consistency_spans(old, new))
    roots = root(LEAVES[:old]), root(LEAVES[:new])
    check_consistency(old, new, *roots, proof)
    parts = [*roots, *proof]
    older, newer, *proof_ = flipped(parts, data.draw(some.integers(0, 256 * len(parts) - 1)))
    with pytest.raises(ProofBroken):
        check_consistency(old, new, older, newer, proof_)


@given(some.data())
def test_a_proof_of_another_place_or_length_proves_nothing(data: some.DataObject) -> None:
    size = data.draw(some.integers(2, len(LEAVES)))
    index, other = data.draw(some.lists(some.integers(0, size - 1), min_size=2, max_size=2, unique=True))
    proof, top = hashes_of(LEAVES, inclusion_spans(index, size)), root(LEAVES[:size])
    for place, told in ((other, proof), (index, proof[:-1]), (index, [*proof, LEAVES[0]]), (size, proof), (-1, proof)):
        with pytest.raises(ProofBroken):
            check_inclusion(LEAVES[index], place, size, told, top)


def test_no_proof_is_made_of_what_is_not_there() -> None:
    for index, size in ((0, 0), (3, 3), (-1, 3)):
        with pytest.raises(ValueError, match="no such leaf"):
            inclusion_spans(index, size)
    with pytest.raises(ValueError, match="larger"):
        consistency_spans(4, 3)
    with pytest.raises(ProofBroken):
        root_by_inclusion(LEAVES[0], 0, 3, [LEAVES[1]])


@pytest.mark.parametrize(
    ("old", "new", "older", "newer", "proof"),
    [
        (0, 3, LEAVES[0], LEAVES[1], []),
        (3, 3, LEAVES[0], LEAVES[1], []),
        (4, 3, LEAVES[0], LEAVES[0], []),
        (3, 5, LEAVES[0], LEAVES[0], []),
        (2, 4, LEAVES[0], LEAVES[0], []),
        (3, 5, LEAVES[0], LEAVES[0], LEAVES[:9]),
    ],
)
def test_no_growth_is_proven_by_a_proof_of_another_shape(
    old: int, new: int, older: bytes, newer: bytes, proof: list[bytes]
) -> None:
    with pytest.raises(ProofBroken):
        check_consistency(old, new, older, newer, proof)
