"""Good files turned into bad ones as coverage-guided fuzzers do: bits, cuts, splices, words; what behaves anew is kept.

What "behaves anew" is read from outside: how the reading ended and what its report counted, in powers of two.
"""

import random
import time
from collections.abc import Callable, Hashable, Sequence

from tests.proof.fuzzing.driving import WORDS

_LONGEST = 1 << 18
_MOST_KEPT = 400
_MOST_CHANGES = 8
_SLOWEST = 10.0


def mutated(content: bytes, others: Sequence[bytes], chance: random.Random) -> bytes:
    """One to eight changes, one after the other."""
    for _ in range(chance.randint(1, _MOST_CHANGES)):
        content = chance.choice(_WAYS)(content, others, chance)
    return content[:_LONGEST]


def _place(content: bytes, chance: random.Random) -> int:
    return chance.randrange(len(content) + 1)


def _bits(content: bytes, others: Sequence[bytes], chance: random.Random) -> bytes:
    if not content:
        return content
    changed = bytearray(content)
    for _ in range(chance.choice((1, 1, 1, 4, 16))):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _cut(content: bytes, others: Sequence[bytes], chance: random.Random) -> bytes:
    return content[: _place(content, chance)]


def _left_out(content: bytes, others: Sequence[bytes], chance: random.Random) -> bytes:
    at = _place(content, chance)
    return content[:at] + content[at + chance.choice((1, 2, 8, 64, 1024)) :]


def _doubled(content: bytes, others: Sequence[bytes], chance: random.Random) -> bytes:
    at = _place(content, chance)
    piece = content[at : at + chance.choice((1, 8, 64, 512))]
    return content[:at] + piece * chance.choice((1, 2, 50)) + content[at:]


def _spliced(content: bytes, others: Sequence[bytes], chance: random.Random) -> bytes:
    other = chance.choice(others)
    return content[: _place(content, chance)] + other[_place(other, chance) :]


def _word(content: bytes, others: Sequence[bytes], chance: random.Random) -> bytes:
    at, word = _place(content, chance), chance.choice(WORDS)
    return content[:at] + word + content[at + chance.choice((0, 0, len(word), 1)) :]


def _number(content: bytes, others: Sequence[bytes], chance: random.Random) -> bytes:
    """A number of the text becomes another, of which there is always something to get wrong."""
    digits = [at for at in range(max(len(content) - 1, 0)) if content[at : at + 1].isdigit()]
    if not digits:
        return content
    at = end = chance.choice(digits)
    while content[end : end + 1].isdigit():
        end += 1
    odd = (b"0", b"-1", b"1e400", b"NaN", b"99999999999999999999", b"0.1", b"2147483648", b"00", b"")
    return content[:at] + chance.choice(odd) + content[end:]


_WAYS: tuple[Callable[[bytes, Sequence[bytes], random.Random], bytes], ...] = (
    _bits, _cut, _left_out, _doubled, _spliced, _word, _word, _number, _number,
)  # fmt: skip


def drive_for(
    name: str, seeds: Sequence[bytes], hold: Callable[[bytes], Hashable], *, seconds: float, number: int
) -> int:
    """Call `hold` with changed `seeds` for so long; AssertionError, which holds seed and input, when it raises at all.

    `hold` gives how it behaved. An input that takes ten seconds of the processor has failed too.
    """
    chance = random.Random(f"{number} {name}")  # noqa: S311 - the same again for the same seed
    kept, seen = list(seeds), {hold(each) for each in seeds}
    until, count = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        content, began = mutated(chance.choice(kept), kept, chance), time.process_time()
        try:
            found = hold(content)
        except Exception as fault:
            told = f"{name} (seed {number}, input {count}): {type(fault).__name__}: {fault}: {content!r:.2000}"
            raise AssertionError(told) from fault
        took = time.process_time() - began
        assert took < _SLOWEST, f"{name} (seed {number}, input {count}) took {took:.1f} s: {content!r:.2000}"
        count += 1
        if found not in seen:
            seen.add(found)
            kept = kept if len(kept) < _MOST_KEPT else [*seeds, *chance.sample(kept, _MOST_KEPT // 2)]
            kept.append(content)
    print(f"  {name:<40} {count:6} examples in {seconds:.0f} s, {len(seen)} behaviours", flush=True)
    return count
