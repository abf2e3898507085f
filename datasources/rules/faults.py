"""What went wrong with a source: kept by kind and in sentences with facts, told in the reader's language when shown."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypedDict

from datasources.enums import FaultKind
from datasources.errors import Fact, SourceFault

_KINDS = {kind.value for kind in FaultKind}
_APART = ","
_LONGEST, _LONGEST_FACT = 300, 160


class Said(TypedDict):
    """One sentence as a row keeps it: of which dataset (empty: of the whole source), the text and what fills it."""

    dataset: str
    sentence: str
    facts: dict[str, Fact]


@dataclass(frozen=True)
class Account:
    """All that went wrong in one run; `error` is English, of 300 characters at most. Empty when nothing did."""

    error: str = ""
    faults: str = ""
    sentences: list[Said] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.sentences)


def account_of(faults: Sequence[tuple[str, SourceFault]]) -> Account:
    """The account of (dataset, fault), in their order."""
    error = " ".join(f"{dataset}: {fault}" if dataset else str(fault) for dataset, fault in faults)
    kinds = kept(kind_of(fault) for _, fault in faults)
    return Account(error[:_LONGEST], kinds, [said(fault, dataset=dataset) for dataset, fault in faults])


def said(fault: SourceFault, *, dataset: str = "") -> Said:
    """One fault as a row keeps it; a fact of ten thousand names is cut."""
    facts = {name: fact if isinstance(fact, int) else _short(fact) for name, fact in fault.facts.items()}
    return Said(dataset=dataset, sentence=fault.sentence, facts=facts)


def _short(fact: str) -> str:
    return fact if len(fact) <= _LONGEST_FACT else fact[: _LONGEST_FACT - 1] + "…"


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
