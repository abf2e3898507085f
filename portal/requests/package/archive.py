"""One ZIP, written from its beginning to its end and never gone back in; its last files say what is in it, signed."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile
from zlib import MAX_WBITS

from isal import isal_zlib
from msgspec import json

from portal.keys.signing import sign
from portal.requests.package.sealing import Sealing

FORMAT = "package-1"
KEY, KIND = "receipts", "package-manifest+jws"
MANIFEST, SIGNATURE = "manifest.json", "manifest.jws"
# The quickest: what is packed is text, and little is gained by more.
_LEVEL = 1


class Archive:
    """`add` each file, then `end`. Names are our own, never anybody's words: letters, digits, `-`, `.` and `/`."""

    def __init__(self, sink: Sealing) -> None:
        # It asks a file only to be written to.
        self._zip = ZipFile(sink, "w", ZIP_DEFLATED, compresslevel=_LEVEL)
        self._files: list[dict[str, Any]] = []

    def add(self, name: str, parts: Iterable[bytes]) -> None:
        """A file, as its parts come."""
        digest, size = hashlib.sha256(), 0
        with self._zip.open(name, "w") as file:
            self._take_isal(file)
            for part in parts:
                file.write(part)
                digest.update(part)
                size += len(part)
        self._files.append({"name": name, "size": size, "sha256": digest.hexdigest()})

    @staticmethod
    def _take_isal(file: Any) -> None:
        """ISA-L writes the same format in a fifth of zlib's time; ZipFile has no door for another compressor."""
        file._compressor = isal_zlib.compressobj(_LEVEL, isal_zlib.DEFLATED, -MAX_WBITS)  # noqa: SLF001

    def end(self, told: Mapping[str, Any]) -> None:
        """`manifest.json`: what was told, and every file with its SHA-256; `manifest.jws` is our signature over it."""
        manifest = json.format(json.encode({"format": FORMAT, **told, "files": self._files}), indent=1)
        _, signature = sign(KEY, manifest, kind=KIND)
        with self._zip:
            self._zip.writestr(MANIFEST, manifest)
            self._zip.writestr(SIGNATURE, signature)
