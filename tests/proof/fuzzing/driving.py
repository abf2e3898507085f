"""Hypothesis outside pytest: many examples from one printed seed, and the smallest that fails."""

import os
from collections.abc import Callable
from typing import Any, TypeVar

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.strategies import SearchStrategy

T = TypeVar("T")
_PHASES = (Phase.explicit, Phase.generate, Phase.target, Phase.shrink)


def examples() -> int:
    """How many of each kind: 200, or as FUZZ_EXAMPLES says."""
    return int(os.environ.get("FUZZ_EXAMPLES") or 200)


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
