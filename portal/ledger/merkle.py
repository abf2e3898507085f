"""The arithmetic of the log's tree (RFC 9162 §2.1, the same tree as RFC 6962 §2.1). Pure.

A node is `(level, number)`: it stands over the leaves from `number << level` on, `1 << level` of them. Only such whole
nodes are ever stored; what stands over fewer leaves, at the right edge, is worked out from them.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence

SIZE = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()

Node = tuple[int, int]
# From the first leaf to the one after the last.
Span = tuple[int, int]
Hashes = Mapping[Node, bytes]


class ProofBroken(Exception):
    """The proof does not lead to the root."""


def joined(left: bytes, right: bytes) -> bytes:
    """32 bytes over two nodes."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def folded(hashes: bytes) -> bytes:
    """32 bytes over a power of two of hashes of 32 bytes, which stand one after the other."""
    sha256 = hashlib.sha256
    while len(hashes) > SIZE:
        hashes = b"".join(
            [sha256(b"\x01" + hashes[at : at + 2 * SIZE]).digest() for at in range(0, len(hashes), 2 * SIZE)]
        )
    return hashes


def split(count: int) -> int:
    """The largest power of two below `count` (at least 2): so many leaves go to the left."""
    return 1 << (count - 1).bit_length() - 1


def whole_nodes(span: Span) -> list[Node]:
    """The nodes that a subtree is made of, from the left: one for each 1 in the number of its leaves."""
    first, end = span
    found = []
    while first < end:
        level = (end - first).bit_length() - 1
        found.append((level, first >> level))
        first += 1 << level
    return found


def hash_of(span: Span, hashes: Hashes) -> bytes:
    """The hash over a subtree (MTH); `hashes` holds its whole nodes."""
    nodes = whole_nodes(span)
    if not nodes:
        return EMPTY_ROOT
    result = hashes[nodes[-1]]
    for node in reversed(nodes[:-1]):
        result = joined(hashes[node], result)
    return result


def inclusion_spans(index: int, size: int) -> list[Span]:
    """The subtrees whose hashes prove the leaf `index` among `size` (RFC 9162 §2.1.3.1), from the leaf upwards."""
    if not 0 <= index < size:
        raise ValueError("There is no such leaf in a tree of this size.")
    first, end, spans = 0, size, []
    while end - first > 1:
        middle = first + split(end - first)
        if index < middle:
            spans.append((middle, end))
            end = middle
        else:
            spans.append((first, middle))
            first = middle
    return spans[::-1]


def consistency_spans(old: int, new: int) -> list[Span]:
    """The subtrees whose hashes prove that the tree of `old` leaves is the beginning of that of `new` (§2.1.4.1)."""
    if not 0 <= old <= new:
        raise ValueError("The older tree is not the larger one.")
    if old == 0:
        return []
    first, end, spans = 0, new, []
    while old != end:
        middle = first + split(end - first)
        if old <= middle:
            spans.append((middle, end))
            end = middle
        else:
            spans.append((first, middle))
            first = middle
    return ([(first, end)] if first else []) + spans[::-1]


def nodes_of(spans: Iterable[Span]) -> list[Node]:
    """Each whole node that these subtrees are made of."""
    return [node for span in spans for node in whole_nodes(span)]


def root_by_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes:
    """The root that the proof leads to (RFC 9162 §2.1.3.2); ProofBroken when it has not the length of one."""
    if not 0 <= index < size:
        raise ProofBroken("There is no such leaf in a tree of this size.")
    node, last, result = index, size - 1, leaf
    for each in proof:
        if last == 0:
            raise ProofBroken("The proof is too long.")
        if node & 1 or node == last:
            result = joined(each, result)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            result = joined(result, each)
        node, last = node >> 1, last >> 1
    if last:
        raise ProofBroken("The proof is too short.")
    return result


def check_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """ProofBroken unless the leaf stands at `index` in the tree of `size` leaves and this root."""
    if root_by_inclusion(leaf, index, size, proof) != root:
        raise ProofBroken("The proof leads to another root.")


def check_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> None:
    """ProofBroken unless the tree of `new` leaves begins with that of `old` (RFC 9162 §2.1.4.2)."""
    if not 0 <= old <= new or (old == 0 and (old_root != EMPTY_ROOT or proof)):
        raise ProofBroken("There is no such older tree.")
    if old == new and (proof or old_root != new_root):
        raise ProofBroken("Two trees of one size differ.")
    if old in {0, new}:
        return
    if _roots(old, new, old_root, proof) != (old_root, new_root):
        raise ProofBroken("The proof leads to other roots.")


def _roots(old: int, new: int, old_root: bytes, proof: Sequence[bytes]) -> tuple[bytes, bytes]:
    # A tree of a power of two is a node of the newer one: its hash need not be told.
    rest = list(proof) if old & (old - 1) else [old_root, *proof]
    node, last = old - 1, new - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    if not rest:
        raise ProofBroken("The proof is too short.")
    older = newer = rest[0]
    for each in rest[1:]:
        if last == 0:
            raise ProofBroken("The proof is too long.")
        if node & 1 or node == last:
            older, newer = joined(each, older), joined(each, newer)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            newer = joined(newer, each)
        node, last = node >> 1, last >> 1
    if last:
        raise ProofBroken("The proof is too short.")
    return older, newer
