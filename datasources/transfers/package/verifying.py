"""Looking a package through, from its first byte to its last, before anything of it is believed. Nothing is written.

The order is the order of trust: the frame of the archive, the signature and whose it is, every byte of the archive,
what the package says of itself, then each file against the list: it is what that city signed. Whether the city signed
what makes sense is looked at last: each table against its rows, and both against their schema.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import IO, Any

import msgspec

from datasources.transfers.package.manifests import manifest_of
from datasources.transfers.package.reasons import Reason, Refused
from datasources.transfers.package.schemas import Columns, columns_of
from datasources.transfers.package.sd_jwt import NotAFact, read
from datasources.transfers.package.shape import LONGEST_LIFE, METADATA, SIGNATURE, File, Head, Listed, Manifest
from datasources.transfers.package.signatures import MOST_BYTES, Signature, signature_of
from datasources.transfers.package.signatures import look_at as look_at_signature
from datasources.transfers.package.tables import TooDeep, rows_of, table_of
from datasources.transfers.package.zips import Entry, entries, packed_bytes, unpacked

# Clocks of two cities need not agree to the minute.
CLOCKS_DIFFER = timedelta(minutes=5)
# Ten thousand files are listed in six.
_MOST_METADATA = 8 * 1024 * 1024
_PIECE = 1 << 20


@dataclass(frozen=True)
class KeyFound:
    """A city's public key (JWK), and since when it is withdrawn, if it is."""

    jwk: Mapping[str, Any]
    withdrawn_at: datetime | None = None


# (city's slug, kid) -> its key. Refused: UNKNOWN_CITY, UNKNOWN_KEY, KEYS_UNREACHABLE.
Keys = Callable[[str, str], KeyFound]


@dataclass(frozen=True)
class Expected:
    """What a package is held against: whose it must be, which city it is brought to, when, and which were seen."""

    identity_code: str
    city: str
    at: datetime
    seen: Callable[[Head], bool]


@dataclass(frozen=True)
class Verified:
    """A package that holds."""

    manifest: Manifest
    kid: str
    _key: KeyFound
    _file: IO[bytes]
    _entries: Mapping[str, Entry]

    @property
    def withdrawn_at(self) -> datetime | None:
        """Its key was withdrawn then, after the package had been issued: it is to be marked."""
        return self._key.withdrawn_at

    def signed_by(self, kid: str) -> Mapping[str, Any] | None:
        """The public key (JWK) it is signed with, by that name; None for another."""
        return self._key.jwk if kid == self.kid else None

    def read(self, file: File) -> bytes:
        """One file of it, while the package is open."""
        return _read(self._file, self._entries[file.name])

    def rows(self, item: Listed) -> list[dict[str, Any]]:
        """The rows of an item."""
        return rows_of(self.read(item.json))

    def schema(self, item: Listed) -> dict[str, Any]:
        """The JSON Schema of its rows."""
        schema: dict[str, Any] = msgspec.json.decode(self.read(item.schema))
        return schema


def verify(file: IO[bytes], keys: Keys, expected: Expected) -> Verified:
    """The package in `file`, which can be gone back in, looked through to its end. Refused, for the first reason."""
    verified = verify_bytes(file, keys, expected)
    columns = dict[str, Columns]()
    for item in verified.manifest.items:
        data, table, schema = (verified.read(each) for each in (item.json, item.csv, item.schema))
        _look_at_item(item, data, table, schema, columns)
    for fact in verified.manifest.facts:
        _look_at_fact(verified.read(fact.file), verified, expected.at)
    return verified


def verify_bytes(file: IO[bytes], keys: Keys, expected: Expected) -> Verified:
    """The package, to the byte what a trusted city made for this person and that holds still; not what is in it.

    Refused, for the first reason that is met.
    """
    verified = _signed(file, keys, expected)
    for each in verified.manifest.files:
        data = verified.read(each)
        if len(data) != each.size or hashlib.sha256(data).hexdigest() != each.sha256:
            raise Refused(Reason.CHANGED)
    return verified


def _signed(file: IO[bytes], keys: Keys, expected: Expected) -> Verified:
    """Its frame, whose it is, and what it says of itself: all but its files."""
    found = entries(file)
    by_name = {entry.name.decode(): entry for entry in found}
    if SIGNATURE not in by_name:
        raise Refused(Reason.NO_SIGNATURE)
    if METADATA not in by_name or found[-1].name.decode() != SIGNATURE:
        raise Refused(Reason.FILE_MISSING if METADATA not in by_name else Reason.ARCHIVE)
    if by_name[SIGNATURE].size > MOST_BYTES or by_name[METADATA].size > _MOST_METADATA:
        raise Refused(Reason.BOMB)
    signature = signature_of(_read(file, by_name[SIGNATURE]))
    told = _read(file, by_name[METADATA])
    # Only to know whose keys to ask for: nothing of it is believed before the signature holds.
    manifest = manifest_of(told)
    key = keys(manifest.head.city, signature.kid)
    look_at_signature(signature, told, dict(key.jwk))
    _look_at_archive(file, by_name[SIGNATURE], signature)
    _look_at_head(manifest.head, key, expected)
    _look_at_names(manifest, by_name)
    return Verified(manifest, signature.kid, key, file, by_name)


def _read(file: IO[bytes], entry: Entry) -> bytes:
    return unpacked(entry, packed_bytes(file, entry))


def _pieces(file: IO[bytes], end: int) -> Iterator[bytes]:
    file.seek(0)
    while end > 0 and (piece := file.read(min(_PIECE, end))):
        end -= len(piece)
        yield piece


def _look_at_archive(file: IO[bytes], last: Entry, signature: Signature) -> None:
    digest = hashlib.sha256()
    for piece in _pieces(file, last.at):
        digest.update(piece)
    if digest.hexdigest() != signature.archive:
        raise Refused(Reason.CHANGED)


def _look_at_head(head: Head, key: KeyFound, expected: Expected) -> None:
    if key.withdrawn_at is not None and head.issued >= key.withdrawn_at:
        raise Refused(Reason.KEY_WITHDRAWN)
    if head.issued > expected.at + CLOCKS_DIFFER:
        raise Refused(Reason.FROM_THE_FUTURE)
    if head.expires > head.issued + LONGEST_LIFE:
        raise Refused(Reason.LIVES_TOO_LONG)
    if head.expires <= expected.at:
        raise Refused(Reason.EXPIRED)
    if not head.person.is_of(expected.identity_code):
        raise Refused(Reason.ANOTHER_PERSON)
    if head.audience is not None and head.audience != expected.city:
        raise Refused(Reason.ANOTHER_CITY)
    if expected.seen(head):
        raise Refused(Reason.SEEN_BEFORE)


def _look_at_names(manifest: Manifest, found: Mapping[str, Entry]) -> None:
    listed = {file.name for file in manifest.files} | {METADATA, SIGNATURE}
    if listed - found.keys():
        raise Refused(Reason.FILE_MISSING)
    if found.keys() - listed:
        raise Refused(Reason.FILE_MORE)


def _look_at_item(item: Listed, data: bytes, table: bytes, schema: bytes, known: dict[str, Columns]) -> None:
    """`known`: columns of schemas of this package, by their SHA-256: most of a city's are looked at once."""
    rows = rows_of(data)
    if len(rows) != item.row_count:
        raise Refused(Reason.ROW_COUNT)
    try:
        if item.schema.sha256 not in known:
            known[item.schema.sha256] = columns_of(msgspec.json.decode(schema))
        if table_of(rows, known[item.schema.sha256]) != table:
            raise Refused(Reason.CSV_DIFFERS)
    except TooDeep:
        raise Refused(Reason.TOO_DEEP) from None
    except (msgspec.MsgspecError, ValueError, RecursionError):
        raise Refused(Reason.SCHEMA) from None


def _look_at_fact(data: bytes, verified: Verified, at: datetime) -> None:
    """By the same key as the package, of the same city."""
    try:
        told = read(data.decode(), verified.signed_by, at=at)
    except (NotAFact, UnicodeDecodeError):
        raise Refused(Reason.FACT) from None
    if told["iss"] != verified.manifest.head.url:
        raise Refused(Reason.FACT)
