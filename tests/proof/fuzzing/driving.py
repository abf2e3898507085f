"""Hypothesis outside pytest: many examples from one printed seed, and the smallest that fails."""

import os
from collections.abc import Callable
from typing import Any, TypeVar

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.strategies import SearchStrategy

T = TypeVar("T")
# Put where they do not belong.
WORDS: tuple[bytes, ...] = (
    b"", b"\0", b"<", b">", b"\"", b"]", b"}", b",", b"\n", b"&x;", b"\x0b", b"\xff\xfe", b"\xed\xa0\x80", b"NaN",
    b"1e999", b"9" * 400, b"2100-01-01 00:00:00 +0200", b"0001-01-01T00:00:00", b"9999-12-31 23:59:59 -1200",
    b"-1", b"null", b"[]", b"{}", b"true", b"[[[[", b"<!DOCTYPE x [", b"]>", b"PK\x03\x04", b"PK\x05\x06",
    b"+9999", b"PT", b"-1200", b"+2400", b"0001-01-01", b"9999-12-31", b"1e308", b"-0", b"\"\"", b"\xef\xbb\xbf",
    "\N{RIGHT-TO-LEFT OVERRIDE}Áánná".encode(),
)  # fmt: skip
_PHASES = (Phase.explicit, Phase.generate, Phase.target, Phase.shrink)


def examples() -> int:
    """How many of each kind: 200, or as FUZZ_EXAMPLES says."""
    return int(os.environ.get("FUZZ_EXAMPLES") or 200)


def minutes_a_parser() -> float:
    """For how long each parser is tried beyond its examples: not at all, or as FUZZ_MINUTES says."""
    return float(os.environ.get("FUZZ_MINUTES") or 0)


def drive(name: str, examples: SearchStrategy[T], hold: Callable[[T], Any], *, count: int, number: int) -> int:
    """Call `hold` with `count` examples; AssertionError, which names seed and example, when it raises anything."""
    tried: list[T] = []

    @seed(number)
    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        phases=_PHASES,
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
    )
    @given(examples)
    def run(example: T) -> None:
        tried.append(example)
        hold(example)

    try:
        run()
    except Exception as fault:
        # Whatever it is, nothing should have been raised; the last example is the smallest.
        inner = "; ".join(repr(each) for each in getattr(fault, "exceptions", ()))
        told = f"{type(fault).__name__}: {inner or fault}"
        raise AssertionError(f"{name} (seed {number}): {tried[-1:]!r:.400}: {told}") from fault
    print(f"  {name:<40} {len(tried):6} examples", flush=True)
    return len(tried)
