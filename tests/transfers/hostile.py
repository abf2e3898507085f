"""Packages made to be refused: each is bent in one way, and signed anew where a city could have signed it."""

import base64
import hashlib
import json
import struct
import zlib
from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from joserfc.jwk import ECKey

from datasources.transfers.package.shape import METADATA, SIGNATURE
from datasources.transfers.package.signatures import signature_over
from datasources.transfers.package.zips import Entry
from tests.transfers.made import KEY, package

Files = dict[str, bytes]


def files_of(data: bytes) -> Files:
    """The files of a package, in their order."""
    with ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def deflated(data: bytes) -> bytes:
    packing = zlib.compressobj(6, zlib.DEFLATED, -15)
    return packing.compress(data) + packing.flush()


class Archive:
    """A ZIP of which each header can be bent: `{name: {field: value}}` for the directory's line and the local one."""

    def __init__(self, bends: Mapping[str, Mapping[str, Any]] | None = None) -> None:
        self.body, self.lines, self.count, self.bends = b"", b"", 0, bends or {}

    def put(self, name: str, data: bytes) -> None:
        bend = self.bends.get(name, {})
        packed = bend.get("packed", deflated(data))
        told = bend.get("name", name).encode()
        entry = Entry(told, zlib.crc32(data), len(packed), bend.get("size", len(data)), len(self.body))
        local, line = bytearray(entry.local()), bytearray(entry._replace(at=bend.get("at", entry.at)).central())
        for field, places in _PLACES.items():
            if field in bend:
                for header, (kind, at) in zip((local, line), places, strict=True):
                    if at is not None:
                        struct.pack_into(kind, header, at, bend[field])
        for header, word in ((local, "only_local"), (line, "only_line")):
            for at, value in bend.get(word, {}).items():
                header[at] = value
        self.body += bend.get("before", b"") + bytes(local) + bend.get("local_extra", b"") + packed
        self.lines += bytes(line) + bend.get("extra", b"")
        self.count += 1

    def end(self, *, count: int | None = None, comment: bytes = b"") -> bytes:
        count = self.count if count is None else count
        told = (0, 0, count, count, len(self.lines), len(self.body), len(comment))
        return self.body + self.lines + struct.pack("<4s4H2LH", b"PK\x05\x06", *told) + comment


_PLACES: dict[str, tuple[tuple[str, int | None], tuple[str, int | None]]] = {
    "version": (("<H", 4), ("<H", 6)),
    "flags": (("<H", 6), ("<H", 8)),
    "method": (("<H", 8), ("<H", 10)),
    "time": (("<H", 10), ("<H", 12)),
    "crc": (("<L", 14), ("<L", 16)),
    "extra_size": (("<H", 28), ("<H", 30)),
    "mode": (("<L", None), ("<L", 38)),
}


def signed(
    files: Files,
    *,
    key: ECKey = KEY,
    bends: Mapping[str, Mapping[str, Any]] | None = None,
    signature: Callable[[bytes, str], bytes] | None = None,
    **end: Any,
) -> bytes:
    """The files as a package whose signature holds, whatever is in them."""
    archive = Archive(bends)
    for name, data in files.items():
        if name != SIGNATURE:
            archive.put(name, data)
    if METADATA in files:
        sign = signature or (lambda told, digest: signature_over(told, archive=digest, key=key))
        archive.put(SIGNATURE, sign(files[METADATA], hashlib.sha256(archive.body).hexdigest()))
    return archive.end(**end)


def with_file(name: str, data: bytes, *, bends: Mapping[str, Mapping[str, Any]] | None = None, **told: Any) -> bytes:
    """One file is another, and the list says so."""
    files = files_of(package()) | {name: data}
    crate = json.loads(files[METADATA])
    for entity in crate["@graph"]:
        if entity["@id"] == name:
            entity.update({"contentSize": str(len(data)), "sha256": hashlib.sha256(data).hexdigest()} | told)
    return signed(files | {METADATA: json.dumps(crate).encode()}, bends=bends)


def with_told(entity: str, **told: Any) -> bytes:
    """The list tells something else of one of its entities; None takes a word away."""
    files = files_of(package())
    crate = json.loads(files[METADATA])
    for each in crate["@graph"]:
        if each["@id"] == entity:
            each.update(told)
            for word in [word for word, value in each.items() if value is None]:
                del each[word]
    return signed(files | {METADATA: json.dumps(crate).encode()})


def with_header(**bend: Any) -> bytes:
    """Its signature has another header, over which it holds all the same where it can."""

    def sign(told: bytes, digest: str) -> bytes:
        head, _, raw = signature_over(told, archive=digest, key=KEY).decode().split(".")
        header = json.loads(base64.urlsafe_b64decode(head + "==")) | bend
        encoded = base64.urlsafe_b64encode(json.dumps(header).encode()).rstrip(b"=").decode()
        return f"{encoded}..{raw}".encode()

    return signed(files_of(package()), signature=sign)


def by_shared_secret() -> bytes:
    """HS256, with the public key as the secret (RFC 8725 §2.1)."""
    import hmac  # noqa: PLC0415 - of this one attack

    def sign(told: bytes, digest: str) -> bytes:
        header = {"alg": "HS256", "kid": KEY.kid, "typ": "transfer-package+jws", "archive_sha256": digest}
        head = base64.urlsafe_b64encode(json.dumps(header).encode()).rstrip(b"=")
        payload = base64.urlsafe_b64encode(told).rstrip(b"=")
        secret = KEY.as_pem(private=False)
        raw = hmac.new(secret, head + b"." + payload, hashlib.sha256).digest()
        return head + b".." + base64.urlsafe_b64encode(raw).rstrip(b"=")

    return signed(files_of(package()), signature=sign)


def bent(**bend: Any) -> bytes:
    """One file's headers are bent."""
    return signed(files_of(package()), bends={"data/shelf.json": bend})


def repacked(method: int = ZIP_STORED) -> bytes:
    """Unpacked by a person, and packed again by their computer."""
    sink = BytesIO()
    with ZipFile(sink, "w", method) as archive:
        for name, data in files_of(package()).items():
            archive.writestr(ZipInfo(name, (2026, 11, 30, 12, 0, 0)), data, compress_type=method)
    return sink.getvalue()


def many(count: int) -> bytes:
    archive = Archive()
    for number in range(count):
        archive.put(f"data/{number}.json", b"[]")
    return archive.end()


def without(name: str) -> bytes:
    return signed({each: data for each, data in files_of(package()).items() if each != name})


def added(name: str, data: bytes = b"x") -> bytes:
    """A file that the list does not name, before the list."""
    return signed({name: data} | files_of(package()))
