"""Writing a package into whatever takes bytes: each item is packed and gone before the next one is looked at."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

from datasources.transfers.package.crate import crate_of
from datasources.transfers.package.manifests import CSV, HTML, JSON, SCHEMA, SD_JWT
from datasources.transfers.package.readme import ReadMe
from datasources.transfers.package.reasons import Refused
from datasources.transfers.package.schemas import columns_of
from datasources.transfers.package.shape import (
    LANGUAGES,
    LONGEST_LIFE,
    METADATA,
    NAME,
    SIGNATURE,
    Fact,
    File,
    Head,
    Item,
    Listed,
    ListedFact,
    Manifest,
)
from datasources.transfers.package.signatures import SigningKey, signature_over
from datasources.transfers.package.tables import json_of, rows_of, table_of
from datasources.transfers.package.zips import Packed, Sink, Writer
from portal.keys.signing import signing_key

KEY = "packages"


class NotAnItem(ValueError):
    """An item cannot be written: its name, its schema or its rows are not as `Item` says."""


@dataclass(frozen=True)
class Written:
    """A package that was written: what is in it, its size in bytes and its SHA-256."""

    manifest: Manifest
    size: int
    sha256: str

    @property
    def rows(self) -> int:
        """How many rows in all."""
        return sum(item.row_count for item in self.manifest.items)


class _Digesting:
    """Hands bytes on, and knows their SHA-256."""

    def __init__(self, sink: Sink) -> None:
        self._sink, self.digest = sink, hashlib.sha256()

    def write(self, data: bytes, /) -> None:
        self.digest.update(data)
        self._sink.write(data)


class _Page:
    """A page for people, packed as it grows; its digest is known at its end."""

    def __init__(self, language: str) -> None:
        self.name, self.page = f"read-me.{language}.html", ReadMe(language)
        self.packed, self._digest = Packed(), hashlib.sha256()

    def add(self, piece: bytes) -> None:
        self.packed.add(piece)
        self._digest.update(piece)

    def file(self) -> File:
        return File(self.name, self.packed.size, self._digest.hexdigest(), HTML)


def write_package(
    sink: Sink, head: Head, items: Iterable[Item], *, facts: Iterable[Fact] = (), key: SigningKey | None = None
) -> Written:
    """The whole package, signed by the newest key `packages` of the ring unless another is given.

    `items` may be made while they are asked for. NotAnItem, and what the sink raises: what was written is then none.
    """
    if not head.issued < head.expires <= head.issued + LONGEST_LIFE:
        raise ValueError
    through = _Digesting(sink)
    archive = Writer(through)
    pages = [_Page(language) for language in LANGUAGES]
    for page in pages:
        page.add(page.page.beginning(head))
    listed = tuple(_put_item(archive, pages, item) for item in items)
    if len({item.id for item in listed}) < len(listed):
        raise NotAnItem
    told_facts = list(facts)
    shown = tuple(_put_fact(archive, fact) for fact in told_facts)
    for page in pages:
        page.add(page.page.facts(told_facts) + page.page.end())
        archive.put(page.name, page.packed)
    manifest = Manifest(head, listed, shown, tuple(page.file() for page in pages))
    _sign(archive, through, manifest, key or signing_key(KEY))
    return Written(manifest, archive.at, through.digest.hexdigest())


def _sign(archive: Writer, through: _Digesting, manifest: Manifest, key: SigningKey) -> None:
    told = crate_of(manifest)
    _put(archive, METADATA, told, JSON)
    _put(archive, SIGNATURE, signature_over(told, archive=through.digest.hexdigest(), key=key), JSON)
    archive.end()


def _put(archive: Writer, name: str, data: bytes, media_type: str) -> File:
    packed = Packed()
    packed.add(data)
    archive.put(name, packed)
    return File(name, len(data), hashlib.sha256(data).hexdigest(), media_type)


def _put_item(archive: Writer, pages: list[_Page], item: Item) -> Listed:
    if not NAME.fullmatch(item.id):
        raise NotAnItem
    data, table = _told(item)
    for page in pages:
        page.add(page.page.item(item))
    return Listed(
        **{name: getattr(item, name) for name in ("id", "dataset", "label", "title", "department", "register")},
        as_of=item.as_of,
        origin=item.origin,
        row_count=len(item.rows),
        json=_put(archive, f"data/{item.id}.json", data, JSON),
        csv=_put(archive, f"data/{item.id}.csv", table, CSV),
        schema=_put(archive, f"schemas/{item.id}.json", msgspec.json.encode(item.schema), SCHEMA),
    )


def _told(item: Item) -> tuple[bytes, bytes]:
    """(JSON, table) of its rows, looked at as whoever receives them will. NotAnItem."""
    try:
        columns = columns_of(item.schema)
        data = json_of(item.rows)
        # What JSON cannot tell, such as what is not a number, is something else when it is read.
        return data, table_of(rows_of(data), columns)
    except (ValueError, TypeError, OverflowError, RecursionError, Refused):
        raise NotAnItem from None


def _put_fact(archive: Writer, fact: Fact) -> ListedFact:
    if not NAME.fullmatch(fact.id):
        raise NotAnItem
    return ListedFact(fact.id, fact.title, _put(archive, f"facts/{fact.id}.sd-jwt", fact.sd_jwt.encode(), SD_JWT))
