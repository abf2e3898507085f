"""The shape of a value: enough to see whether a mapping is right, too little to know anyone by."""

from typing import Any

_LONGEST = 24
# What separates parts is kept, as it tells a date from a sum; whatever else is a sign becomes one of these.
_KEPT = set(" -./:,+")


def shape_of(value: Any) -> str:
    """Letters as x, digits as 9, of 24 signs at most; empty for nothing; what has parts tells only how many."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "yes or no"
    if isinstance(value, list | dict):
        return f"{len(value)} parts"
    masked = "".join(map(_masked, str(value)[:_LONGEST]))
    return masked + ("…" if len(str(value)) > _LONGEST else "")


def _masked(sign: str) -> str:
    if sign.isdigit():
        return "9"
    if sign in _KEPT:
        return sign
    return "x" if sign.isalpha() else "*"
