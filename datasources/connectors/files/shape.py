"""Settings and mapping of dropped files, checked."""

import codecs
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from datasources.errors import MisSet


class Settings(BaseModel):
    """`host_key` is the server's public key in OpenSSH form; `password` comes from the secrets."""

    model_config = ConfigDict(frozen=True)
    host: str
    port: int = 22
    user: str
    host_key: str
    password: str
    folder: str = "."


class Shape(BaseModel):
    """One file; `columns` is `{field: header}`, `key` the header of the identity code, in any order.

    `born`, if there is one, is the header of the birth date that must agree with the code.
    """

    model_config = ConfigDict(frozen=True)
    file: str
    encoding: str = "utf-8-sig"
    delimiter: str = ";"
    key: str
    born: str = ""
    columns: dict[str, str]

    @field_validator("encoding")
    @classmethod
    def _known(cls, name: str) -> str:
        codecs.lookup(name)
        return name

    @property
    def selected(self) -> list[str]:
        """The headers to keep, each once; the rest of a line is dropped as it is read."""
        return sorted(set(self.columns.values()))


def settings_of(settings: dict[str, Any], secrets: dict[str, str]) -> Settings:
    """MisSet names what is missing."""
    try:
        return Settings.model_validate(settings | secrets)
    except ValidationError as fault:
        places = ", ".join(".".join(map(str, error["loc"])) for error in fault.errors())
        raise MisSet(f"The settings of the file drop are not complete: {places}.") from None


def shape_of(dataset: str, mapping: dict[str, Any]) -> Shape:
    """The mapping of one dataset; MisSet names what is missing."""
    try:
        return Shape.model_validate(mapping)
    except ValidationError as fault:
        places = ", ".join(".".join(map(str, error["loc"])) for error in fault.errors())
        raise MisSet(f"The mapping of {dataset} cannot be used: {places}.") from None
    except LookupError:
        raise MisSet(f"The mapping of {dataset} names an encoding that is not known.") from None
