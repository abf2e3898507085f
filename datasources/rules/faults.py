"""What went wrong with a source: kept by kind, told in a sentence of the language in force when it is shown."""

from collections.abc import Iterable

from datasources.enums import FaultKind

_KINDS = {kind.value for kind in FaultKind}
_APART = ","


def kind_of(fault: Exception) -> FaultKind:
    """By the fault's class, or the nearest one above it that has a kind."""
    names = (step.__name__ for step in type(fault).__mro__)
    return FaultKind(next((name for name in names if name in _KINDS), FaultKind.OTHER.value))


def kept(kinds: Iterable[FaultKind]) -> str:
    """Each once, in order, as a row keeps them."""
    return _APART.join(dict.fromkeys(kind.value for kind in kinds))


def told(kinds: str) -> str:
    """The sentences of what a row keeps; empty when nothing went wrong, or it was kept before there were kinds."""
    return " ".join(str(FaultKind(kind).label) for kind in kinds.split(_APART) if kind in _KINDS)
