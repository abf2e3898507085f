"""What the law itself says of data when somebody moves to another city: it is passed on anyway, or it stays."""

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

from datasources.catalogue.facts import Fact, facts_of
from portal.cities import Text

FILE = "facts/moving.toml"


class Moves(StrEnum):
    """What becomes of it, whatever the person chooses."""

    BY_LAW = "by_law"
    STAYS = "stays"


class Moving(Fact):
    """One dataset: what becomes of it, why in a sentence, and where the law says so."""

    moves: Moves
    why: Text
    law: Text


def read_moving(folder: Path) -> Mapping[str, Moving]:
    """{dataset: what the law says}, of a city's catalogue; nothing where the city tells nothing. CatalogueFault."""
    return facts_of(folder / FILE, Moving)
