"""Numbers as files write them."""

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


def metres(unit: str) -> float | None:
    """How many metres one is."""
    return _METRES.get(unit)


def minutes(unit: str) -> float | None:
    """How many minutes one is."""
    return _MINUTES.get(unit)
