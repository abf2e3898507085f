"""What a city tells of single datasets beside its catalogue: small tables in `facts/`, an entry for each dataset."""

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from datasources.catalogue.files import CatalogueFault, Slug


class Fact(BaseModel):
    """About one dataset."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    slug: Slug


_Fact = TypeVar("_Fact", bound=Fact)


class _File(BaseModel, Generic[_Fact]):
    model_config = ConfigDict(extra="forbid", frozen=True)

    dataset: list[_Fact] = []


@lru_cache(maxsize=8)
def facts_of(path: Path, kind: type[_Fact]) -> Mapping[str, _Fact]:
    """{dataset: what is told of it}; nothing where there is no such table. CatalogueFault names the file."""
    if not path.is_file():
        return {}
    try:
        found: _File[_Fact] = _File[kind].model_validate(tomllib.loads(path.read_text()))  # type: ignore[valid-type]
    except (tomllib.TOMLDecodeError, ValidationError) as fault:
        raise CatalogueFault(f"{path.parents[1].name}/{path.parent.name}/{path.name}: {fault}") from None
    return {each.slug: each for each in found.dataset}
