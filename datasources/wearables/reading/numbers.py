"""Numbers as files write them."""

from collections.abc import Sequence

import numpy as np

from datasources.wearables.columns import Floats, Mask

_METRES = {"m": 1.0, "km": 1000.0, "mi": 1609.344, "ft": 0.3048, "yd": 0.9144, "cm": 0.01}
_MINUTES = {"min": 1.0, "s": 1 / 60, "sec": 1 / 60, "hr": 60.0, "h": 60.0, "ms": 1 / 60_000}


def number(value: object) -> float | None:
    """Of text or a number; None when it is none. What is not finite stays so."""
    if isinstance(value, bool):
        return None
    try:
        return float(value)  # type: ignore[arg-type]
    except (ValueError, TypeError, OverflowError):
        return None


def numbers(values: Sequence[object]) -> tuple[Floats, Mask]:
    """(numbers, which of them are one) of texts."""
    try:
        return np.fromiter(map(float, values), np.float64, len(values)), np.ones(len(values), np.bool_)  # type: ignore[arg-type]
    except (ValueError, TypeError, OverflowError):
        found = [number(each) for each in values]
        return np.array([each or 0.0 for each in found]), np.array([each is not None for each in found], np.bool_)


def metres(unit: str) -> float | None:
    """How many metres one is."""
    return _METRES.get(unit)


def minutes(unit: str) -> float | None:
    """How many minutes one is."""
    return _MINUTES.get(unit)
