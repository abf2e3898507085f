"""What a case says in one language."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

LANGUAGES = ("fi", "sv", "en")
_Short = Annotated[str, StringConstraints(min_length=1, max_length=120, strip_whitespace=True)]
_Long = Annotated[str, StringConstraints(min_length=1, max_length=2000, strip_whitespace=True)]
_MayBeEmpty = Annotated[str, StringConstraints(max_length=2000, strip_whitespace=True)]


class CaseText(BaseModel):
    """`problem` in plain words, who `gains`, `risks`; `figures` that others published of it, and their `source`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: _Short
    problem: _Long
    gains: _Long
    risks: _MayBeEmpty = ""
    figures: _MayBeEmpty = ""
    source: _MayBeEmpty = ""


class Said(BaseModel):
    """What a resident wrote: `text`, for a proposal its `name` and who `gains`, and how they are named beside it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: str
    name: str = ""
    gains: str = ""
    signature: str = ""


def in_language(texts: Mapping[str, Mapping[str, str]], language: str) -> tuple[CaseText, str]:
    """(The text, its language): the reader's, else the only one that there is."""
    spoken = language if language in texts else next(iter(texts))
    return CaseText.model_validate(texts[spoken]), spoken
