"""What the law itself says of data when somebody moves to another city: it is passed on anyway, or it stays."""

import tomllib
from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from datasources.catalogue.files import CatalogueFault, Slug
from portal.cities import Text

FILE = "facts/moving.toml"


class Moves(StrEnum):
    """What becomes of it, whatever the person chooses."""

    BY_LAW = "by_law"
    STAYS = "stays"


class Moving(BaseModel):
    """One dataset: what becomes of it, why in a sentence, and where the law says so."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    slug: Slug
    moves: Moves
    why: Text
    law: Text


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    dataset: list[Moving] = []


@lru_cache(maxsize=4)
def read_moving(folder: Path) -> Mapping[str, Moving]:
    """{dataset: what the law says}, of a city's catalogue; nothing where the city tells nothing. CatalogueFault."""
    path = folder / FILE
    if not path.is_file():
        return {}
    try:
        found = _File.model_validate(tomllib.loads(path.read_text()))
    except (tomllib.TOMLDecodeError, ValidationError) as fault:
        raise CatalogueFault(f"{folder.name}/{FILE}: {fault}") from None
    return {each.slug: each for each in found.dataset}
