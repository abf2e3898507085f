"""What a purpose's text consists of, and the hash that answers are tied to."""

import hashlib
from typing import Annotated

import rfc8785
from pydantic import BaseModel, ConfigDict, StringConstraints

LANGUAGES = ("fi", "sv", "en")
Words = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


class Parts(BaseModel):
    """One language's text: layer 0 (`summary`), layer 1 (the six answers), layer 2 (`more`, `child`)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Words
    summary: Words
    who: Words
    what: Words
    why: Words
    benefit: Words
    who_else: Words
    if_no: Words
    how_long: Words
    how_to_stop: Words
    risk: Words
    more: Words
    # Why who decides for a child does so: whole wherever a child can be asked, empty elsewhere.
    child: Annotated[str, StringConstraints(strip_whitespace=True)] = ""


def text_sha256(parts: dict[str, dict[str, str]]) -> str:
    """64 hex digits over the canonical JSON (RFC 8785) of all languages."""
    return hashlib.sha256(rfc8785.dumps(parts)).hexdigest()
