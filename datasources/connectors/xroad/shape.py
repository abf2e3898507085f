"""Settings and mapping of an X-Road service, checked."""

from typing import Any
from urllib.parse import quote, urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator

from datasources.protocol import SECRET, settings_as, shape_as, words

_PROTOCOL = "/r1"
# Without and with a subsystem, which is optional (PR-REST 4.1).
_CLIENT_PARTS, _SERVICE_PARTS = (3, 4), (4, 5)


class Settings(BaseModel):
    """`url`: the security server. `client`: `instance/class/code/subsystem`; `service`: the same and a service code.

    `user`: who asks, for X-Road-UserId, with a country before it. `ca`: the certificate (PEM) that signs the security
    server's. `certificate` and `private_key` (PEM) come from the secrets.
    """

    # An error of pydantic would otherwise carry the secret that it complains about.
    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)
    url: str = Field(title=words("Address"), description=words("Of the city's own security server; https."))
    client: str = Field(title=words("Client"), description=words("The portal: FI/MUN/code/subsystem."))
    service: str = Field(title=words("Service"), description=words("FI/MUN/code/subsystem/service."))
    user: str = Field(
        pattern=r"^[A-Z]{2}[\x21-\x7e]{1,100}$",
        title=words("User"),
        description=words("Told with each request, with a country before it: FImydata. Never a resident."),
    )
    ca: str = Field(
        min_length=1,
        title=words("Authority"),
        description=words("Certificate that signs the security server's, in PEM form. No other is trusted."),
    )
    certificate: str = Field(
        min_length=1,
        repr=False,
        title=words("Certificate"),
        description=words("The portal's own, in PEM form."),
        json_schema_extra=SECRET,
    )
    private_key: str = Field(
        min_length=1,
        repr=False,
        title=words("Private key"),
        description=words("Of the certificate, in PEM form."),
        json_schema_extra=SECRET,
    )
    page_size: int = Field(500, title=words("Page size"), description=words("How many records are asked for at once."))

    @field_validator("url")
    @classmethod
    def _guarded(cls, url: str) -> str:
        parts = urlsplit(url)
        bare = not (parts.query or parts.fragment or "@" in parts.netloc or parts.port == 0)
        if parts.scheme != "https" or not parts.hostname or not bare:
            raise ValueError("not an https address")
        return url.rstrip("/")

    @field_validator("client")
    @classmethod
    def _client_is_whole(cls, identifier: str) -> str:
        return _encoded(identifier, _CLIENT_PARTS)

    @field_validator("service")
    @classmethod
    def _service_is_whole(cls, identifier: str) -> str:
        return _encoded(identifier, _SERVICE_PARTS)

    def address_of(self, path: str) -> str:
        """Where a path of the service is."""
        return f"{self.url}{_PROTOCOL}/{self.service}/{path.lstrip('/')}"


class Shape(BaseModel):
    """`listing`, `search`: paths; `items`, `next`: parts of the answer; `columns`: `{field: item key}`."""

    model_config = ConfigDict(frozen=True)
    listing: str
    search: str = ""
    items: str = "items"
    next: str = "next"
    key: str = Field(min_length=1)
    columns: dict[str, str]

    @property
    def selected(self) -> list[str]:
        """The item keys to keep, each once; the rest of an answer is dropped as it is read."""
        return sorted(set(self.columns.values()))


def settings_of(settings: dict[str, Any], secrets: dict[str, str]) -> Settings:
    """MisSet names what is missing or odd."""
    return settings_as(Settings, settings | secrets, "the X-Road service")


def shape_of(dataset: str, mapping: dict[str, Any]) -> Shape:
    """The mapping of one dataset; MisSet names what is missing."""
    return shape_as(Shape, dataset, mapping)


def _encoded(identifier: str, lengths: tuple[int, ...]) -> str:
    """The parts percent-encoded one by one (PR-REST 4.2). Dots alone would climb out of the service."""
    parts = identifier.split("/")
    if len(parts) not in lengths or any(not part.strip(". ") for part in parts):
        raise ValueError("not an X-Road identifier")
    return "/".join(quote(part, safe="") for part in parts)
