"""Settings and mapping of a web interface, checked."""

from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import jsonpath
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator

from datasources.protocol import SECRET, settings_as, shape_as, words

SYSTEM = "The web interface"
_THIS_MACHINE = ("127.0.0.1", "localhost", "::1")
_NEEDED = {
    "secret": ("token_url", "client_id", "client_secret"),
    "signed": ("token_url", "client_id", "private_key"),
    "api_key": ("api_key",),
    "none": (),
}


class Settings(BaseModel):
    """Where the interface is, how the portal shows who it is, and by which certificates."""

    # An error of pydantic would otherwise carry the secret that it complains about.
    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)
    url: str = Field(title=words("Address"), description=words("Where the interface begins; paths stand below it."))
    auth: Literal["secret", "signed", "api_key", "none"] = Field(
        "secret",
        title=words("Way in"),
        description=words(
            "secret: OAuth2 with a client secret. signed: OAuth2 with a signed assertion. api_key: a key in a header. "
            "none: nothing, or the portal's certificate alone."
        ),
    )
    token_url: str = Field("", title=words("Token address"), description=words("Where access tokens are given."))
    client_id: str = Field("", title=words("Client id"), description=words("By which the interface knows the portal."))
    client_secret: str = Field(
        "",
        repr=False,
        title=words("Client secret"),
        description=words("Given to the portal with the client id."),
        json_schema_extra=SECRET,
    )
    scope: str = Field("", title=words("Scope"), description=words("Asked for with the token, when there is any."))
    private_key: str = Field(
        "",
        repr=False,
        title=words("Key of assertions"),
        description=words("Private key in PEM form, whose public half the interface knows."),
        json_schema_extra=SECRET,
    )
    key_id: str = Field("", title=words("Key id"), description=words("By which the interface knows that key."))
    algorithm: Literal["ES256", "RS256", "PS256"] = Field(
        "ES256", title=words("Algorithm"), description=words("Of the signature.")
    )
    api_key: str = Field(
        "", repr=False, title=words("API key"), description=words("Sent with each request."), json_schema_extra=SECRET
    )
    api_key_header: str = Field(
        "X-Api-Key",
        pattern=r"^[A-Za-z0-9-]{1,60}$",
        title=words("Header of the key"),
        description=words("The header that carries the API key."),
    )
    certificate: str = Field(
        "",
        repr=False,
        title=words("Certificate"),
        description=words("The portal's own, in PEM form."),
        json_schema_extra=SECRET,
    )
    certificate_key: str = Field(
        "",
        repr=False,
        title=words("Private key"),
        description=words("Of the certificate, in PEM form."),
        json_schema_extra=SECRET,
    )
    ca: str = Field(
        "",
        title=words("Authority"),
        description=words("Certificate that signs the interface's, in PEM form; empty: those that browsers trust."),
    )
    erase_path: str = Field(
        "",
        title=words("Path of erasing"),
        description=words("Where the portal may ask that all data of a person is erased. Left empty, it never asks."),
    )
    erase_method: Literal["POST", "DELETE"] = Field(
        "POST", title=words("Method of erasing"), description=words("The identity code is in the body either way.")
    )
    rehearse_path: str = Field(
        "",
        title=words("Path of the rehearsal"),
        description=words("Where the interface tells, asked by POST, what an erasure would take. It may have none."),
    )
    erase_key: str = Field(
        "code", title=words("Name of the code"), description=words("As the body of an erasure names the identity code.")
    )
    page_size: int = Field(
        500, ge=1, title=words("Page size"), description=words("How many records are asked for at once.")
    )

    @field_validator("url", "token_url")
    @classmethod
    def _guarded(cls, url: str) -> str:
        """Tokens and records go there: by TLS, or not out of this machine at all."""
        parts = urlsplit(url)
        plain = parts.scheme == "http" and parts.hostname in _THIS_MACHINE
        bare = not (parts.fragment or "@" in parts.netloc or parts.port == 0)
        if url and (not (plain or parts.scheme == "https") or not parts.hostname or not bare):
            raise ValueError("not an https address")
        return url

    @model_validator(mode="after")
    def _way_in_is_told(self) -> "Settings":
        gone = [name for name in _NEEDED[self.auth] if not getattr(self, name)]
        if bool(self.certificate) != bool(self.certificate_key):
            gone.append("certificate_key" if self.certificate else "certificate")
        if gone:
            raise ValueError(", ".join(gone))
        return self


def _compiled(part: str) -> str:
    if part.startswith("$"):
        try:
            jsonpath.compile(part)
        except jsonpath.JSONPathError:
            raise ValueError("not a JSONPath") from None
    return part


Part = Annotated[str, AfterValidator(_compiled)]


class Shape(BaseModel):
    """`listing`, `search`: paths. `items`, `next`: parts of the answer. `columns`: `{field: part of an item}`.

    A part is a key, or a JSONPath when it begins with `$` (RFC 9535). `optional` names fields that an item may lack.
    `paging`: `cursor` (`next` tells it), `offset` (until a page is empty), `link` (RFC 8288), `none`.
    `search_key` is the code's name in the body of a search, the same as `key` when not told. With a moment
    (RFC 3339) in `since_parameter`, the listing holds what was changed or removed since, of which the key is enough.
    """

    model_config = ConfigDict(frozen=True)
    listing: str
    search: str = ""
    search_key: str = ""
    items: Part = "items"
    next: Part = "next"
    paging: Literal["cursor", "offset", "link", "none"] = "cursor"
    cursor_parameter: str = "cursor"
    offset_parameter: str = "offset"
    limit_parameter: str = "limit"
    since_parameter: str = ""
    key: Part = Field(min_length=1)
    columns: dict[str, Part]
    optional: list[str] = []

    @model_validator(mode="after")
    def _who_changed_can_be_asked_about(self) -> "Shape":
        if self.since_parameter and not self.search:
            raise ValueError("search")
        return self

    @property
    def selected(self) -> list[str]:
        """The parts of an item to keep, each once; the rest of an answer is dropped as it is read."""
        return sorted(set(self.columns.values()))

    @property
    def may_lack(self) -> set[str]:
        """Parts of which only optional fields are made."""
        needed = {part for field, part in self.columns.items() if field not in self.optional}
        return set(self.columns.values()) - needed

    @property
    def asked_by(self) -> str:
        """The code's name in the body of a search."""
        return self.search_key or self.key


def settings_of(settings: dict[str, Any], secrets: dict[str, str]) -> Settings:
    """MisSet names what is missing or odd."""
    return settings_as(Settings, settings | secrets, "the web interface")


def shape_of(dataset: str, mapping: dict[str, Any]) -> Shape:
    """The mapping of one dataset; MisSet names what is missing or odd."""
    return shape_as(Shape, dataset, mapping)
