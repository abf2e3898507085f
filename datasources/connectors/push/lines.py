"""A stream of bytes as lines, however long it is: one line at most is held."""

from collections.abc import Iterable, Iterator

LONGEST = 1 << 20


def lines_of(blocks: Iterable[bytes]) -> Iterator[bytes | None]:
    """Each line without its end (U+000A); None in place of one that is longer than 1 MiB, of which nothing is held."""
    held, over = b"", False
    for block in blocks:
        first, *more = block.split(b"\n")
        held = b"" if over else held + first
        if len(held) > LONGEST:
            held, over = b"", True
        if more:
            yield None if over else held
            *whole, held = more
            for line in whole:
                yield line if len(line) <= LONGEST else None
            over = len(held) > LONGEST
    if held or over:
        yield None if over else held
