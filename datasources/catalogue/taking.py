"""Which data may be taken to another service by right (GDPR 20(1)), where a dataset differs from its register."""

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

from datasources.catalogue.facts import Fact, facts_of
from datasources.enums import Basis
from portal.cities import Text

FILE = "facts/taking.toml"


class CameFrom(StrEnum):
    """How the city came by it: the person gave it, their use of a service made it, or the city worked it out."""

    GIVEN = "given"
    USED = "used"
    WORKED_OUT = "worked_out"


class Taking(Fact):
    """One dataset: what it rests on by itself (None: as its register), how it came about, and whether it is on paper.

    `why`: a sentence for whoever reads that the right does, or does not, cover it.
    """

    basis: Basis | None = None
    came_from: CameFrom = CameFrom.GIVEN
    on_paper: bool = False
    why: Text


def read_taking(folder: Path) -> Mapping[str, Taking]:
    """{dataset: in what it differs}, of a city's catalogue; nothing where the city tells nothing. CatalogueFault."""
    return facts_of(folder / FILE, Taking)


def covered(basis: Basis, fact: Taking | None = None) -> bool:
    """GDPR 20(1): by permission or contract, given by the person or made by their use, and kept by machine.

    `basis`: of the register. What the city worked out from it is the city's own, and no part of the right.
    """
    rests_on = (fact.basis if fact else None) or basis
    if rests_on not in (Basis.CONSENT, Basis.CONTRACT):
        return False
    return fact is None or (fact.came_from is not CameFrom.WORKED_OUT and not fact.on_paper)
