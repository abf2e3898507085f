"""Settings and mapping of a web interface, checked."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from datasources.errors import MisSet
from datasources.protocol import SECRET, words


class Settings(BaseModel):
    """`client_secret` comes from the secrets."""

    model_config = ConfigDict(frozen=True)
    url: str = Field(title=words("Address"), description=words("Where the interface begins; paths stand below it."))
    token_url: str = Field(title=words("Token address"), description=words("Where access tokens are given."))
    client_id: str = Field(title=words("Client id"), description=words("By which the interface knows the portal."))
    client_secret: str = Field(
        title=words("Client secret"),
        description=words("Given to the portal with the client id."),
        json_schema_extra=SECRET,
    )
    page_size: int = Field(500, title=words("Page size"), description=words("How many records are asked for at once."))


class Shape(BaseModel):
    """`listing`, `search`: paths; `items`, `next`: parts of the answer; `columns`: `{field: item key}`."""

    model_config = ConfigDict(frozen=True)
    listing: str
    search: str = ""
    items: str = "items"
    next: str = "next"
    key: str
    columns: dict[str, str]

    @property
    def selected(self) -> list[str]:
        """The item keys to keep, each once; the rest of an answer is dropped as it is read."""
        return sorted(set(self.columns.values()))


def settings_of(settings: dict[str, Any], secrets: dict[str, str]) -> Settings:
    """MisSet names what is missing."""
    try:
        return Settings.model_validate(settings | secrets)
    except ValidationError as fault:
        places = ", ".join(".".join(map(str, error["loc"])) for error in fault.errors())
        raise MisSet(f"The settings of the web interface are not complete: {places}.") from None


def shape_of(dataset: str, mapping: dict[str, Any]) -> Shape:
    """The mapping of one dataset; MisSet names what is missing."""
    try:
        return Shape.model_validate(mapping)
    except ValidationError as fault:
        places = ", ".join(".".join(map(str, error["loc"])) for error in fault.errors())
        raise MisSet(f"The mapping of {dataset} cannot be used: {places}.") from None
