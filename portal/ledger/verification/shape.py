"""Leaves against the tree, and the tree against its seals: those of the database and the copies outside it."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from portal.ledger.checkpoints import verifiers
from portal.ledger.copies import read_copy
from portal.ledger.merkle import SIZE, folded, hash_of, joined, whole_nodes
from portal.ledger.notes import Head, NoteBroken, opened
from portal.ledger.tiles import FULL, HEIGHT, WIDTH, read
from portal.ledger.verification.findings import Fault, Finding, elsewhere, of
from portal.walls import Role, bulk, scope

# How many tiles are looked at together.
TILES = 64
_LEAVES = """
SELECT index >> 8, string_agg(hash, '' ORDER BY index), count(*), count(DISTINCT index), min(index), max(index)
FROM ledger_leaf WHERE index >= %b AND index < %b GROUP BY 1
"""
_NUMBERS = "SELECT index, count(*) FROM ledger_leaf WHERE index >= %b AND index < %b GROUP BY index ORDER BY index"
_SEALS = "SELECT size, root, note FROM ledger_checkpoint WHERE size > %b AND size <= %b ORDER BY size"
_NOTHING = bytes(SIZE)


@dataclass(frozen=True)
class Claim:
    """A seal says: over so many entries stands this root. `part`: the hash over those of its last, unfilled tile."""

    size: int
    root: bytes
    part: bytes | None
    copy: str = ""


@dataclass
class Row:
    """Of tiles that stand beside each other: what was wrong, the hash over each full one, and what seals claim."""

    findings: list[Finding] = field(default_factory=list)
    tops: list[bytes] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    seals: int = 0


def check_tiles(first: int, end: int, size: int, copies: Sequence[Path]) -> Row:
    """The tiles of level 0 from `first` to before `end` of a log of `size` leaves, and the seals that end in them."""
    row = Row()
    with scope(Role.WORKER):
        found = {tile[0]: tile[1:] for tile in bulk(_LEAVES, [first * WIDTH, end * WIDTH])}
        tiles = read((0, number) for number in range(first, end))
        seals = bulk(_SEALS, [first * WIDTH, min(end * WIDTH, size)])
    row.seals, leaves = len(seals), {}
    for number in range(first, end):
        count = min(WIDTH, size - number * WIDTH)
        leaves[number] = _leaves(number, count, found.get(number), tiles.get((0, number), b""), row)
        if count == WIDTH:
            row.tops.append(folded(leaves[number]))
    heads = [*_sealed(seals, row), *_copied(copies, row)]
    row.claims = sorted((_claim(head, copy, leaves) for head, copy in heads), key=lambda claim: claim.size)
    return row


def _leaves(number: int, count: int, found: tuple[bytes, int, int, int, int] | None, tile: bytes, row: Row) -> bytes:
    """The hashes of the leaves under a tile, `count` times 32 bytes; what is missing is taken from the tree."""
    at = number * WIDTH
    if found is None or found[1:] != (count, count, at, at + count - 1):
        return _patched(number, count, tile, row)
    hashes = found[0]
    if tile != hashes:
        row.findings.extend(_differing(at, hashes, tile))
    return hashes


def _differing(at: int, hashes: bytes, tile: bytes) -> Iterator[Finding]:
    for index in range(max(len(hashes), len(tile)) // SIZE):
        told, kept = (block[index * SIZE : (index + 1) * SIZE] for block in (tile, hashes))
        if told != kept:
            yield of(at + index, Fault.NO_TILE if not told else Fault.TREE if kept else Fault.BEYOND)


def _patched(number: int, count: int, tile: bytes, row: Row) -> bytes:
    at = number * WIDTH
    with scope(Role.WORKER):
        numbers = dict(bulk(_NUMBERS, [at, at + WIDTH]))
        kept = dict(bulk("SELECT index, hash FROM ledger_leaf WHERE index >= %b AND index < %b", [at, at + WIDTH]))
    row.findings.extend(of(index, Fault.NO_NUMBER) for index in range(at, at + count) if index not in numbers)
    row.findings.extend(of(index, Fault.TWICE) for index, many in numbers.items() if many > 1)
    told = {at + place: tile[place * SIZE : (place + 1) * SIZE] for place in range(len(tile) // SIZE)}
    row.findings.extend(of(index, Fault.TREE) for index, kept_ in kept.items() if told.get(index, kept_) != kept_)
    return b"".join(kept.get(index) or told.get(index, _NOTHING) for index in range(at, at + count))


def _sealed(seals: Sequence[tuple[int, bytes, str]], row: Row) -> Iterator[tuple[Head, str]]:
    by = verifiers()
    for size, root, note in seals:
        try:
            head = opened(note, by)
        except NoteBroken:
            row.findings.append(elsewhere(Fault.SEAL, str(size)))
            continue
        if (head.size, head.root) != (size, root):
            row.findings.append(elsewhere(Fault.SEAL, str(size)))
        else:
            yield head, ""


def _copied(copies: Sequence[Path], row: Row) -> Iterator[tuple[Head, str]]:
    by = verifiers()
    for path in copies:
        try:
            head = read_copy(path, by)
        except NoteBroken:
            row.findings.append(elsewhere(Fault.COPY, path.name))
        else:
            yield head, path.name


def _claim(head: Head, copy: str, leaves: dict[int, bytes]) -> Claim:
    number, over = divmod(head.size, WIDTH)
    part = None
    if over:
        block = leaves.get(number, b"").ljust(FULL, b"\0")
        nodes = whole_nodes((0, over))
        hashes = {node: folded(block[(node[1] << node[0]) * SIZE : (node[1] + 1 << node[0]) * SIZE]) for node in nodes}
        part = hash_of((0, over), hashes)
    return Claim(head.size, head.root, part, copy)


class Climb:
    """Upwards from the tiles of level 0, given in their order: checks the upper tiles, and what each seal claims."""

    def __init__(self, size: int) -> None:
        self.findings: list[Finding] = []
        self._size, self._number = size, 0
        self._peaks: list[tuple[int, bytes]] = []
        self._level: list[list[bytes]] = [[] for _ in range(8)]
        # By whether they are copies: up to where seals fit, and whether all of them did so far.
        self._good = {True: 0, False: 0}
        self._fits = {True: True, False: True}

    def take(self, row: Row, first: int) -> None:
        """The next tiles, of which the first is `first`."""
        self.findings += row.findings
        claims = iter(row.claims)
        claim = next(claims, None)
        for top in [*row.tops, None]:
            # A seal over whole tiles only is reached when the last of them is.
            while claim and claim.size < (self._number + 1) * WIDTH:
                self._judge(claim)
                claim = next(claims, None)
            if top is not None:
                self._push(top)
        while claim:
            self._judge(claim)
            claim = next(claims, None)

    def finish(self) -> None:
        """What is left of the upper tiles, which are not full."""
        for level in range(1, 8):
            self._compare(level, len(self._level[level]) and self._starts(level))

    def _starts(self, level: int) -> int:
        return (self._size >> HEIGHT * level) >> HEIGHT

    def _push(self, top: bytes) -> None:
        self._number += 1
        level, node = 1, top
        self._peaks.append((HEIGHT, top))
        while len(self._peaks) > 1 and self._peaks[-1][0] == self._peaks[-2][0]:
            (height, left), (_, right) = self._peaks[-2:]
            self._peaks[-2:] = [(height + 1, joined(left, right))]
        while True:
            self._level[level].append(node)
            if len(self._level[level]) < WIDTH:
                return
            node = folded(b"".join(self._level[level]))
            self._compare(level, (self._number >> HEIGHT * level) - 1)
            level += 1

    def _compare(self, level: int, number: int) -> None:
        """The hashes that were worked out against the tile that holds them."""
        own = b"".join(self._level[level])
        self._level[level] = []
        with scope(Role.WORKER):
            tile = read([(level, number)]).get((level, number), b"")
        width = 1 << HEIGHT * level
        for place in range(max(len(own), len(tile)) // SIZE):
            told, worked = (block[place * SIZE : (place + 1) * SIZE] for block in (tile, own))
            if told != worked:
                start = (number * WIDTH + place) * width
                self.findings.append(Finding(start, start + width, Fault.UPPER if told else Fault.NO_TILE))

    def _judge(self, claim: Claim) -> None:
        hashes = [peak for _, peak in self._peaks] + ([claim.part] if claim.part else [])
        root = hashes.pop() if hashes else hashlib.sha256(b"").digest()
        while hashes:
            root = joined(hashes.pop(), root)
        copied = bool(claim.copy)
        if root == claim.root:
            self._good[copied] = claim.size
        elif self._fits[copied]:
            # The seals after it cannot fit either: the first one tells where.
            self._fits[copied] = False
            fault, more = (Fault.FORKED, claim.copy) if copied else (Fault.ROOT, str(claim.size))
            self.findings.append(Finding(self._good[copied], claim.size, fault, more))
