"""Settings and mapping of dropped files, checked."""

import codecs
from pathlib import PurePosixPath
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from datasources.errors import MisSet
from datasources.protocol import SECRET, settings_as, shape_as, words

# As Python names them; each may be told by any of its other names (windows-1252, latin-1).
ENCODINGS = ("utf-8", "utf-8-sig", "iso8859-1", "iso8859-15", "cp1252", "utf-16")


class Settings(BaseModel):
    """Where the files lie, how it is known that they are whole, and what becomes of them."""

    model_config = ConfigDict(frozen=True)
    via: Literal["sftp", "folder"] = Field(
        "sftp", title=words("Way"), description=words("sftp: a file server. folder: a folder of this machine.")
    )
    folder: str = Field(
        ".", title=words("Folder"), description=words("Where the files lie, below what the portal is let into.")
    )
    host: str = Field("", title=words("File server"), description=words("Name or address of the SFTP server."))
    port: int = Field(22, title=words("Port"), ge=1, le=65535, description=words("Port of the SFTP server."))
    user: str = Field(
        "", title=words("User"), description=words("Name by which the portal signs in to the file server.")
    )
    host_key: str = Field(
        "",
        title=words("Server's key"),
        description=words("Public key of the file server in OpenSSH form. No other is trusted."),
    )
    password: str = Field("", title=words("Password"), description=words("Of the user."), json_schema_extra=SECRET)
    private_key: str = Field(
        "",
        title=words("Private key"),
        description=words("In OpenSSH form, instead of a password."),
        json_schema_extra=SECRET,
    )
    check_by: Literal["none", "checksum", "manifest"] = Field(
        "none",
        title=words("Checked by"),
        description=words(
            "checksum: a file FILE.sha256 beside each, as sha256sum writes it. manifest: one list of them all."
        ),
    )
    manifest: str = Field("manifest.json", title=words("Manifest"), description=words("Name of the list of files."))
    quiet_seconds: float = Field(
        0,
        title=words("Quiet time"),
        ge=0,
        le=600,
        description=words("How long a file must have lain unchanged, in seconds."),
    )
    after_reading: Literal["leave", "archive", "remove"] = Field(
        "leave",
        title=words("Afterwards"),
        description=words("What becomes of a file once all that is read from it is safe."),
    )
    archive: str = Field(
        "archive", title=words("Archive"), description=words("Folder below the folder, for files that were read.")
    )
    largest_megabytes: int = Field(
        256,
        title=words("Largest file"),
        ge=1,
        le=4096,
        description=words("A larger file is refused. In megabytes (2^20 bytes)."),
    )

    @field_validator("manifest", "archive")
    @classmethod
    def _plain(cls, name: str) -> str:
        return plain_name(name)

    @model_validator(mode="after")
    def _server_is_told(self) -> "Settings":
        needed = {"host": self.host, "user": self.user, "host_key": self.host_key}
        needed["password"] = self.password or self.private_key
        if self.via == "sftp" and (gone := [name for name, told in needed.items() if not told]):
            raise ValueError(", ".join(gone))
        return self


class Shape(BaseModel):
    """How one dataset is read from one file; `columns` is `{field: column}`, in any order.

    A column is a header (CSV, TSV, XLSX; capitals do not matter) or a path of keys or elements below the row, joined
    by `/` (JSON, XML; `@name` is an attribute). `rows` leads to the rows themselves from the top (JSON: keys down to
    the list, nothing when the list is the top; XML: elements below the root). `key` is the column of the identity code,
    `born`, if there is one, that of the birth date that must agree with the code.
    """

    model_config = ConfigDict(frozen=True)
    file: str
    format: Literal["", "csv", "tsv", "xlsx", "json", "xml"] = ""
    encoding: str = "utf-8-sig"
    delimiter: str = Field(";", pattern=r'^[^"\r\n\x00]$')
    sheet: str = ""
    rows: str = ""
    key: str = Field(min_length=1)
    born: str = ""
    columns: dict[str, str]

    @field_validator("file")
    @classmethod
    def _plain(cls, name: str) -> str:
        return plain_name(name)

    @field_validator("encoding")
    @classmethod
    def _known(cls, name: str) -> str:
        if codecs.lookup(name).name not in ENCODINGS:
            raise LookupError(name)
        return codecs.lookup(name).name

    @model_validator(mode="after")
    def _can_be_read(self) -> "Shape":
        if self.kind not in {"csv", "tsv", "xlsx", "json", "xml"}:
            raise ValueError("format")
        if self.kind == "xml" and not self.rows:
            raise ValueError("rows")
        return self

    @property
    def kind(self) -> str:
        """The format, which the file's name tells when the mapping does not."""
        return self.format or PurePosixPath(self.file).suffix.removeprefix(".").lower()

    @property
    def selected(self) -> list[str]:
        """The columns to keep, each once; the rest of a row is dropped as it is read."""
        return sorted(set(self.columns.values()))

    @property
    def wanted(self) -> list[str]:
        """Columns to find in each row: identity code, birth date (the code again when there is none), the selected."""
        return [self.key, self.born or self.key, *self.selected]


def plain_name(name: str) -> str:
    """The name of something right in a folder; ValueError when it could lead elsewhere or is hidden."""
    if not name or name.startswith(".") or set(name) & set("/\\\0"):
        raise ValueError("not a plain name")
    return name


def settings_of(settings: dict[str, Any], secrets: dict[str, str]) -> Settings:
    """MisSet names what is missing or wrong."""
    return settings_as(Settings, settings | secrets, "the file drop")


def shape_of(dataset: str, mapping: dict[str, Any]) -> Shape:
    """The mapping of one dataset; MisSet names what is missing or wrong."""
    try:
        return shape_as(Shape, dataset, mapping)
    except LookupError:
        raise MisSet("The mapping of {dataset} names an encoding that is not known.", dataset=dataset) from None
