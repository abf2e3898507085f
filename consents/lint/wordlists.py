"""The lists of words of each language, read from `words/*.toml`."""

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

_FOLDER = Path(__file__).with_name("words")


class WordLists(BaseModel):
    """One language's lists; `numbers` is `{figure: forms}`, `units` `{unit: beginnings}`, `months` in order."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    hard: Sequence[str]
    dotted: Sequence[str]
    known: Sequence[str]
    explains: Sequence[str]
    clauses: Sequence[str]
    terms: Sequence[str]
    months: Sequence[str]
    numbers: Mapping[str, Sequence[str]]
    units: Mapping[str, Sequence[str]]


@cache
def lists_of(language: str) -> WordLists:
    """The lists of `fi`, `sv` or `en`."""
    return WordLists.model_validate(tomllib.loads((_FOLDER / f"{language}.toml").read_text()))
