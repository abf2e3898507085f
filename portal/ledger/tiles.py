"""The tree in the database: hashes by the tile of 256, as C2SP tlog-tiles cuts them. A tile only ever grows.

Tiles of level 0 hold the hashes of leaves; each hash of the next level stands over a whole tile of the one below.
"""

from collections.abc import Iterable, Sequence

from django.db import connection

from portal.ledger.merkle import SIZE, Hashes, Node, Span, folded, hash_of, nodes_of
from portal.walls import bulk

HEIGHT = 8
WIDTH = 1 << HEIGHT
FULL = WIDTH * SIZE

# (level, number) of a tile.
Place = tuple[int, int]

_READ = """
SELECT t.level, t.number, t.hashes FROM unnest(%b::smallint[], %b::bigint[]) AS wanted (level, number)
JOIN ledger_tile t USING (level, number)
"""
_WRITE = """
INSERT INTO ledger_tile (level, number, hashes) SELECT * FROM unnest(%s::smallint[], %s::bigint[], %s::bytea[])
ON CONFLICT (level, number) DO UPDATE SET hashes = EXCLUDED.hashes
"""


class TreeBroken(Exception):
    """The tree in the database is not what was written or signed: nothing is signed on top of it."""


def read(places: Iterable[Place]) -> dict[Place, bytes]:
    """The hashes of these tiles, 32 bytes each one after the other; a tile that is not there is left out."""
    wanted = sorted(set(places))
    rows = bulk(_READ, [[level for level, _ in wanted], [number for _, number in wanted]])
    return {(level, number): hashes for level, number, hashes in rows}


def nodes(wanted: Sequence[Node]) -> Hashes:
    """The hash of each of these whole nodes; TreeBroken when a tile has not what it must."""
    tiles = read(_place(node) for node in wanted)
    return {node: _within(node, tiles.get(_place(node), b"")) for node in wanted}


def hashes_of(spans: Sequence[Span]) -> list[bytes]:
    """The hash over each of these subtrees; the tiles are read in one statement."""
    found = nodes(nodes_of(spans))
    return [hash_of(span, found) for span in spans]


def root(size: int) -> bytes:
    """32 bytes over the first `size` leaves."""
    return hashes_of([(0, size)])[0]


def extend(size: int, leaves: Sequence[bytes]) -> None:
    """Put the hashes of more leaves behind the first `size`, and read back what was written; TreeBroken otherwise."""
    written = dict(_grown(size, leaves))
    with connection.cursor() as cursor:
        places = list(written)
        columns = [level for level, _ in places], [number for _, number in places], list(written.values())
        cursor.execute(_WRITE, columns)
    if read(written) != written:
        raise TreeBroken("A tile does not hold what was written into it.")


def _grown(size: int, leaves: Sequence[bytes]) -> Iterable[tuple[Place, bytes]]:
    level, start, more = 0, size, b"".join(leaves)
    while more:
        first, there = start >> HEIGHT, (start % WIDTH) * SIZE
        before = read([(level, first)]).get((level, first), b"")
        if len(before) != there:
            raise TreeBroken("The last tile has more or fewer hashes than leaves were sealed.")
        block = before + more
        tiles = [block[at : at + FULL] for at in range(0, len(block), FULL)]
        yield from (((level, first + number), tile) for number, tile in enumerate(tiles))
        level, start, more = level + 1, first, b"".join(folded(tile) for tile in tiles if len(tile) == FULL)


def _place(node: Node) -> Place:
    level, number = node
    return level // HEIGHT, number >> (HEIGHT - level % HEIGHT)


def _within(node: Node, tile: bytes) -> bytes:
    level, number = node
    width = 1 << level % HEIGHT
    at = number * width % WIDTH
    hashes = tile[at * SIZE : (at + width) * SIZE]
    if len(hashes) != width * SIZE:
        raise TreeBroken("A tile of the tree is missing or too short.")
    return folded(hashes)
