"""What a package is: who made it for whom, and its items, each one dataset with the label that the law gives it."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from portal.cities import Text
from portal.keys.indexes import normal_identity_code
from portal.keys.package_keys import PACKAGES_LIVE

MEDIA_TYPE = "application/vnd.omattiedot.package+zip"
FORMAT = "1"
# The `typ` of its signature (RFC 7515 §4.1.9): nothing else that a city signs is taken for a package.
KIND = "transfer-package+jws"
METADATA, SIGNATURE = "ro-crate-metadata.json", "manifest.jws"
LANGUAGES = ("fi", "sv", "en")
# A package is a letter, not an archive: whoever takes longer than this to move asks for a new one.
LONGEST_LIFE = PACKAGES_LIVE
NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,78}[a-z0-9])?", re.ASCII)
# Of the rulebook, as a package names it.
VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}", re.ASCII)

Row = Mapping[str, Any]


class Label(StrEnum):
    """What the law says of an item: whether it may be taken along, is a copy, or moves or stays whatever one wishes."""

    RIGHT = "right"  # to take along: GDPR Art. 20
    COPY = "copy"  # of what is kept: GDPR Art. 15
    BY_LAW = "by_law"  # the authorities pass it on by law anyway
    STAYS = "stays"  # the original stays where it is
    OTHER_CONTROLLER = "other_controller"  # somebody else answers for it


@dataclass(frozen=True)
class Origin:
    """The city that an item came from first, when it was handed on as it had come, and when that city had issued it."""

    city: str
    name: Text
    issued: datetime


@dataclass(frozen=True)
class Item:
    """One dataset of one person. `id` names its files and is unique in its package; mostly it is the dataset's slug.

    `schema`: JSON Schema (2020-12) of one row; its `properties` are the columns, in their order. `as_of`: when it was
    true. Rows hold what JSON can tell, at most sixteen levels deep.
    """

    id: str
    dataset: str
    label: Label
    title: Text
    department: Text
    register: Text
    schema: Mapping[str, Any]
    rows: Sequence[Row] = field(repr=False)
    as_of: datetime
    origin: Origin | None = None


@dataclass(frozen=True)
class Fact:
    """One fact that can be shown alone: an SD-JWT VC (`facts`), named in three languages."""

    id: str
    title: Text
    sd_jwt: str = field(repr=False)


@dataclass(frozen=True)
class PersonDigest:
    """Whose the package is, for whoever knows the identity code already: HMAC-SHA-256 over it, keyed by the salt."""

    salt: str
    digest: str

    @classmethod
    def of(cls, identity_code: str, *, salt: bytes | None = None) -> "PersonDigest":
        """With 32 random bytes of salt, so that two packages of one person do not look alike."""
        salt = salt or secrets.token_bytes(32)
        code = normal_identity_code(identity_code)
        return cls(salt.hex(), hmac.new(salt, code.encode(), hashlib.sha256).hexdigest())

    def is_of(self, identity_code: str) -> bool:
        """In constant time."""
        return hmac.compare_digest(self.of(identity_code, salt=bytes.fromhex(self.salt)).digest, self.digest)


@dataclass(frozen=True)
class Head:
    """Who made the package, when, for whom. `audience`: the receiving city's slug; None when it is anybody's to read.

    `audience_name` is for the page that people read, and is not told in the list.
    `rulebooks`: {city: version of the rulebook it had adopted}. `nonce`: by which a package is known to have been seen.
    """

    city: str
    city_name: Text
    url: str
    issued: datetime
    expires: datetime
    person: PersonDigest
    audience: str | None = None
    rulebooks: Mapping[str, str] = field(default_factory=dict)
    nonce: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    audience_name: Text | None = field(default=None, compare=False)


class File(NamedTuple):
    """A file within the package: its name, its size unpacked, SHA-256 in hexadecimal, media type."""

    name: str
    size: int
    sha256: str
    media_type: str


@dataclass(frozen=True)
class Listed:
    """An item as the manifest lists it: everything but its rows and its schema, which are files."""

    id: str
    dataset: str
    label: Label
    title: Text
    department: Text
    register: Text
    as_of: datetime
    row_count: int
    origin: Origin | None
    json: File
    csv: File
    schema: File


@dataclass(frozen=True)
class ListedFact:
    """A fact as the manifest lists it."""

    id: str
    title: Text
    file: File


@dataclass(frozen=True)
class Manifest:
    """What is in a package: its head, its items, its facts, and the pages for people."""

    head: Head
    items: tuple[Listed, ...]
    facts: tuple[ListedFact, ...]
    pages: tuple[File, ...]

    @property
    def files(self) -> tuple[File, ...]:
        """All that are listed: each is in the package, and nothing else but the list and its signature."""
        of_items = (file for item in self.items for file in (item.json, item.csv, item.schema))
        return (*of_items, *(fact.file for fact in self.facts), *self.pages)
