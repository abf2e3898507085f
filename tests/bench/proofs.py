"""Proofs in a large tree, of made-up leaves without entries: of any leaf, by its number and by its hash, and of growth.

`PROOF_LEAVES` (a million; 10000000 for the large tree) says how many; it is measured at a hundredth, a tenth and all.
"""

import hashlib
import os
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from statistics import median
from uuid import UUID

from portal.ledger.merkle import check_consistency, check_inclusion
from portal.ledger.proofs import consistency, inclusion, index_of
from portal.ledger.tiles import extend, read, root
from portal.walls import Role, scope
from tests.bench.framework import DATABASE, Portal, Row

LEAVES = int(os.environ.get("PROOF_LEAVES", "1000000"))
ASKED = 300
BAR_MS = 5.0
# So many times what the height of the tree says, and it does not grow by the logarithm.
GROWTH = 2.0
_AT_ONCE = 1 << 17
_NOW = datetime.now(UTC)
_COPY = "COPY ledger_leaf (index, entry_id, hash, sequenced_at) FROM STDIN (FORMAT binary)"


def rows(portal: Portal) -> list[Row]:
    """Milliseconds of each kind of proof at each size, and how they grow beside the height of the tree."""
    found, sizes, first = [], (LEAVES // 100, LEAVES // 10, LEAVES), 0
    figures: dict[str, list[float]] = {"proof": [], "by_hash": [], "consistency": []}
    for size in sizes:
        _grow(portal, first, size)
        first = size
        for name, measure in (("proof", proof_ms), ("by_hash", _by_hash_ms), ("consistency", _consistency_ms)):
            with scope(Role.WORKER):
                figures[name].append(measure(size))
            found.append(Row(f"{name} {size}", figures[name][-1], BAR_MS, "ms", 1.0, "lower"))
    height = sizes[-1].bit_length() / sizes[0].bit_length()
    return found + [
        Row(f"{name}_growth", all_[-1], all_[0] * height, "ms", GROWTH, "lower") for name, all_ in figures.items()
    ]


def proof_ms(size: int) -> float:
    """One inclusion proof, at the median of three hundred leaves all over the log; each leads to the root."""
    top = root(size)

    def one(index: int) -> Iterator[None]:
        proof = inclusion(index, size)
        yield
        check_inclusion(_leaf(index), index, size, proof, top)

    return _median_ms(size, one)


def _by_hash_ms(size: int) -> float:
    """The same for whoever has the leaf's hash only."""
    top = root(size)

    def one(index: int) -> Iterator[None]:
        leaf = _made_up(index)
        place = index_of(leaf)
        proof = inclusion(place or 0, size)
        yield
        assert place == index
        check_inclusion(leaf, index, size, proof, top)

    return _median_ms(size, one)


def _consistency_ms(size: int) -> float:
    top = root(size)

    def one(index: int) -> Iterator[None]:
        proof = consistency(index + 1, size)
        yield
        check_consistency(index + 1, size, root(index + 1), top, proof)

    return _median_ms(size, one)


def _median_ms(size: int, one: Callable[[int], Iterator[None]]) -> float:
    """Of what is done until the first yield; what comes after it is not measured, and checks."""
    found = []
    for turn in range(ASKED):
        steps = one(turn * 7919 * 131 % size)
        began = time.perf_counter()
        next(steps)
        found.append((time.perf_counter() - began) * 1000)
        assert next(steps, "checked") == "checked"
    return median(found)


def _leaf(index: int) -> bytes:
    return read([(0, index >> 8)])[0, index >> 8][index % 256 * 32 :][:32]


def _made_up(number: int) -> bytes:
    return hashlib.sha256(number.to_bytes(8, "big")).digest()


def _grow(portal: Portal, at: int, size: int) -> None:
    """More leaves, with their rows, under the tree."""
    while at < size:
        count = min(_AT_ONCE, size - at)
        hashes = [_made_up(number) for number in range(at, at + count)]
        with portal.server.connect(DATABASE) as superuser, superuser.cursor().copy(_COPY) as copy:
            copy.set_types(["int8", "uuid", "bytea", "timestamptz"])
            for number, told in enumerate(hashes, at):
                copy.write_row((number, UUID(bytes=told[:16]), told, _NOW))
        with scope(Role.WORKER):
            extend(at, hashes)
        at += count
