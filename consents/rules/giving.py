"""What data given for the common good consists of: parts, each of which one gives or leaves out by itself."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Module:
    """One part; `fields` read `dataset.field`."""

    slug: str
    fields: Sequence[str]


def flaw_of_modules(
    modules: Sequence[Module], optional: Collection[str], *, needed: bool, donation: bool
) -> str | None:
    """Why these parts are none of a donation, as a sentence in English; None when they are.

    Everything that is given can be left out, and every field of it stands in exactly one part (2022/868 Art. 25(2)).
    """
    if not donation:
        return "Only what is given for the common good has parts." if modules else None
    if needed:
        return "Of what is given for the common good nothing is needed: all of it stands in parts."
    named = Counter(field for module in modules for field in module.fields)
    if not modules or set(named) != set(optional):
        return "The parts stand for all the data that is asked for, and for no other."
    return "A field stands in one part only." if max(named.values()) > 1 else None


def fields_of(modules: Iterable[Module], chosen: Collection[str]) -> list[str]:
    """The fields (`dataset.field`) of the parts that were chosen by slug."""
    return [field for module in modules if module.slug in chosen for field in module.fields]


def chosen_of(modules: Iterable[Module], covered: Collection[str]) -> list[str]:
    """The slugs of the parts of which something is covered."""
    return [module.slug for module in modules if not set(covered).isdisjoint(module.fields)]
