"""How many examples a property is tried with: a quarter in `make test`, all of them in `make proof PART=crash`."""

import os

EVERY = "ALL_EXAMPLES"


def examples(every: int) -> int:
    """So many of `every`; five at least."""
    return every if os.environ.get(EVERY) else max(5, every // 4)
