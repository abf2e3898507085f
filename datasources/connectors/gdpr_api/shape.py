"""Settings and mapping of a GDPR API, checked."""

from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, Json, field_validator

from datasources.errors import Garbled
from datasources.protocol import SECRET, settings_as, shape_as, words

Path = tuple[str, ...]
_PLACES = ("$user_uuid", "$profile_id")
_THIS_MACHINE = ("127.0.0.1", "localhost", "::1")


class Settings(BaseModel):
    """`client_secret` and `ids` come from the secrets.

    `url` has `$user_uuid` or `$profile_id` where the person's id goes; else the id is appended. `id_claim`: which claim
    of the person's token is that id. `ids`: `{identity code: id}` as JSON, of those a service account may ask about.
    """

    # An error of pydantic would otherwise carry the secret that it complains about.
    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)
    url: str = Field(
        title=words("Address"),
        description=words("With $user_uuid or $profile_id where the person's id goes; else the id is appended."),
    )
    token_url: str = Field(title=words("Token address"), description=words("Where access tokens are given."))
    audience: str = Field(title=words("Audience"), description=words("The name of the service at the token server."))
    client_id: str = Field(title=words("Client id"), description=words("By which the interface knows the portal."))
    client_secret: str = Field(
        repr=False,
        title=words("Client secret"),
        description=words("Given to the portal with the client id."),
        json_schema_extra=SECRET,
    )
    ids: Json[dict[str, UUID]] | None = Field(
        default=None,
        repr=False,
        title=words("Ids of people"),
        json_schema_extra=SECRET,
        description=words("Of whom a service account may ask: identity code and id, as JSON. Else leave it empty."),
    )
    id_claim: str = Field(
        "sub", title=words("Claim"), description=words("The part of a token that is the person's id.")
    )
    query_scope: str = Field("gdprquery", title=words("Scope of asking"), description=words("As the service names it."))
    delete_scope: str = Field(
        "gdprdelete", title=words("Scope of erasing"), description=words("As the service names it.")
    )
    erases: bool = Field(
        False,  # noqa: FBT003 - a default
        title=words("Erases when asked"),
        description=words("The portal may have all of a person's data erased here, when the person asks for it."),
    )

    @field_validator("url", "token_url")
    @classmethod
    def _guarded(cls, url: str) -> str:
        """A token goes there: by TLS, or not out of this machine at all."""
        parts = urlsplit(url)
        plain = parts.scheme == "http" and parts.hostname in _THIS_MACHINE
        bare = not (parts.fragment or "@" in parts.netloc or parts.port == 0)
        if not (plain or parts.scheme == "https") or not parts.hostname or not bare:
            raise ValueError("not an https address")
        return url

    def address_of(self, person: str) -> str:
        """Where the person's data is; Garbled when the id is no UUID, as anything else could lead elsewhere."""
        try:
            identity = str(UUID(person))
        except ValueError:
            raise Garbled("The token of the person has no id that could be asked about.") from None
        address = self.url
        for place in _PLACES:
            address = address.replace(place, identity)
        return address if address != self.url else f"{self.url.rstrip('/')}/{identity}"


class Shape(BaseModel):
    """Paths are keys joined by `/`, below the root or a row. `rows`: the nodes that are a row each; empty: the root.

    `columns`: `{field: path below the row}`. `key`: below the root, what tells whose data it is: the identity code, or
    the id that was asked about.
    """

    model_config = ConfigDict(frozen=True)
    rows: str = ""
    key: str = Field(min_length=1)
    columns: dict[str, str]

    @field_validator("columns")
    @classmethod
    def _say_where(cls, columns: dict[str, str]) -> dict[str, str]:
        if not all(columns.values()):
            raise ValueError("a column without a path")
        return columns

    @property
    def selected(self) -> list[str]:
        """The paths to keep, each once; the rest of a tree is dropped as it is read."""
        return sorted(set(self.columns.values()))


def steps(path: str) -> Path:
    """The keys of a path."""
    return tuple(path.split("/")) if path else ()


def settings_of(settings: dict[str, Any], secrets: dict[str, str]) -> Settings:
    """MisSet names what is missing or odd."""
    return settings_as(Settings, settings | secrets, "the GDPR API")


def shape_of(dataset: str, mapping: dict[str, Any]) -> Shape:
    """The mapping of one dataset; MisSet names what is missing."""
    return shape_as(Shape, dataset, mapping)
